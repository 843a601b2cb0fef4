using Voucher.Core.Money;

namespace Voucher.Core.Settling;

/// <summary>
/// What a completed voucher is worth (凭券结算): the rate in force when its class was approved, for what was delivered, and never
/// more than the voucher's face value.
/// </summary>
/// <param name="FaceValue">Of the voucher; above 0.</param>
/// <param name="Rate">Frozen at the class's approval; above 0.</param>
/// <param name="Delivered">What the scans have shown of the plan; <c>null</c> for lines of before delivery was weighed: paid in full.</param>
public sealed record ClaimAmount(Fen FaceValue, Fen Rate, Delivery? Delivered = null)
{
    /// <summary>The rate for what was delivered, rounded down to whole 分.</summary>
    public Fen Earned => Delivered is not { IsFull: false } part
        ? Rate
        : new Fen((long)((Int128)Rate.Value * part.AttendedHours / part.PlannedHours));

    /// <summary>The smaller of what was earned and the face value; 0 when nothing was delivered.</summary>
    public Fen Value => FaceValue < Earned ? FaceValue : Earned;

    /// <summary>What was reserved at issue and is not needed: it goes back to the budget line at approval.</summary>
    public Fen Unneeded => FaceValue - Value;

    /// <summary>How the amount comes about, in yuan, as it is shown beside it.</summary>
    public Words Arithmetic
    {
        get
        {
            var (face, rate) = (FaceValue.ToGroupedYuan(), Rate.ToGroupedYuan());
            return Delivered is { IsFull: false } part
                ? new(
                    $"标准 {rate} 元 × 出勤 {part.AttendedHours}/{part.PlannedHours} 课时 = {Earned.ToGroupedYuan()} 元；面值 {face} 元，取小者",
                    $"rate {rate} yuan × attended {part.AttendedHours}/{part.PlannedHours} hours = {Earned.ToGroupedYuan()} yuan; face value {face} yuan, the smaller")
                : new($"标准 {rate} 元，全额；面值 {face} 元，取小者", $"rate {rate} yuan in full; face value {face} yuan, the smaller");
        }
    }
}

/// <summary>What was delivered to one trainee, in teaching hours, and from which share on it counts as all.</summary>
/// <param name="AttendedHours">Of sessions checked in to and out of; 0 or more, at most the planned.</param>
/// <param name="PlannedHours">Of all sessions of the class; above 0.</param>
/// <param name="FullPayPercent">0–100; 0: the rate is not weighed by hours (policy number <c>fullPayAttendancePercent</c>).</param>
public sealed record Delivery(int AttendedHours, int PlannedHours, int FullPayPercent)
{
    /// <summary>
    /// Whether the whole rate is due. Compared in whole numbers: 79.9 % is not 80 %. Of a share of 0, and of no hours, everybody has all.
    /// </summary>
    public bool IsFull => (long)AttendedHours * 100 >= (long)PlannedHours * FullPayPercent;
}
