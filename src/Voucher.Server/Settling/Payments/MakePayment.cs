using Voucher.Server.Database;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Payees;

namespace Voucher.Server.Settling.Payments;

/// <summary>
/// Finance puts what is owed into one payment, from which the bank's file is made: of one fund source, to one kind of payee. What is
/// owed is in one payment only.
/// </summary>
public sealed class MakePayment(NpgsqlDataSource database, PolicyStore policies, BankFormats formats, County county, TimeProvider clock)
{
    /// <summary>The most claims of one payment.</summary>
    public const int MostClaims = 500;

    /// <summary>The most payables of one payment; the rest go into the next.</summary>
    public const int MostPayables = 20_000;

    public Task<Outcome<PaymentId>> RunAsync(Actor actor, IReadOnlyList<long>? claimIds)
    {
        var claims = claimIds?.Distinct().Select(id => new ClaimId(id)).ToList() ?? [];
        return claims.Count == 0 ? Task.FromResult<Outcome<PaymentId>>(NoClaims()) : RunAsync(actor, new PaymentChoice(claims));
    }

    public Task<Outcome<PaymentId>> RunAsync(Actor actor, PaymentChoice choice) => Deadlock.RunAsync(() => OnceAsync(actor, choice));

    private async Task<Outcome<PaymentId>> OnceAsync(Actor actor, PaymentChoice choice)
    {
        if (choice.Claims.Count > MostClaims || choice.Claims.Count == 0 && choice.Source is null) return NoClaims();
        if (formats.Find(choice.Format) is not Outcome<BankFormat>.Done(var format)) return NoFormat(choice.Format);
        if (choice.Bank?.Length > PaymentChoice.LongestBank || choice.BankWith(format) is not { } bank) return NoBank(format);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotFound);
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.Pay, policy) is { } gone) return gone;
        var chosen = await ChooseAsync(connection, transaction, choice, policy);
        if (chosen is not Outcome<IReadOnlyList<DuePayable>>.Done) return Passed(chosen);
        var due = chosen.OrThrow();
        var asked = due.Count;
        var narrowed = await NarrowAsync(connection, transaction, choice, due, bank, policy, today);
        if (narrowed is not Outcome<IReadOnlyList<DuePayable>>.Done) return Passed(narrowed);
        due = narrowed.OrThrow();
        var payees = await PayeesAsync(connection, transaction, due, today);
        var decided = await SettlementDuties.BeforePaymentAsync(connection, transaction, [.. due.Select(one => one.Id)]);
        if (Duties.Refuse(policy, actor.Staff, [.. decided, .. DutiesOf(payees.Values)]) is { } same) return same;

        var payment = await NewPayment.InsertAsync(connection, transaction, county.Region, due, payees, choice.ToPeople, format, bank, policy, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "payment.make", $"payment:{payment}",
            $"{due.Select(one => one.Claim).Distinct().Count()} claims, {due.Count} payables, {asked - due.Count} left out, source {due[0].Source}, format {format.Name}",
            ground: policy.RuleOf(Clause.Payment).ToString());
        await transaction.CommitAsync();
        return payment;
    }

    /// <summary>Locks claims and payables, and sees that they can be paid together.</summary>
    private static async Task<Outcome<IReadOnlyList<DuePayable>>> ChooseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentChoice choice, Policy policy)
    {
        var ids = choice.Claims.Count > 0
            ? await DueStore.OfClaimsAsync(connection, transaction, choice.Claims, choice.ToPeople)
            : await DueStore.OpenOfSourceAsync(connection, transaction, choice.Source!.Value, choice.ToPeople, MostPayables);
        var of = choice.Claims.Count > 0 ? choice.Claims : await DueStore.ClaimsOfAsync(connection, transaction, ids);
        var claims = await ClaimStore.LockAsync(connection, transaction, of);
        if (claims.Count != of.Count) return Refusal.Of(RefusalCode.NotFound);
        // What came to be while the locks were waited for is not missed: a claim's payables change only under its lock.
        if (choice.Claims.Count > 0) ids = await DueStore.OfClaimsAsync(connection, transaction, choice.Claims, choice.ToPeople);
        var due = await DueStore.LockAsync(connection, transaction, ids);
        if (choice.Source is { } source) due = [.. due.Where(one => one.Source == source)];
        if (choice.Claims.Count > 0 && RefuseClaims(claims, due, policy) is { } refusal) return refusal;
        due = [.. due.Where(one => one.IsOpen)];
        if (due.Count == 0) return Refusal.Under(policy, RefusalCode.NothingToPay, new Words("没有未列入批次的应付款", "nothing is open"));
        if (due.Select(one => one.Source).Distinct().Count() > 1)
            return Refusal.Under(policy, RefusalCode.PaymentMixesSources, await NewPayment.SourceNamesAsync(connection, transaction, [.. due.Select(one => one.Source).Distinct()]));
        return new Outcome<IReadOnlyList<DuePayable>>.Done(due);
    }

    private static Refusal? RefuseClaims(IReadOnlyList<LockedClaim> claims, IReadOnlyList<DuePayable> due, Policy policy)
    {
        if (claims.FirstOrDefault(claim => claim.Status is ClaimStatus.Submitted or ClaimStatus.Closed) is { } early)
            return Refusal.Under(policy, RefusalCode.WrongStep, early.Status.Name());
        var open = due.Where(one => one.IsOpen).Select(one => one.Claim).ToHashSet();
        var done = claims.FirstOrDefault(claim => !open.Contains(claim.Id.Value));
        return done is null ? null : Refusal.Under(policy, RefusalCode.WrongStep, done.Status == ClaimStatus.Paid ? done.Status.Name() : PaymentWords.InPayment);
    }

    /// <summary>
    /// Of what was named, all must be payable; of all that a source owes, what is stopped, has no account in use, or is at another
    /// bank than the format's stays open for the next payment.
    /// </summary>
    private static async Task<Outcome<IReadOnlyList<DuePayable>>> NarrowAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentChoice choice, IReadOnlyList<DuePayable> due, string bank, Policy policy, DateOnly today)
    {
        List<long> ids = [.. due.Select(one => one.Id)];
        if (choice.Claims.Count > 0)
        {
            if (await Payability.RefuseAsync(connection, transaction, ids, policy, today) is { } stop) return stop;
        }
        else
        {
            var free = (await Payability.AmongAsync(connection, transaction, ids, policy, today)).ToHashSet();
            if (free.Count == 0) return (await Payability.RefuseAsync(connection, transaction, ids, policy, today))!;
            due = [.. due.Where(one => free.Contains(one.Id))];
            if (await Payability.RefuseAsync(connection, transaction, free, policy, today) is { } stop) return stop;
        }
        var payees = await PayeesAsync(connection, transaction, due, today);
        if (due.FirstOrDefault(one => !payees.ContainsKey(one.Owner)) is { } without && (choice.Claims.Count > 0 || payees.Count == 0))
            return Refusal.Under(policy, RefusalCode.PayeeMissing, await NewPayment.ShownNameAsync(connection, transaction, without.Owner));
        due = [.. due.Where(one => payees.TryGetValue(one.Owner, out var payee) && payee.Bank.Contains(bank, StringComparison.Ordinal))];
        return due.Count > 0
            ? new Outcome<IReadOnlyList<DuePayable>>.Done(due)
            : Refusal.Under(policy, RefusalCode.NothingToPay, new Words($"没有在“{bank}”的收款账户", $"no account is at “{bank}”"));
    }

    private static Task<IReadOnlyDictionary<PayeeOwner, UsablePayee>> PayeesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<DuePayable> due, DateOnly today) =>
        PayeeStore.UsableOfAsync(connection, transaction, [.. due.Select(one => one.Owner).Distinct()], today);

    private static List<FieldError> NoBank(BankFormat format) =>
    [
        new("bank", format.OneBank.Length > 0
            ? new($"这个格式只付“{format.OneBank}”的账户；银行名最多{PaymentChoice.LongestBank}字", $"This format is for accounts at “{format.OneBank}” only; a bank has at most {PaymentChoice.LongestBank} characters")
            : new($"银行名最多{PaymentChoice.LongestBank}字", $"A bank has at most {PaymentChoice.LongestBank} characters")),
    ];

    private static IEnumerable<(Words Duty, StaffId? By)> DutiesOf(IEnumerable<UsablePayee> payees) =>
        payees.SelectMany(payee => new (Words, StaffId?)[] { (PayeeWords.Proposal, payee.ProposedBy), (PayeeWords.Verification, payee.VerifiedBy) });

    private static List<FieldError> NoClaims() =>
        [new("claimIds", new($"请选择1至{MostClaims}张申报单，或一个资金来源", $"Choose 1 to {MostClaims} claims, or a fund source"))];

    private Outcome<PaymentId> NoFormat(string? format) => formats.Find(format) switch
    {
        Outcome<BankFormat>.Refused(var refusal) => refusal,
        Outcome<BankFormat>.BadInput(var errors) => errors.ToList(),
        _ => throw new InvalidOperationException("The format is there after all."),
    };

    private static Outcome<PaymentId> Passed(Outcome<IReadOnlyList<DuePayable>> outcome) =>
        outcome is Outcome<IReadOnlyList<DuePayable>>.Refused(var refusal) ? refusal : throw new InvalidOperationException();
}
