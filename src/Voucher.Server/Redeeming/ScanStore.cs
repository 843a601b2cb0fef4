using System.Text.Json;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Redeeming;

/// <summary>The scans themselves, and the rows that an accepted one leaves behind.</summary>
public sealed class ScanStore(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    public async Task<(byte[] ContentHash, TerminalId Terminal, ScanAnswer Answer)?> FindAsync(Guid scanId)
    {
        var row = await connection.QuerySingleOrDefaultAsync<(byte[] ContentHash, TerminalId Terminal, string Answer)?>(
            "select content_hash, terminal_id, answer::text from scan where id = @scanId", new { scanId }, transaction);
        return row is { } found
            ? (found.ContentHash, found.Terminal, JsonSerializer.Deserialize<ScanAnswer>(found.Answer, JsonSerializerOptions.Web)!)
            : null;
    }

    public Task<ScanningTerminal?> TerminalAsync(TerminalId id) => connection.QuerySingleOrDefaultAsync<ScanningTerminal>("""
        select t.id, t.name, t.institution_id as institution, i.name as institution_name, t.status
        from terminal t join institution i on i.id = t.institution_id
        where t.id = @id
        """, new { id }, transaction);

    /// <summary>The token of the voucher that has this short code; <c>null</c> when there is none.</summary>
    public async Task<VoucherToken?> FindByShortCodeAsync(ShortCode code)
    {
        var bytes = await connection.QuerySingleOrDefaultAsync<byte[]?>("select token from voucher where short_code = @code", new { code }, transaction);
        return bytes is null ? null : TokenDecoder.ReadStored(bytes);
    }

    /// <summary>Whether the register's token says the same as the one shown (the signature may differ, the claims may not).</summary>
    public Task<bool> IsRegisteredAsync(VoucherToken token) => connection.ExecuteScalarAsync<bool>("""
        select exists (select from voucher where id = @Voucher and substring(token for @length) = @claims)
        """, new { token.Voucher, length = TokenLayout.ClaimsLength, claims = token.SignedBytes.ToArray() }, transaction);

    /// <summary>Wrong short codes that the terminal has tried since the given moment.</summary>
    public Task<int> WrongShortCodesAsync(TerminalId terminal, DateTimeOffset since) => connection.ExecuteScalarAsync<int>("""
        select count(*)::int from scan where terminal_id = @terminal and refusal = @code and received_at >= @since
        """, new { terminal, code = (short)RefusalCode.ShortCodeNotKnown, since }, transaction);

    /// <summary>Holds the person and the class until the transaction ends, so that room and overlap are counted once.</summary>
    public async Task LockForEnrolmentAsync(PersonId person, ClassId training)
    {
        await connection.ExecuteAsync("select from person where id = @person for update", new { person }, transaction);
        await connection.ExecuteAsync("select from training_class where id = @training for update", new { training }, transaction);
    }

    /// <summary>Writes the roster, attendance or completion row that belongs to an accepted scan.</summary>
    public Task WriteConsequenceAsync(ScanRequest scan, StoredVoucher before, VoucherEvent step)
    {
        var row = new { before.Voucher.Id, before.Person, before.EnrolmentId, step.Class, step.Session, step.At, scan.ScanId };
        return connection.ExecuteAsync(scan.Mode switch
        {
            ScanMode.Enrol => "insert into enrolment (voucher_id, person_id, class_id, enrolled_at) values (@Id, @Person, @Class, @At)",
            ScanMode.CheckIn => "insert into attendance (enrolment_id, session_id, checked_in_at, in_scan_id) values (@EnrolmentId, @Session, @At, @ScanId)",
            ScanMode.CheckOut => """
                update attendance set checked_out_at = @At, out_scan_id = @ScanId
                where enrolment_id = @EnrolmentId and session_id = @Session and checked_out_at is null
                """,
            ScanMode.Complete => "insert into completion (voucher_id, enrolment_id, completed_at, scan_id) values (@Id, @EnrolmentId, @At, @ScanId)",
            _ => throw new ArgumentOutOfRangeException(nameof(scan), scan.Mode, "Unknown scan mode."),
        }, row, transaction);
    }

    public async Task RecordAsync(PresentedScan presented, VoucherId? voucher, ScanAnswer answer)
    {
        var scan = presented.Scan;
        await connection.ExecuteAsync("""
            insert into scan (id, terminal_id, sequence, content_hash, mode, class_id, voucher_id, event_number, refusal,
                              scanned_at, received_at, answer)
            values (@ScanId, @Terminal, @Sequence, @ContentHash, @mode, @ClassId, @voucher, @Receipt, @refusal,
                    @ScannedAt, @ReceivedAt, @json::jsonb);
            update terminal set last_seen_at = @ReceivedAt, last_sequence = greatest(last_sequence, @Sequence) where id = @Terminal;
            """,
            new
            {
                scan.ScanId, presented.Terminal, scan.Sequence, presented.ContentHash, mode = (short)scan.Mode, scan.ClassId, voucher,
                answer.Receipt, refusal = (short)answer.Refusal, scan.ScannedAt, presented.ReceivedAt,
                json = JsonSerializer.Serialize(answer, JsonSerializerOptions.Web),
            }, transaction);
    }
}
