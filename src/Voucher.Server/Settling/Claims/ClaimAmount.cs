namespace Voucher.Server.Settling.Claims;

/// <summary>
/// What a completed voucher is worth: the smaller of its face value and the rate in force when its class was approved.
/// </summary>
public sealed record ClaimAmount(Fen FaceValue, Fen Rate)
{
    public Fen Value => FaceValue < Rate ? FaceValue : Rate;

    /// <summary>What was reserved at issue and is not needed: it goes back to the budget line at approval.</summary>
    public Fen Unneeded => FaceValue - Value;

    /// <summary>How the amount comes about, in yuan, as it is shown beside it.</summary>
    public Words Arithmetic => new(
        $"面值 {FaceValue.ToGroupedYuan()}、标准 {Rate.ToGroupedYuan()}，取小者",
        $"smaller of face value {FaceValue.ToGroupedYuan()} and rate {Rate.ToGroupedYuan()}");
}
