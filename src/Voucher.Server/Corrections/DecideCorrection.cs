using Voucher.Server.Api;

namespace Voucher.Server.Corrections;

/// <summary>The county says yes or no to a desk's request, with a reason. Yes undoes nothing by itself: the page names the next step.</summary>
public sealed class DecideCorrection(CorrectionStore corrections, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, long id, string? decision, string? reason)
    {
        var read = new FieldReader();
        var isKnown = Enum.TryParse<CorrectionDecision>(decision, out var decided) && Enum.IsDefined(decided);
        if (!isKnown) read.Fault("decision", new("请选择同意或不予更正", "Choose to grant or to decline"));
        var why = read.Text("reason", reason, Reasons.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        if (await corrections.DecideAsync(id, decided, why, actor.Account, clock.GetUtcNow())) return Nothing.Value;
        return await corrections.DecisionOfAsync(id) is { } before
            ? Refusal.Of(RefusalCode.WrongStep, before.Name())
            : Refusal.Of(RefusalCode.NotFound);
    }
}
