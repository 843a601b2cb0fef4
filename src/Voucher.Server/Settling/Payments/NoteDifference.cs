using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Payments;

/// <summary>
/// Finance writes down how a difference was cleared up; the difference itself stays. Where the bank may have said that a row of ours was
/// paid, two persons do, since the row may be sent again after it.
/// </summary>
public sealed class NoteDifference(NpgsqlDataSource database, PolicyStore policies, TimeProvider clock)
{
    private static readonly Words Noting = new("记下差异的处理情况", "wrote down how the difference was cleared up");

    private sealed record Standing(int Notes, int Wanted, StaffId? FirstBy);

    public async Task<Outcome<Nothing>> RunAsync(Actor actor, long difference, string? note)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        if (Reasons.Fault(note) is { } errors) return errors;
        if (string.IsNullOrWhiteSpace(note)) return Refusal.Of(RefusalCode.ReasonMissing);
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.Pay, policy) is { } gone) return gone;
        if (await StandingAsync(connection, transaction, difference) is not { } standing || standing.Notes >= standing.Wanted) return Refusal.Of(RefusalCode.NotFound);
        if (Duties.Refuse(policy, actor.Staff, [(Noting, standing.FirstBy)]) is { } same) return same;
        var written = await connection.ExecuteAsync("""
            insert into payment_difference_note (return_row_id, number, note, noted_by, noted_by_staff, noted_at)
            values (@difference, @number, @note, @Account, @Staff, @now) on conflict do nothing
            """, new { difference, number = (short)(standing.Notes + 1), note = note.Trim(), actor.Account, actor.Staff, now }, transaction);
        if (written == 0) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "payment.difference", $"payment-return-row:{difference}", note.Trim(),
            Ground.Given(note, Permission.Pay));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static Task<Standing?> StandingAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long difference) =>
        connection.QuerySingleOrDefaultAsync<Standing?>($"""
            select (select count(*) from payment_difference_note n where n.return_row_id = w.id)::int as notes, {ReturnStore.NotesWanted} as wanted,
                   (select n.noted_by_staff from payment_difference_note n where n.return_row_id = w.id and n.number = 1) as first_by
            from payment_return_row w where w.id = @difference and not w.is_booked and w.finding <> 1
            """, new { difference }, transaction);
}
