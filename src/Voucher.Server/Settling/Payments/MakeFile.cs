using System.Security.Cryptography;
using System.Text;
using Voucher.Core.Settling;
using Voucher.Server.Policies;
using Voucher.Server.Register;

namespace Voucher.Server.Settling.Payments;

/// <summary>A file for the bank, in plain.</summary>
public sealed record BankFile(string Name, string ContentType, byte[] Content);

/// <summary>
/// The bank's files of a round: made with its hand-over by the second person, so that nobody alone holds a file that the bank would
/// pay; the same bytes whenever they are fetched after that, whatever has changed meanwhile. Accounts are in them in plain text, so
/// every fetching goes on the audit trail.
/// </summary>
public sealed class MakeFile(NpgsqlDataSource database, BankFormats formats, PersonalData personalData, TimeProvider clock)
{
    private sealed record StoredFile(string Name, string ContentType, byte[] ContentSealed, byte[] ContentHash);

    private sealed record SealedRow(
        int Number, int Attempt, string PayeeName, string PayeeBank, byte[] PayeeAccountSealed, Fen Amount, int Vouchers, string Code, string BudgetLine);

    /// <summary>One file of a round that was handed over.</summary>
    /// <param name="round">The open or last one when not given.</param>
    public async Task<Outcome<BankFile>> FetchAsync(Actor actor, PaymentId id, int? round = null, int part = 1)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PaymentStore.LockAsync(connection, transaction, id) is not { } payment) return Refusal.Of(RefusalCode.NotFound);
        var wanted = round ?? payment.Round;
        if (wanted == payment.Round && !await IsMadeAsync(connection, transaction, id, wanted)) return Refusal.Of(RefusalCode.PaymentFileNotMade);
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

    private static Task<bool> IsMadeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, int round) =>
        connection.ExecuteScalarAsync<bool>("select exists (select from payment_file where payment_id = @payment and round = @round)", new { payment, round }, transaction);

    /// <summary>Makes the files of a round that is being handed over, while its rows still wait; <c>null</c> when that is done.</summary>
    public async Task<Outcome<Nothing>?> WithinAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedPayment payment, Actor actor, DateTimeOffset now)
    {
        if (formats.Find(payment.Format) is not Outcome<BankFormat>.Done(var format)) return Refusal.Of(RefusalCode.BankFormatMissing, payment.Format);
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
