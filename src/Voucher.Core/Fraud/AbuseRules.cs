using Voucher.Core.Vouchers;
using Voucher.Core.Wire;

namespace Voucher.Core.Fraud;

/// <summary>What the windows say of a scan, this one counted in.</summary>
/// <param name="Enrolments">Vouchers that the terminal enrolled or tried to enrol in the window.</param>
/// <param name="CloseInRow">How many of the last of them followed each other too fast; 1 when the last one did not.</param>
/// <param name="LastElsewhere">When somebody of this holder check was last scanned at another institution.</param>
public sealed record WindowCounts(int Enrolments, int CloseInRow, DateTimeOffset? LastElsewhere)
{
    public static readonly WindowCounts None = new(0, 0, null);
}

/// <summary>The person's vouchers were scanned at another institution.</summary>
/// <param name="IsSameVoucher">The very voucher in question, not another of the same person.</param>
public sealed record Sighting(DateTimeOffset At, ScanMode Mode, bool IsSameVoucher);

/// <summary>What the ledger of record says of a scan that looks suspicious.</summary>
/// <param name="IsBait">Nobody holds the voucher.</param>
/// <param name="IsLate">It came so long after it was made that its moment is only the terminal's word.</param>
/// <param name="ScannedAt">By the terminal's clock: what one terminal did is spaced by its own clock, also when it was offline.</param>
/// <param name="EarlierEnrolments">Of other vouchers at the terminal, in the window before this scan by the same clock.</param>
/// <param name="Elsewhere">Before this scan.</param>
/// <param name="Releases">When the county last released the voucher, by the reason for which it was held.</param>
public sealed record GuardFacts(
    VoucherState State, bool IsBait, ScanMode Mode, DateTimeOffset ScannedAt, DateTimeOffset ReceivedAt, bool IsLate,
    IReadOnlyList<DateTimeOffset> EarlierEnrolments, IReadOnlyList<Sighting> Elsewhere, IReadOnlyDictionary<HoldReason, DateTimeOffset> Releases)
{
    public bool IsUnbound => State is VoucherState.Issued or VoucherState.Claimed;

    public bool IsLive => IsUnbound || State == VoucherState.Enrolled;
}

/// <summary>When a scan is to be held for a person. Pure: the same facts and limits give the same answer.</summary>
public static class AbuseRules
{
    /// <summary>Worth a look into the ledger of record; may be wrong, since Redis may be.</summary>
    public static bool IsSuspicious(WindowCounts counts, DateTimeOffset receivedAt, GuardLimits limits) =>
        IsTooMany(counts.Enrolments, limits) || IsTooClose(counts.CloseInRow, limits)
        || (counts.LastElsewhere is { } last && receivedAt - last < limits.Elsewhere);

    /// <summary>The reason to hold the scan, or <c>null</c>. A voucher that is closed anyway gets its definite answer instead.</summary>
    public static HoldReason? Judge(GuardFacts facts, GuardLimits limits)
    {
        if (facts.IsBait) return HoldReason.Honeytoken;
        if (!facts.IsLive) return null;
        if (!facts.IsLate && Seen(facts, limits.Travel, _ => true)) return HoldReason.TwoPlaces;
        if (facts.Mode != ScanMode.Enrol || !facts.IsUnbound) return null;
        if (!facts.IsLate && Seen(facts, limits.TriedElsewhere, seen => seen is { IsSameVoucher: true, Mode: ScanMode.Enrol })) return HoldReason.TriedElsewhere;
        if (!facts.Releases.ContainsKey(HoldReason.TooClose) && IsTooClose(CloseInRow(facts, limits.EnrolmentSpacing), limits)) return HoldReason.TooClose;
        if (!facts.Releases.ContainsKey(HoldReason.ManyAtOnce) && IsTooMany(1 + Recent(facts).Count(), limits)) return HoldReason.ManyAtOnce;
        return null;
    }

    /// <summary>How many enrolments up to this one followed each other in less than the spacing.</summary>
    public static int CloseInRow(GuardFacts facts, TimeSpan spacing)
    {
        var (row, later) = (1, facts.ScannedAt);
        foreach (var earlier in Recent(facts).OrderDescending())
        {
            if (later - earlier >= spacing) break;
            (row, later) = (row + 1, earlier);
        }
        return row;
    }

    /// <summary>What was seen before the county last released the voucher has been looked at, and is not held against it again.</summary>
    private static bool Seen(GuardFacts facts, TimeSpan within, Func<Sighting, bool> counts)
    {
        var since = facts.ReceivedAt - within;
        var released = new[] { HoldReason.TwoPlaces, HoldReason.TriedElsewhere }
            .Select(reason => facts.Releases.TryGetValue(reason, out var at) ? at : DateTimeOffset.MinValue).Max();
        return facts.Elsewhere.Any(seen => seen.At > since && seen.At > released && seen.At <= facts.ReceivedAt && counts(seen));
    }

    private static IEnumerable<DateTimeOffset> Recent(GuardFacts facts) => facts.EarlierEnrolments
        .Where(at => at <= facts.ScannedAt && at > facts.ScannedAt - GuardLimits.EnrolmentWindow);

    private static bool IsTooMany(int enrolments, GuardLimits limits) =>
        limits.EnrolmentsPerTerminal > 0 && enrolments > limits.EnrolmentsPerTerminal;

    private static bool IsTooClose(int inRow, GuardLimits limits) =>
        limits.EnrolmentSpacing > TimeSpan.Zero && inRow >= limits.CloseInRow;
}
