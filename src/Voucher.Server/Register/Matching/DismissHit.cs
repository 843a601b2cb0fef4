using Voucher.Server.Api;

namespace Voucher.Server.Register.Matching;

/// <summary>A person finds that a hit is no reason against anybody, and says why; the hit stays on record.</summary>
public sealed class DismissHit(MatchStore matches, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, long run, long hit, string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        var read = new FieldReader();
        var why = PlainReason.Read(read, reason);
        if (read.Errors.Count > 0) return read.Errors;
        return await matches.DismissAsync(run, hit, why, actor, clock.GetUtcNow()) switch
        {
            true => Nothing.Value,
            false => Refusal.Of(RefusalCode.MatchWrongStep),
            null => Refusal.Of(RefusalCode.NotFound),
        };
    }
}
