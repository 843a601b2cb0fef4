using System.Security.Cryptography;
using System.Text;
using Voucher.Core.Settling;
using Voucher.Server.Policies;
using Voucher.Server.Register;

namespace Voucher.Server.Settling.Payments;

/// <summary>A file for the bank, in plain.</summary>
public sealed record BankFile(string Name, string ContentType, byte[] Content);

/// <summary>
/// Makes the bank's files of a round, once: whoever fetches them again gets the same bytes, whatever has changed meanwhile. Accounts
/// are in them in plain text, so every making and every fetching goes on the audit trail.
/// </summary>
public sealed class MakeFile(NpgsqlDataSource database, PolicyStore policies, BankFormats formats, PersonalData personalData, TimeProvider clock)
{
    private sealed record StoredFile(string Name, string ContentType, byte[] ContentSealed, byte[] ContentHash);

    private sealed record SealedRow(
        int Number, int Attempt, string PayeeName, string PayeeBank, byte[] PayeeAccountSealed, Fen Amount, int Vouchers, string Code, string BudgetLine);

    /// <summary>One file of a round; makes all of the round's where there are none.</summary>
    /// <param name="round">The open or last one when not given.</param>
    public async Task<Outcome<BankFile>> FetchAsync(Actor actor, PaymentId id, int? round = null, int part = 1)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PaymentStore.LockAsync(connection, transaction, id) is not { } payment) return Refusal.Of(RefusalCode.NotFound);
        var wanted = round ?? payment.Round;
        if (!await IsMadeAsync(connection, transaction, id, wanted))
        {
            if (wanted != payment.Round) return Refusal.Of(RefusalCode.NotFound);
            if (await MakeAsync(connection, transaction, payment, actor, now) is { } no) return no;
        }
        var stored = await connection.QuerySingleOrDefaultAsync<StoredFile>("""
            select name, content_type, content_sealed, content_hash from payment_file where payment_id = @id and round = @wanted and part = @part
            """, new { id, wanted, part }, transaction);
        if (stored is null) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "payment.export", $"payment:{id}",
            $"round {wanted}, part {part}, with accounts, sha256 {Convert.ToHexStringLower(stored.ContentHash)}", Ground.Under(Permission.Pay));
        await transaction.CommitAsync();
        var content = personalData.OpenBytes(stored.ContentSealed);
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(stored.ContentHash)) throw new InvalidOperationException($"A file of payment {id} is not what was made.");
        return new BankFile(stored.Name, stored.ContentType, content);
    }

    public static Task<bool> IsMadeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, int round) =>
        connection.ExecuteScalarAsync<bool>("select exists (select from payment_file where payment_id = @payment and round = @round)", new { payment, round }, transaction);

    private async Task<Outcome<BankFile>?> MakeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedPayment payment, Actor actor, DateTimeOffset now)
    {
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        var rows = await PaymentStore.RowsAsync(connection, transaction, payment.Id);
        var waiting = rows.Where(row => row.Life.State == PaymentRowState.Waiting).Select(row => row.Id).ToHashSet();
        if (!PaymentMachine.Allows(payment.Status, PaymentCommand.MakeFile, waiting.Count > 0))
            return Refusal.Under(policy, RefusalCode.WrongStep, payment.Status.Name());
        var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [payment.Id]);
        if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, rows, due) is { } same) return same;
        List<long> unpaid = [.. due.Where(one => one.Row is { } row && waiting.Contains(row)).Select(one => one.Id)];
        if (await Payability.RefuseAsync(connection, transaction, unpaid, policy, CountyTime.DayOf(now)) is { } stop) return stop;
        if (formats.Find(payment.Format) is not Outcome<BankFormat>.Done(var format)) return Refusal.Of(RefusalCode.BankFormatMissing, payment.Format);
        return await WriteAsync(connection, transaction, payment, format, actor, now);
    }

    private async Task<Outcome<BankFile>?> WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedPayment payment, BankFormat format, Actor actor, DateTimeOffset now)
    {
        var rows = await connection.QueryAsync<SealedRow>("""
            select r.number, r.attempt, r.payee_name, r.payee_bank, r.payee_account_sealed, r.amount_fen - r.paid_fen as amount, r.vouchers,
                   coalesce(i.uscc, '') as code, s.name || ' · ' || b.name as budget_line
            from payment_row r
            left join institution i on i.id = r.institution_id
            join budget_line b on b.id = r.budget_line_id
            join fund_source s on s.id = b.fund_source_id
            where r.payment_id = @Id and r.state = 1 and r.amount_fen > r.paid_fen order by r.number
            """, new { payment.Id }, transaction);
        List<PlainRow> plain = [.. rows.Select(row => new PlainRow(
            row.Number, row.Attempt, row.PayeeName, row.PayeeBank, personalData.Open(row.PayeeAccountSealed), row.Amount, row.Vouchers, row.Code, row.BudgetLine))];
        try
        {
            foreach (var (index, part) in PaymentFile.Write(format, payment.Id, payment.Round, plain).Index())
                await InsertAsync(connection, transaction, payment, index + 1, part, actor, now);
            return null;
        }
        catch (EncoderFallbackException fault)
        {
            return new List<FieldError> { new("format", new($"编码 {format.Encoding} 写不出第 {fault.Index + 1} 个字", $"{format.Encoding} cannot write character {fault.Index + 1}")) };
        }
    }

    private Task InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedPayment payment, int part, PaymentFile.Part file, Actor actor, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into payment_file (payment_id, round, part, name, content_type, content_sealed, content_hash, rows, total_fen, made_by, made_by_staff, made_at)
            values (@Id, @Round, @part, @Name, @ContentType, @secret, @hash, @Rows, @Total, @Account, @Staff, @now)
            """,
            new
            {
                payment.Id, payment.Round, part, file.Name, file.ContentType, secret = personalData.SealBytes(file.Content), hash = SHA256.HashData(file.Content),
                file.Rows, file.Total, actor.Account, actor.Staff, now,
            }, transaction);
}
