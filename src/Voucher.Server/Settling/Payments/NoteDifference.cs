using Voucher.Server.Api;

namespace Voucher.Server.Settling.Payments;

/// <summary>Finance writes down how a difference was cleared up; the difference itself stays.</summary>
public sealed class NoteDifference(NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, long difference, string? note)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        if (Reasons.Fault(note) is { } errors) return errors;
        if (string.IsNullOrWhiteSpace(note)) return Refusal.Of(RefusalCode.ReasonMissing);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var written = await connection.ExecuteAsync("""
            insert into payment_difference_note (return_row_id, note, noted_by, noted_by_staff, noted_at)
            select id, @note, @Account, @Staff, @now from payment_return_row where id = @difference and not is_booked and finding <> 1
            on conflict do nothing
            """, new { difference, note = note.Trim(), actor.Account, actor.Staff, now }, transaction);
        if (written == 0) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "payment.difference", $"payment-return-row:{difference}", note.Trim(),
            Ground.Given(note, Permission.Pay));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
