namespace Voucher.Server.Settling.Claims;

/// <summary>
/// What a completed voucher is worth: the smaller of its face value and the rate in force when its class was approved.
/// </summary>
public sealed record ClaimAmount(Fen FaceValue, Fen Rate)
{
    public Fen Value => FaceValue < Rate ? FaceValue : Rate;

    /// <summary>What was reserved at issue and is not needed: it goes back to the budget line at approval.</summary>
    public Fen Unneeded => FaceValue - Value;

    /// <summary>The arithmetic as it is shown: <c>min(1,500.00, 1,200.00) = 1,200.00</c>.</summary>
    public Words Arithmetic => new(
        $"取小（面值 {FaceValue.ToGroupedYuan()}，标准 {Rate.ToGroupedYuan()}）＝ {Value.ToGroupedYuan()} 元",
        $"min(face value {FaceValue.ToGroupedYuan()}, rate {Rate.ToGroupedYuan()}) = {Value.ToGroupedYuan()} yuan");
}
