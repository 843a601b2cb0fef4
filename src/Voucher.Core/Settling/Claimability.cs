using Voucher.Core.Matching;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Settling;

/// <summary>
/// Whether a voucher can be claimed, and if not, everything that stands against it: each with its rule and with what to do.
/// Pure and total; the query that collects what "claim all" takes repeats it.
/// </summary>
public static class Claimability
{
    /// <summary>All that stands against claiming the voucher now, in order of precedence; empty when it can be claimed.</summary>
    public static IReadOnlyList<Refusal> Reasons(ClaimFacts facts, Policy policy) =>
        [.. Suspicions(facts, policy), .. Unfinished(facts, policy), .. Standing(facts, policy), .. Papers(facts, policy)];

    /// <summary>The first reason against it, or <c>null</c>.</summary>
    public static Refusal? Refuse(ClaimFacts facts, Policy policy) => Reasons(facts, policy).FirstOrDefault();

    /// <summary>The first reason against claiming it again with a note on what has changed since it was rejected.</summary>
    public static Refusal? RefuseWithNote(ClaimFacts facts, Policy policy) => Refuse(facts with { Rejected = null }, policy);

    /// <summary>What stands against paying a line in which the voucher stands already.</summary>
    public static Refusal? RefuseApproval(ClaimFacts facts, Policy policy) => Refuse(facts with { InClaim = null, Rejected = null }, policy);

    /// <summary>
    /// As the institution is told: in which list of the county's somebody stands (a school, social insurance, the dead) is no
    /// business of an institution's.
    /// </summary>
    public static Refusal ToInstitution(this Refusal refusal, VoucherId voucher) => refusal.Code == RefusalCode.MatchedElsewhere
        ? refusal with
        {
            Reason = new($"券 {voucher} 正由县人社局核实，暂不能申报。", $"The county is looking into voucher {voucher}; it cannot be claimed for now."),
            NextStep = new("请等待核实结果，或向县人社局询问。", "Wait for the outcome, or ask the county."),
        }
        : refusal;

    private static IEnumerable<Refusal> Suspicions(ClaimFacts facts, Policy policy)
    {
        if (facts.InConflict) yield return Refusal.Under(policy, RefusalCode.VoucherInConflict);
        if (facts.Hold is { } hold) yield return Refusal.Under(policy, RefusalCode.VoucherHeld, hold.Details());
        var match = (facts.Matches ?? []).FirstOrDefault(match => policy.Parameters.EffectOf(match.Source).HasFlag(MatchEffect.BlocksPayment));
        if (match is not null)
            yield return Refusal.Under(policy, RefusalCode.MatchedElsewhere, facts.Voucher, match.Source.Name(), CountyTime.Show(match.AsOf));
    }

    /// <summary>The training is not over, and what is missing until it is. What completion was judged by is not judged again.</summary>
    private static IEnumerable<Refusal> Unfinished(ClaimFacts facts, Policy policy)
    {
        if (facts.Rate is null) yield return Refusal.Under(policy, RefusalCode.ClassNotApproved);
        if (facts.State == VoucherState.Completed && facts.IsCompleted) yield break;
        yield return Refusal.Under(policy, RefusalCode.NotCompleted, facts.Voucher) with
        {
            NextStep = new(
                $"班级 {CountyTime.Show(facts.ClassEndsOn)} 结束；条件齐全后由持券人到终端结业扫码。",
                $"The class ends on {CountyTime.Show(facts.ClassEndsOn)}; once all is there, the holder makes the completion scan."),
        };
        if (AttendanceShort(facts, policy) is { } tooFew) yield return tooFew;
        if (facts.HasPassed is null) yield return Refusal.Under(policy, RefusalCode.AssessmentMissing);
        if (facts.HasPassed == false) yield return Refusal.Under(policy, RefusalCode.AssessmentFailed);
    }

    private static Refusal? AttendanceShort(ClaimFacts facts, Policy policy)
    {
        var percent = policy.Parameters.AttendancePercent;
        var needed = (int)(((long)facts.PlannedSessions * percent + 99) / 100);
        if (facts.PlannedSessions > 0 && facts.SessionsAttended >= needed) return null;
        return Refusal.Under(policy, RefusalCode.AttendanceShort) with
        {
            Reason = new(
                $"出勤不足：{facts.PlannedSessions} 次课到了 {facts.SessionsAttended} 次，需要 {needed} 次（{percent}%）。",
                $"Attendance is short: {facts.SessionsAttended} of {facts.PlannedSessions} sessions, {needed} needed ({percent}%)."),
            NextStep = new(
                $"还差 {needed - facts.SessionsAttended} 次：请继续上课签到签退；已不可能补足的，与县人社局联系补课。",
                $"{needed - facts.SessionsAttended} more needed: check in and out of the coming sessions; where too few are left, arrange make-up sessions with the county."),
        };
    }

    private static IEnumerable<Refusal> Standing(ClaimFacts facts, Policy policy)
    {
        if (facts.IsStruck)
            yield return Refusal.Under(policy, RefusalCode.ObjectionUpheld, new Words($"券 {facts.Voucher}", $"Voucher {facts.Voucher}"));
        if (facts.InClaim is { } standing)
        {
            var taken = Refusal.Under(policy, RefusalCode.AlreadyInClaim, facts.Voucher, standing.Claim);
            yield return standing switch
            {
                { IsReturned: true } => taken with
                {
                    Reason = new($"券 {facts.Voucher} 在申报单 {standing.Claim} 中，已退回补正。", $"Voucher {facts.Voucher} is in claim {standing.Claim}, sent back to be completed."),
                    NextStep = new("请打开申报单，补正后再交。", "Open the claim, complete the line and hand it in again."),
                },
                { IsHeld: true } => taken with
                {
                    Reason = new($"券 {facts.Voucher} 在申报单 {standing.Claim} 中，县人社局暂缓审核。", $"Voucher {facts.Voucher} is in claim {standing.Claim}; its review waits."),
                    NextStep = new("请等待审核结果。", "Wait for the review."),
                },
                _ => taken,
            };
        }
        else if (facts.Rejected is { } rejected)
        {
            yield return Refusal.Under(policy, RefusalCode.RejectedBefore, facts.Voucher, rejected.Claim, rejected.Reason);
        }
    }

    private static IEnumerable<Refusal> Papers(ClaimFacts facts, Policy policy)
    {
        var parameters = policy.Parameters;
        if (parameters.CertificateRequired && !facts.HasCertificate)
            yield return Refusal.Under(policy, RefusalCode.CertificateMissing, facts.Voucher);
        if (parameters.SpotCheckRequired && !facts.HasSpotCheck)
            yield return Refusal.Under(policy, RefusalCode.SpotCheckMissing, facts.ClassName);
        if (facts.OutsideLine is { } line)
            yield return Refusal.Under(policy, RefusalCode.PurposeNotCovered, new Words($"“{facts.Programme}”", $"“{facts.Programme}”"), line);
        if (facts.AmountUnder(parameters.FullPayAttendancePercent) is { } amount && amount.Value <= Money.Fen.Zero)
            yield return Refusal.Under(policy, RefusalCode.NothingDelivered, facts.Voucher);
    }
}
