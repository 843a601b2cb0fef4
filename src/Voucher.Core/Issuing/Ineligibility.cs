using Voucher.Core.Matching;
using Voucher.Core.Policies;

namespace Voucher.Core.Issuing;

/// <summary>
/// Why a person may not have a voucher, in order of precedence: of several reasons the smallest is the first. The numbers are
/// those of the judgement in SQL; 20 plus a <see cref="MatchSource"/> is a standing hit in that list.
/// </summary>
public enum Ineligibility : short
{
    /// <summary>Taken out of the register.</summary>
    Withdrawn = 1,
    TooYoung = 2,
    TooOld = 3,

    /// <summary>In none of the categories that the pack names.</summary>
    NotInCategory = 4,
    HasLiveVoucher = 5,

    /// <summary>Drafted into a batch that is still to be approved or written.</summary>
    InOtherBatch = 6,

    /// <summary>Has had as many vouchers in the year as the pack allows.</summary>
    YearlyLimit = 7,

    /// <summary>Has completed as many trainings of the trade in the year as the pack allows.</summary>
    TradeLimit = 8,

    /// <summary>Has completed this very programme before.</summary>
    SameProgramme = 9,

    RealNameHit = 21,
    PensionHit = 22,
    SchoolHit = 23,
    DeceasedHit = 24,
    EmployedInsuredHit = 25,
    OtherDepartmentHit = 26,
}

public static class Ineligibilities
{
    private const short FirstHit = 20;

    /// <summary>The reason that a standing hit in an outside list is.</summary>
    public static Ineligibility OfHit(MatchSource source) => (Ineligibility)(FirstHit + (short)source);

    /// <summary>The outside list whose hit the reason is; <c>null</c> for the others.</summary>
    public static MatchSource? SourceOf(this Ineligibility reason) => (short)reason > FirstHit ? (MatchSource)((short)reason - FirstHit) : null;

    /// <summary>The clause of the pack that says so.</summary>
    public static Clause ClauseOf(this Ineligibility reason) => reason.SourceOf() is null ? Clause.Eligibility : Clause.Matching;

    /// <summary>For lists of counts, in a few words.</summary>
    public static Words Name(this Ineligibility reason, PolicyParameters rules) => reason switch
    {
        Ineligibility.Withdrawn => new("已退出台账", "Taken out of the register"),
        Ineligibility.TooYoung => new($"未满 {rules.YoungestAge} 周岁", $"Under {rules.YoungestAge}"),
        Ineligibility.TooOld => new($"超过 {rules.OldestAge} 周岁", $"Over {rules.OldestAge}"),
        Ineligibility.NotInCategory => new("不属于可发券的人员类别", "In no category that may have one"),
        Ineligibility.HasLiveVoucher => new("已持有未用完的培训券", "Holds a live voucher"),
        Ineligibility.InOtherBatch => new("已列入另一待发批次", "In another batch under way"),
        Ineligibility.YearlyLimit => new($"本年度已发满 {rules.VouchersPerYear} 张", $"Has had {rules.VouchersPerYear} in the year"),
        Ineligibility.TradeLimit => new($"本年度该工种已培训 {rules.TrainingsPerTradePerYear} 次", $"Trained {rules.TrainingsPerTradePerYear} times in this trade in the year"),
        Ineligibility.SameProgramme => new("已结业过同一项目", "Has completed the same programme"),
        _ when reason.SourceOf() is { } source => new($"比对命中：{source.Name().Zh}", $"Matched: {source.Name().En}"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
    };

    /// <summary>What to do about it.</summary>
    public static Words NextStep(this Ineligibility reason) => reason switch
    {
        Ineligibility.Withdrawn => new("确属误退的，先在台账中恢复。", "If that was a mistake, take the person into the register again first."),
        Ineligibility.TooYoung or Ineligibility.TooOld => new("核对出生日期；身份证号码有误的，先更正台账。", "Check the date of birth; correct the register if the identity number is wrong."),
        Ineligibility.NotInCategory => new("核对人员类别；确属可发券类别的，先更正台账。", "Check the categories; correct the register if the person belongs to one."),
        Ineligibility.HasLiveVoucher => new("用完、过期或作废后再发；丢失的，请补发。", "Issue another when it is used, expired or revoked; replace it if it was lost."),
        Ineligibility.InOtherBatch => new("等那个批次审批或撤回。", "Wait until that batch is approved or cancelled."),
        Ineligibility.YearlyLimit => new("下一年度再发。", "Issue the next one next year."),
        Ineligibility.TradeLimit => new("改选其他工种，或下一年度再发。", "Choose another trade, or wait for the next year."),
        Ineligibility.SameProgramme => new("改选其他项目。", "Choose another programme."),
        _ => new("核实比对结果；确属误报的，由经办在“比对”中排除。", "Check the match; if it is wrong, dismiss it under Matching."),
    };
}
