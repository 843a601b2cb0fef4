namespace Voucher.Server.Reporting;

/// <summary>
/// How far vouchers have come. Each step counts the vouchers that ever reached it, so that every step is part of the one
/// before; a reprint counts once, as its successor. The exits say where the rest went.
/// </summary>
/// <param name="Issued">已发放; <c>null</c> for an institution, whose part begins at enrolment.</param>
/// <param name="Claimed">已领取: handed over, or brought to a desk; <c>null</c> for an institution.</param>
/// <param name="Submitted">已申报: on a live line of a claim.</param>
/// <param name="Expired">Never enrolled, and the last day is over.</param>
public sealed record Funnel(
    long? Issued, long? Claimed, long Enrolled, long Completed, long Submitted, long Paid,
    long Expired, long Revoked, long Replaced, long Withdrawn)
{
    /// <summary>One step as it is drawn.</summary>
    /// <param name="Key">For styles and tests.</param>
    /// <param name="OfBefore">Percent of the step before; <c>null</c> where there is none.</param>
    /// <param name="OfFirst">Percent of the first step.</param>
    public sealed record Step(string Key, Words Label, long Count, decimal? OfBefore, decimal OfFirst);

    /// <summary>One way out of the funnel.</summary>
    public sealed record Exit(string Key, Words Label, long Count);

    public IReadOnlyList<Step> Steps()
    {
        List<Step> steps = [];
        foreach (var (key, label, count) in Counts())
        {
            if (count is not { } known) continue;
            var before = steps.Count == 0 ? (long?)null : steps[^1].Count;
            var first = steps.Count == 0 ? known : steps[0].Count;
            steps.Add(new Step(key, label, known, before is { } whole ? Percent(known, whole) : null, Percent(known, first)));
        }
        return steps;
    }

    /// <summary>What an institution cannot lose is not shown to it: its part begins at enrolment, where nothing expires.</summary>
    public IReadOnlyList<Exit> Exits() =>
    [
        .. Issued is null ? Array.Empty<Exit>() : [new Exit("expired", VoucherStates.Expired, Expired)],
        new("revoked", VoucherState.Revoked.Name(), Revoked),
        .. Issued is null ? Array.Empty<Exit>() : [new Exit("replaced", VoucherState.Replaced.Name(), Replaced)],
        new("withdrawn", VoucherState.Withdrawn.Name(), Withdrawn),
    ];

    private IEnumerable<(string Key, Words Label, long? Count)> Counts() =>
    [
        ("issued", VoucherState.Issued.Name(), Issued),
        ("claimed", VoucherState.Claimed.Name(), Claimed),
        ("enrolled", VoucherState.Enrolled.Name(), Enrolled),
        ("completed", VoucherState.Completed.Name(), Completed),
        ("submitted", new("已申报", "Claimed for settlement"), Submitted),
        ("paid", new("已支付", "Paid"), Paid),
    ];

    private static decimal Percent(long part, long whole) => whole == 0 ? 0 : Math.Round(100m * part / whole, 1);
}
