using Voucher.Server.Api;

namespace Voucher.Server.Register.Matching;

/// <summary>A person finds that hits are no reason against anybody, and says why; the hits stay on record.</summary>
public sealed class DismissHit(DismissalStore dismissals, TimeProvider clock)
{
    public Task<Outcome<int>> RunAsync(Actor actor, long run, long hit, string? reason) => RunAsync(actor, run, [hit], reason);

    /// <summary>Several hits of one list; those that do not stand any more are passed over.</summary>
    /// <returns>How many were dismissed.</returns>
    public Task<Outcome<int>> RunAsync(Actor actor, long run, long[]? hits, string? reason) =>
        DismissAsync(hits, reason, (chosen, why) => dismissals.DismissOfRunAsync(run, chosen, why, actor, clock.GetUtcNow()));

    /// <summary>Hits of one person over all lists: those that whoever decides has seen.</summary>
    /// <returns>How many were dismissed.</returns>
    public Task<Outcome<int>> OfPersonAsync(Actor actor, PersonId person, long[]? hits, string? reason) =>
        DismissAsync(hits, reason, (chosen, why) => dismissals.DismissOfPersonAsync(person, chosen, why, actor, clock.GetUtcNow()));

    private static async Task<Outcome<int>> DismissAsync(long[]? hits, string? reason, Func<long[], string, Task<int?>> dismiss)
    {
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        var read = new FieldReader();
        var why = PlainReason.Read(read, reason);
        if (hits is not { Length: > 0 }) read.Fault("hits", new("请先勾选", "Tick some first"));
        else if (hits.Length > MatchLimits.MostDismissed)
            read.Fault("hits", new($"一次最多 {MatchLimits.MostDismissed} 条", $"At most {MatchLimits.MostDismissed} at once"));
        if (read.Errors.Count > 0) return read.Errors;
        return await dismiss(hits!, why) switch
        {
            null => Refusal.Of(RefusalCode.NotFound),
            0 => Refusal.Of(RefusalCode.MatchWrongStep),
            { } dismissed => dismissed,
        };
    }
}
