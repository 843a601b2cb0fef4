using Voucher.Core.Programmes;
using Voucher.Core.Refusals;

namespace Voucher.Core.Policies;

/// <summary>Training at work (以工代训) lasts so many months at most (text 002, 二（二）6); other kinds are not asked.</summary>
public static class WorkTrainingRule
{
    public static Refusal? Refuse(Policy policy, ProgrammeKind kind, DateOnly startsOn, DateOnly endsOn)
    {
        if (kind != ProgrammeKind.WorkTraining) return null;
        var months = policy.Parameters.WorkTrainingMonths;
        if (months == 0)
            return Refusal.Under(policy, RefusalCode.WorkTrainingTooLong, new Words("本政策不开展以工代训", "this policy has none"));
        var latest = LastDay(startsOn, months);
        return endsOn <= latest ? null : Refusal.Under(policy, RefusalCode.WorkTrainingTooLong, Limit(months, latest));
    }

    /// <summary>The last day of so many months: six from 15 March on end on 14 September, and from 31 August on with February.</summary>
    public static DateOnly LastDay(DateOnly startsOn, int months)
    {
        var next = startsOn.AddMonths(months);
        return next.Day == startsOn.Day ? next.AddDays(-1) : next;
    }

    private static Words Limit(int months, DateOnly latest) => new(
        $"最长 {months} 个月，最晚 {CountyTime.Show(latest)} 结束",
        $"{months} months at most, to {CountyTime.Show(latest)}");
}
