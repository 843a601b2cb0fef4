using Voucher.Core.Issuing;
using Voucher.Server.Policies;

namespace Voucher.Server.Issuing.Judging;

/// <summary>Whether one person may have a voucher for a trade or programme: yes, or no with every reason and clause.</summary>
/// <param name="Rule">The pack that was asked.</param>
public sealed record EligibilityVerdict(PersonId Person, VoucherScope Scope, DateOnly Day, IReadOnlyList<IneligibilityReason> Reasons, Rule Rule)
{
    public bool May => Reasons.Count == 0;
}

/// <summary>Asks for one person; reads only.</summary>
public sealed class AskEligibility(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <param name="scope">0 any programme, 1–999 a trade, 1000–65535 a programme.</param>
    public async Task<Outcome<EligibilityVerdict>> RunAsync(PersonId person, int? scope)
    {
        if (scope is < 0 or > ushort.MaxValue) return NoSuchScope();
        var today = CountyTime.DayOf(clock.GetUtcNow());
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        var wanted = new VoucherScope((ushort)(scope ?? 0));
        await using var connection = await database.OpenConnectionAsync();
        if (!await DraftStore.IsScopeAsync(connection, county.Region, wanted)) return NoSuchScope();
        if (await PersonFactsStore.ReadAsync(connection, county.Region, person) is not { } facts) return Refusal.Of(RefusalCode.NotFound);
        var trade = await PersonFactsStore.TradeOfAsync(connection, county.Region, wanted);
        var reasons = Eligibility.Of(facts, new WantedVoucher(wanted, trade, today), policy, today);
        return new EligibilityVerdict(person, wanted, today, reasons, policy.RuleOf(Clause.Eligibility));
    }

    private static List<FieldError> NoSuchScope() => [new("scope", new("没有这个工种或项目", "There is no such trade or programme"))];
}
