namespace Voucher.Server.Issuing;

/// <summary>How far the vouchers of a batch have come. Replaced ones are left out, since their successors count.</summary>
/// <param name="InClaim">Handed in for settlement by the institution, and not turned down.</param>
/// <param name="Expired">Unused, and their last day is over.</param>
public sealed record BatchFunnel(int Issued, int Claimed, int Enrolled, int Completed, int Revoked, int InClaim, int Paid, int Expired)
{
    public static readonly BatchFunnel Empty = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The steps from the first to the last; each counts those that have gone on as well.</summary>
    public IReadOnlyList<(Words Label, int Count)> Steps =>
    [
        (new("已发放", "Issued"), Issued), (new("已领取", "Claimed"), Claimed), (new("已报到", "Enrolled"), Enrolled),
        (new("已结业", "Completed"), Completed), (new("已申报", "In a claim"), InClaim), (new("已支付", "Paid"), Paid),
    ];

    /// <summary>Share of the issued, in whole percent.</summary>
    public int PercentOf(int count) => Issued == 0 ? 0 : (int)(100L * count / Issued);
}
