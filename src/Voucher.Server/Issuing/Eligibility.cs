namespace Voucher.Server.Issuing;

/// <summary>Why a chosen person gets no voucher, in order of precedence. Numbers are those of the query in <see cref="DraftStore"/>.</summary>
public enum Ineligibility
{
    TooYoung = 1,
    TooOld = 2,
    HasLiveVoucher = 3,
    InOtherBatch = 4,
}

public static class Ineligibilities
{
    public static Words Name(this Ineligibility reason, PolicyParameters rules) => reason switch
    {
        Ineligibility.TooYoung => new($"未满 {rules.YoungestAge} 周岁", $"Under {rules.YoungestAge}"),
        Ineligibility.TooOld => new($"超过 {rules.OldestAge} 周岁", $"Over {rules.OldestAge}"),
        Ineligibility.HasLiveVoucher => new("已持有未用完的培训券", "Holds a live voucher"),
        Ineligibility.InOtherBatch => new("已列入另一待发批次", "In another batch under way"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
    };
}

/// <summary>A dry run: how many of the chosen would get a voucher, and why the others would not.</summary>
/// <param name="Total">Money to be reserved.</param>
/// <param name="Free">What the budget line has left; <c>null</c> when none is chosen.</param>
public sealed record Eligibility(
    int Chosen, int Eligible, IReadOnlyDictionary<Ineligibility, int> Excluded, Fen Total, Fen? Free, Policy Policy);
