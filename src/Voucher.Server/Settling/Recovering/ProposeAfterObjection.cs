using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Recovering;

/// <summary>
/// An upheld objection strikes what is not paid. What had been paid of the same vouchers meanwhile, to the trainee or to the institution,
/// is proposed to be taken back by whoever upheld it, so that nobody forgets it; as always a second person decides.
/// </summary>
public static class ProposeAfterObjection
{
    /// <summary>To pay in; the decider turns the proposal down where another term is right.</summary>
    public const int TermDays = 30;

    /// <returns>What was proposed: one for each debtor.</returns>
    public static async Task<IReadOnlyList<RecoveryId>> RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long objection, IReadOnlyList<VoucherId> vouchers, string reason,
        Policy policy, Actor actor, DateTimeOffset now)
    {
        List<Recoverable> paid = [.. await RecoverableStore.OfVouchersAsync(connection, vouchers), .. await RecoverableStore.AllowancesAsync(connection, vouchers)];
        List<RecoveryId> proposed = [];
        foreach (var debtor in paid.Where(one => one.Held.Paid > Fen.Zero).GroupBy(one => (one.Institution, Person: one.Payable is null ? default(PersonId?) : one.Person)))
            proposed.Add(await ProposeAsync(connection, transaction, region, objection, reason, [.. debtor], policy, actor, now));
        return proposed;
    }

    private static async Task<RecoveryId> ProposeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long objection, string reason, IReadOnlyList<Recoverable> paid,
        Policy policy, Actor actor, DateTimeOffset now)
    {
        var why = $"公示异议第{objection}号成立";
        var entry = new RecoveryEntry(
            FindingSource.Objection, $"{why}，经两人核实：{reason}", $"异议第{objection}号", CountyTime.DayOf(now).AddDays(TermDays), [], FromTrainee: paid[0].Payable is not null);
        var rule = policy.RuleOf(Clause.Recovery);
        var id = await RecoveryStore.InsertAsync(
            connection, transaction, region, entry, [.. paid.Select(one => (one, one.Held.Total, why))], policy.Id, actor, now);
        var amount = paid.Aggregate(Fen.Zero, (sum, one) => sum + one.Held.Total);
        await RecoveryStore.AppendAsync(connection, transaction, id, RecoveryStep.Propose, amount, why, rule, actor.Account, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "recovery.propose", $"recovery:{id}", $"objection:{objection}, {paid.Count} lines, {amount} yuan", ground: rule.ToString());
        return id;
    }
}
