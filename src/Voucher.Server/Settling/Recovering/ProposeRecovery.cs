using Voucher.Core.Settling;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Recovering;

/// <summary>
/// A finding names vouchers, and for each how much and why. Nothing moves before a second person decides. Anybody who may propose may:
/// also who reviewed the line, for whoever finds their own mistake should be the first to say so.
/// </summary>
public sealed class ProposeRecovery(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public async Task<Outcome<RecoveryId>> RunAsync(RecoveryForm form, Actor actor)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var (entry, errors) = form.Read(today);
        if (errors.Count > 0) return errors;
        var policy = await policies.InForceOrLastAsync(today);
        await using var connection = await database.OpenConnectionAsync();
        var found = await FindAsync(connection, entry.Lines, entry.FromTrainee, policy);
        if (found is Outcome<IReadOnlyList<(Recoverable Of, Fen Amount, string Reason)>>.Refused(var refusal)) return refusal;
        var lines = found.OrThrow().Select(line => line with { Reason = line.Reason.Length > 0 ? line.Reason : Short(entry.Finding) }).ToList();

        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.ProposeRecovery, policy) is { } gone) return gone;
        var id = await RecoveryStore.InsertAsync(connection, transaction, county.Region, entry, lines, policy.Id, actor, now);
        var amount = lines.Aggregate(Fen.Zero, (sum, line) => sum + line.Amount);
        await RecoveryStore.AppendAsync(connection, transaction, id, RecoveryStep.Propose, amount, "", policy.RuleOf(Clause.Recovery), actor.Account, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "recovery.propose", $"recovery:{id}", $"{entry.Source}, {lines.Count} lines, {amount} yuan; {policy.RuleOf(Clause.Recovery)}",
            Ground.Of(policy.RuleOf(Clause.Recovery)));
        await transaction.CommitAsync();
        return id;
    }

    /// <summary>What would be taken back, before it is proposed.</summary>
    public async Task<Outcome<IReadOnlyList<(Recoverable Of, Fen Amount, string Reason)>>> PreviewAsync(RecoveryForm form, Actor actor)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        var (lines, errors) = form.ReadLines();
        if (errors.Count > 0) return errors;
        await using var connection = await database.OpenConnectionAsync();
        return await FindAsync(connection, lines, form.FromTrainee, await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow())));
    }

    /// <summary>The lines of a whole class or institution, as they would be typed.</summary>
    public async Task<string> LinesOfAsync(ClassId? training, InstitutionId? institution, Actor actor)
    {
        if (!actor.IsCounty || (training is null && institution is null)) return "";
        await using var connection = await database.OpenConnectionAsync();
        var all = await RecoverableStore.OfAsync(connection, training, institution, RecoveryForm.MostLines);
        return string.Join('\n', all.Select(line => $"{line.Voucher} {line.Held.Total}"));
    }

    private static async Task<Outcome<IReadOnlyList<(Recoverable Of, Fen Amount, string Reason)>>> FindAsync(
        NpgsqlConnection connection, IReadOnlyList<WantedLine> wanted, bool fromTrainee, Policy policy)
    {
        List<VoucherId> vouchers = [.. wanted.Select(line => line.Voucher)];
        var known = (fromTrainee
            ? await RecoverableStore.AllowancesAsync(connection, vouchers)
            : await RecoverableStore.OfVouchersAsync(connection, vouchers)).ToLookup(line => line.Voucher);
        List<(Recoverable Of, Fen Amount, string Reason)> lines = [];
        HashSet<long> allowances = [];
        foreach (var line in wanted)
        {
            var left = known[line.Voucher].Where(one => one.Held.Total > Fen.Zero && (one.Payable is not { } payable || allowances.Add(payable))).ToList();
            if (left.Count == 0 && known[line.Voucher].FirstOrDefault(one => one.Payment is not null)?.Payment is { } payment)
                return Refusal.Under(policy, RefusalCode.RecoveryInPayment, line.Voucher, Payments.PaymentFile.NumberOf(new PaymentId(payment)));
            if (Spread(line, left, policy) is Outcome<List<(Recoverable, Fen, string)>>.Refused(var refusal)) return refusal;
            lines.AddRange(Spread(line, left, policy).OrThrow());
        }
        var other = fromTrainee
            ? lines.Find(line => line.Of.Person != lines[0].Of.Person)
            : lines.Find(line => line.Of.Institution != lines[0].Of.Institution);
        return other.Of is null
            ? lines
            : Refusal.Under(policy, RefusalCode.RecoveryOfSeveral, other.Of.Voucher, fromTrainee ? new Words("另一位学员", "another trainee") : Both(other.Of.InstitutionName));
    }

    /// <summary>A claim line is one settlement, a trainee's allowances may be several: the amount is taken from them in their order.</summary>
    private static Outcome<List<(Recoverable Of, Fen Amount, string Reason)>> Spread(WantedLine line, List<Recoverable> left, Policy policy)
    {
        if (left.Count == 0) return Refusal.Under(policy, RefusalCode.NothingToRecover, line.Voucher);
        var total = left.Aggregate(Fen.Zero, (sum, one) => sum + one.Held.Total);
        if (line.Amount > total) return Refusal.Under(policy, RefusalCode.RecoveryExceeds, line.Voucher, line.Amount.Value.ToGroupedYuan(), total.ToGroupedYuan());
        var rest = line.Amount ?? total;
        List<(Recoverable Of, Fen Amount, string Reason)> lines = [];
        foreach (var one in left)
        {
            var amount = one.Held.Total < rest ? one.Held.Total : rest;
            if (amount > Fen.Zero) lines.Add((one, amount, line.Reason));
            rest -= amount;
        }
        return lines;
    }

    private static Words Both(string name) => new(name, name);

    private static string Short(string finding) =>
        string.Concat(finding.EnumerateRunes().Where(rune => !System.Text.Rune.IsControl(rune)).Take(Api.Reasons.Longest / 2).Select(rune => rune.ToString()));
}
