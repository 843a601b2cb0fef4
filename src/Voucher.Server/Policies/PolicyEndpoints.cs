using Voucher.Server.Api;

namespace Voucher.Server.Policies;

/// <summary>The rules over HTTP: they are public documents, and reading is all that can be done.</summary>
public static class PolicyEndpoints
{
    /// <param name="Standing">InForce, Future or Past.</param>
    /// <param name="EffectiveUntil">The last day; none when it is left out.</param>
    public sealed record PolicySummary(
        int Id, string DocumentNo, string Title, int Version, DateOnly EffectiveFrom, DateOnly? EffectiveUntil, string Standing);

    /// <summary>A kind of rule and the clause that it rests on.</summary>
    public sealed record ClauseAnswer(string Clause, string Text);

    public sealed record PolicyAnswer(PolicySummary Policy, IReadOnlyList<ClauseAnswer> Clauses, PolicyParameters Parameters);

    public static void MapPolicies(this WebApplication app)
    {
        var group = app.MapGroup("/api/policies").WithTags("Policies").RequireAuthorization(Permission.ReadPolicies);
        group.MapGet("", ListAsync).WithSummary("Policy packs: in force, to come and past");
        group.MapGet("/{id:int}", FindAsync).WithSummary("One policy pack with all parameters and clauses").Produces<PolicyAnswer>().ProducesProblem(404);
    }

    private static async Task<IReadOnlyList<PolicySummary>> ListAsync(PolicyStore policies, TimeProvider clock)
    {
        var packs = await policies.ListAsync();
        var today = CountyTime.DayOf(clock.GetUtcNow());
        return [.. packs.Select(pack => Summary(pack, packs, today))];
    }

    private static async Task<IResult> FindAsync(int id, PolicyStore policies, TimeProvider clock, HttpContext context)
    {
        var packs = await policies.ListAsync();
        if (packs.FirstOrDefault(pack => pack.Id.Value == id) is not { } known) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        return TypedResults.Ok(new PolicyAnswer(
            Summary(known, packs, CountyTime.DayOf(clock.GetUtcNow())),
            [.. Clauses.All.Select(clause => new ClauseAnswer(clause.ToString(), known.RuleOf(clause).Clause))], known.Parameters));
    }

    private static PolicySummary Summary(Policy pack, IReadOnlyCollection<Policy> packs, DateOnly today) => new(
        pack.Id.Value, pack.DocumentNo, pack.Title, pack.Version, pack.EffectiveFrom, pack.EffectiveUntil,
        PolicyCalendar.StandingOf(pack, packs, today).ToString());
}
