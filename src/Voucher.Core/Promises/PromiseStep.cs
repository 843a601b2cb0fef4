using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Promises;

/// <summary>What became of a promise for one person. Numbers are stored.</summary>
public enum PromiseStepKind : short
{
    /// <summary>已告知.</summary>
    Told = 1,

    /// <summary>已申请, with the department that pays.</summary>
    Applied = 2,

    /// <summary>已领取.</summary>
    Received = 3,
}

/// <summary>How somebody was told. Numbers are stored.</summary>
public enum PromiseTelling : short
{
    None = 0,

    /// <summary>With the policy card (明白卡, 两联三送).</summary>
    Card = 1,
    Telephone = 2,
    AtHome = 3,
    AtOffice = 4,
}

/// <summary>A step that is to be recorded.</summary>
/// <param name="Amount">Received only.</param>
public sealed record PromiseStep(PromiseStepKind Kind, DateOnly On, Fen? Amount = null);

/// <summary>An earlier receipt of the same promise, by the same person, in the same year where it is yearly.</summary>
public sealed record PromiseReceipt(DateOnly On, string DocumentNo);

public static class PromiseSteps
{
    /// <summary>
    /// Why the step is not recorded, or <c>null</c>. Somebody may always be told; who has received it before, more than promised, or
    /// against a condition that is known not to be met, has not rightly received it. What is not known yet stops nobody.
    /// </summary>
    public static Refusal? Refuse(Promise promise, PromiseStanding standing, PromiseReceipt? before, PromiseStep step, Policy policy)
    {
        if (!promise.IsInForceOn(step.On)) return Refusal.Under(policy, RefusalCode.PromiseNotPaidInMoney);
        if (step.Kind == PromiseStepKind.Told) return null;
        if (step.Kind == PromiseStepKind.Received && before is not null)
            return Refusal.Under(policy, RefusalCode.PromiseReceivedBefore, CountyTime.Show(before.On), before.DocumentNo);
        if (step.Amount > promise.Amount) return Refusal.Under(policy, RefusalCode.PromiseExceeded, step.Amount.Value.ToGroupedYuan(), promise.Amount.ToGroupedYuan());
        return standing.Conditions.FirstOrDefault(each => each.Verdict == PromiseVerdict.NotMet) is { } failed
            ? Refusal.Under(policy, RefusalCode.PromiseConditionNotMet, new Words($"{failed.Condition.Name.Zh}（{failed.Detail.Zh}）", $"{failed.Condition.Name.En} ({failed.Detail.En})"))
            : null;
    }

    public static Words Name(this PromiseStepKind kind) => kind switch
    {
        PromiseStepKind.Told => new("已告知", "Told"),
        PromiseStepKind.Applied => new("已申请", "Applied"),
        PromiseStepKind.Received => new("已领取", "Received"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown step."),
    };

    public static Words Name(this PromiseTelling how) => how switch
    {
        PromiseTelling.None => new("", ""),
        PromiseTelling.Card => new("发放明白卡", "with the policy card"),
        PromiseTelling.Telephone => new("电话", "by telephone"),
        PromiseTelling.AtHome => new("入户", "at home"),
        PromiseTelling.AtOffice => new("窗口", "at the office"),
        _ => throw new ArgumentOutOfRangeException(nameof(how), how, "Unknown way."),
    };
}
