using Voucher.Server.Classes;

namespace Voucher.Server.Programmes.Orders;

/// <summary>
/// What employers have ordered of a programme, beside what is taught for it, both over all years. Text 004, 三（三）, has institutions
/// train by the order and the trained go to work for the employer, but sets no number at which a class is refused: the figures are
/// for the approver to judge.
/// </summary>
/// <param name="Ordered">People wanted by all its orders.</param>
/// <param name="Approved">People of all its approved classes, by <see cref="TaughtIn"/>.</param>
/// <param name="Today">The day on which it was counted.</param>
public sealed record OrderCover(ProgrammeId ProgrammeId, long Ordered, long Approved, DateOnly Today)
{
    /// <summary>SQL of the same for a <c>training_class c</c>; takes <c>@today</c>.</summary>
    public const string TaughtInSql = "(case when c.ends_on < @today then c.enrolled else c.capacity end)";


    /// <summary>How many people more than ordered are taught once this class is approved; 0 when none.</summary>
    public long ExcessWith(TrainingClass one) => Math.Max(0, OthersThan(one) + TaughtIn(one) - Ordered);

    public Words FiguresOf(TrainingClass one) => new(
        $"订单共 {Ordered} 人，其他已审定的班 {OthersThan(one)} 人，本班 {TaughtIn(one)} 人",
        $"{Ordered} ordered, {OthersThan(one)} in other classes approved, {TaughtIn(one)} in this one");

    /// <summary>In a few words; <c>null</c> while the orders suffice.</summary>
    public Words? WarningOf(TrainingClass one) =>
        Ordered == 0 ? new("还没有订单", "No order yet")
        : ExcessWith(one) is > 0 and var excess ? new($"超出订单 {excess} 人", $"{excess} beyond the order")
        : null;

    private long OthersThan(TrainingClass one) => one.Status == ClassStatus.Approved ? Approved - TaughtIn(one) : Approved;

    /// <summary>Who came, once a class is over; until then whoever may come.</summary>
    private int TaughtIn(TrainingClass one) => one.EndsOn < Today ? one.Enrolled : one.Capacity;
}
