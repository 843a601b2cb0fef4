using Voucher.Core.Wire;
using Voucher.Server.Fraud;

namespace Voucher.Server.Operating;

/// <summary>Tells meters and bad-input counters how each scan ended: one call where the answer is ready.</summary>
public sealed class ScanWatch(Meters meters, BadInputs badInputs, TimeProvider clock)
{
    private const string Where = "scan";

    /// <summary>Call it when a scan arrives; hand the result to <see cref="Answered"/> or <see cref="Failed"/>.</summary>
    public long Begin() => clock.GetTimestamp();

    public void Answered(long began, Outcome<ScanAnswer> outcome)
    {
        var refusal = outcome switch
        {
            Outcome<ScanAnswer>.Done(var answer) => (RefusalCode)answer.Refusal,
            Outcome<ScanAnswer>.Refused(var refused) => refused.Code,
            _ => RefusalCode.None,
        };
        var mark = ScanMarks.Of(outcome);
        meters.ScanAnswered(clock.GetElapsedTime(began), mark, refusal);
        if (BadInputOf(mark, refusal) is { } kind) badInputs.Count(kind, Where);
    }

    /// <summary>Another scan had presented the voucher a moment ago, or the same id was answered before.</summary>
    public void Repeated() => meters.ScanRepeated();

    public void Guarded(GuardVerdict verdict) => meters.GuardAnswered(verdict.Outcome);

    public void Failed(long began) => meters.ScanAnswered(clock.GetElapsedTime(began), ScanMark.Fault);

    private static BadInputKind? BadInputOf(ScanMark mark, RefusalCode refusal) => refusal switch
    {
        RefusalCode.ScanIdReused or RefusalCode.SequenceReused => BadInputKind.Replayed,
        RefusalCode.TerminalNotActive => BadInputKind.RevokedDevice,
        RefusalCode.TooManyScans or RefusalCode.TooManyShortCodes => BadInputKind.TooFast,
        _ when mark == ScanMark.Forged => BadInputKind.ForeignToken,
        _ when mark == ScanMark.BadInput => BadInputKind.BadField,
        _ => null,
    };
}
