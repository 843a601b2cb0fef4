using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Payments;

/// <summary>By what the bank's answers came. Numbers are stored: they never change meaning.</summary>
public enum ReturnKind
{
    File = 1,
    Receipt = 2,
    Bounced = 3,
    WithoutBank = 4,

    /// <summary>登记未付: two persons say on record that the bank has not paid.</summary>
    NotPaid = 5,
}

public sealed record NewReturn(
    ReturnKind Kind, string? Format, string? FileName, byte[]? Hash, string? Document, DateOnly PaidOn, int Rows, int Booked, int Differences);

/// <summary>One row of a return as it is kept; the account masked.</summary>
public sealed record NewReturnRow(
    int Line, string Reference, long? Row, int? Attempt, PaymentAnswer? Answer, ReturnFinding Finding, Fen? Amount, string AccountMasked, string Reason, string Serial, bool IsBooked)
{
    public static NewReturnRow ByHand(int line, PaymentId payment, GoodAnswer answer) => new(
        line, PaymentFile.ReferenceOf(payment, answer.Row.Number), answer.Row.Id, answer.Row.Life.Attempt, answer.Answer, ReturnFinding.Good, answer.Amount,
        answer.Row.PayeeAccountMasked, answer.Reason, "", IsBooked: true);
}

/// <summary>Writes and reads what the bank answered.</summary>
public static class ReturnStore
{
    private const long LockNumber = 0x72657475726e; // "return"

    private sealed record AnswerRow(long PaymentRowId, int Attempt, int Answer, Fen AmountFen, string Serial);

    /// <summary>Uploads that nobody has booked are dropped after so many days.</summary>
    public const int DaysKept = 7;

    /// <summary>One return at a time, so that the same file in two hands is booked once.</summary>
    public static Task LockAllAsync(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(@LockNumber)", new { LockNumber }, transaction);

    public static Task<long> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, NewReturn one, Actor actor, DateTimeOffset now) =>
        connection.QuerySingleAsync<long>("""
            insert into payment_return (region, kind, format, file_name, content_hash, document, paid_on, rows, booked, differences, booked_by, booked_by_staff, booked_at)
            values (@region, @kind, @Format, @FileName, @Hash, @Document, @PaidOn, @Rows, @Booked, @Differences, @Account, @Staff, @now) returning id
            """,
            new
            {
                region, kind = (short)one.Kind, one.Format, one.FileName, one.Hash, one.Document, one.PaidOn, one.Rows, one.Booked, one.Differences,
                actor.Account, actor.Staff, now,
            }, transaction);

    public static Task InsertRowsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long returnId, IReadOnlyCollection<NewReturnRow> rows) =>
        connection.ExecuteAsync("""
            insert into payment_return_row (return_id, line, reference, payment_row_id, attempt, answer, finding, amount_fen, account_masked, reason, serial, is_booked)
            values (@returnId, @Line, @Reference, @Row, @Attempt, @answer, @finding, @Amount, @AccountMasked, @Reason, @Serial, @IsBooked)
            """,
            rows.Select(row => new
            {
                returnId, row.Line, row.Reference, row.Row, row.Attempt, answer = (short?)row.Answer, finding = (short)row.Finding, row.Amount, row.AccountMasked,
                row.Reason, row.Serial, row.IsBooked,
            }), transaction);

    /// <summary>What was booked before for the rows.</summary>
    public static async Task<ILookup<long, BookedAnswer>> BookedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> rows) =>
        (await connection.QueryAsync<AnswerRow>("""
            select payment_row_id, attempt, answer::int as answer, amount_fen, serial from payment_return_row where is_booked and payment_row_id = any(@rows)
            """, new { rows = rows.ToArray() }, transaction))
        .ToLookup(row => row.PaymentRowId, row => new BookedAnswer(row.Attempt, (PaymentAnswer)row.Answer, row.AmountFen, row.Serial));

    /// <summary>
    /// How many persons have to say how a difference <c>w</c> was cleared up: two, where the bank may have said that a row of ours was
    /// paid, for after that the row may be sent again.
    /// </summary>
    internal const string NotesWanted = "case when w.payment_row_id is not null and w.answer is distinct from 2 then 2 else 1 end";

    /// <summary>
    /// An answer of the bank for one of the rows that nobody has cleared up and that may say that money moved: the row's number and the
    /// return. A failure says that nothing moved, and stops nothing.
    /// </summary>
    public static Task<(int Number, long Return)?> OpenAnswerAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> rows) =>
        connection.QueryFirstOrDefaultAsync<(int, long)?>($"""
            select o.number, w.return_id from payment_return_row w join payment_row o on o.id = w.payment_row_id
            where w.payment_row_id = any(@rows) and not w.is_booked and w.finding <> 1 and w.answer is distinct from 2
              and (select count(*) from payment_difference_note n where n.return_row_id = w.id) < {NotesWanted}
            order by w.id limit 1
            """, new { rows = rows.ToArray() }, transaction);

    /// <summary>The day on which the last of the rows was handed to the bank; <c>null</c> for what was sent before that was written down.</summary>
    public static async Task<DateOnly?> SentOnAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> rows) =>
        await connection.QuerySingleAsync<DateOnly?>("""
            select max((s.sent_at at time zone 'Asia/Shanghai')::date)
            from payment_row_sent s join payment_row r on r.id = s.payment_row_id and r.attempt = s.attempt where r.id = any(@rows)
            """, new { rows = rows.ToArray() }, transaction);

    /// <summary>When and by whom a file with this content was booked; <c>null</c> when it was not.</summary>
    public static Task<(DateTimeOffset At, string By)?> BookedBeforeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, byte[] hash) =>
        connection.QuerySingleOrDefaultAsync<(DateTimeOffset, string)?>("""
            select r.booked_at, s.name from payment_return r join staff s on s.id = r.booked_by_staff where r.content_hash = @hash
            """, new { hash }, transaction);

    public sealed record Upload(long Id, string Format, string FileName, byte[] ContentSealed, byte[] ContentHash);

    public static async Task<long> KeepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, string format, string fileName, byte[] secret, byte[] hash, Actor actor, DateTimeOffset now)
    {
        await connection.ExecuteAsync("delete from payment_return_upload where uploaded_at < @before", new { before = now.AddDays(-DaysKept) }, transaction);
        return await connection.QuerySingleAsync<long>("""
            insert into payment_return_upload (region, format, file_name, content_sealed, content_hash, uploaded_by, uploaded_at)
            values (@region, @format, @fileName, @secret, @hash, @Account, @now) returning id
            """, new { region, format, fileName, secret, hash, actor.Account, now }, transaction);
    }

    public static Task<Upload?> UploadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id) =>
        connection.QuerySingleOrDefaultAsync<Upload?>("""
            select id, format, file_name, content_sealed, content_hash from payment_return_upload where id = @id and region = @region
            """, new { id, region }, transaction);

    public static Task DropAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long id) =>
        connection.ExecuteAsync("delete from payment_return_upload where id = @id", new { id }, transaction);
}
