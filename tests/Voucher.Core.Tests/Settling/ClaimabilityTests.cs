using Voucher.Core.Classes;
using Voucher.Core.Fraud;
using Voucher.Core.Matching;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Settling;

public sealed class ClaimabilityTests
{
    private static readonly Policy Policy = Sample.Policy with
    {
        Parameters = new PolicyParameters { CertificateRequired = true, AttendancePercent = 80, FullPayAttendancePercent = 100 },
    };

    private static readonly ClaimFacts Ready = new(
        Sample.Issued.Id, VoucherState.Completed, "电焊1班", "电焊工", Sample.Today, Fen.FromYuan(1500), Fen.FromYuan(1200),
        SessionsAttended: 12, PlannedSessions: 12, new TeachingHours(12, 28), new TeachingHours(12, 28), HasPassed: true,
        IsCompleted: true, HasCertificate: true, HasSpotCheck: true);

    private static readonly ClaimFacts InTraining = Ready with { State = VoucherState.Enrolled, IsCompleted = false };

    /// <summary>Each reason alone, in order of precedence: what makes it, and from which facts.</summary>
    private static readonly (RefusalCode Code, Func<ClaimFacts, ClaimFacts> Break)[] Breakages =
    [
        (RefusalCode.VoucherInConflict, f => f with { InConflict = true }),
        (RefusalCode.VoucherHeld, f => f with { Hold = new VoucherHold(7, HoldReason.Honeytoken, Sample.Now) }),
        (RefusalCode.MatchedElsewhere, f => f with { Matches = [new(MatchSource.School, Sample.Today), new(MatchSource.Deceased, Sample.Today)] }),
        (RefusalCode.ClassNotApproved, f => f with { Rate = null }),
        (RefusalCode.NotCompleted, f => f with { State = VoucherState.Enrolled }),
        (RefusalCode.AttendanceShort, f => f with { State = VoucherState.Enrolled, SessionsAttended = 8 }),
        (RefusalCode.AssessmentMissing, f => f with { State = VoucherState.Enrolled, HasPassed = null }),
        (RefusalCode.AssessmentFailed, f => f with { State = VoucherState.Enrolled, HasPassed = false }),
        (RefusalCode.ObjectionUpheld, f => f with { IsStruck = true }),
        (RefusalCode.AlreadyInClaim, f => f with { InClaim = new StandingClaim(new ClaimId(5)) }),
        (RefusalCode.RejectedBefore, f => f with { Rejected = new EarlierRejection(new ClaimId(4), "签到照片不清", Sample.Now) }),
        (RefusalCode.CertificateMissing, f => f with { HasCertificate = false }),
        (RefusalCode.SpotCheckMissing, f => f with { HasSpotCheck = false }),
        (RefusalCode.PurposeNotCovered, f => f with { OutsideLine = "电商培训" }),
        (RefusalCode.NothingDelivered, f => f with { Scanned = default }),
    ];

    private static List<RefusalCode> CodesOf(ClaimFacts facts) => [.. Claimability.Reasons(facts, Policy).Select(refusal => refusal.Code)];

    [Fact]
    public void Nothing_stands_against_a_voucher_that_went_the_whole_way() => Assert.Empty(Claimability.Reasons(Ready, Policy));

    [Fact]
    public void Each_reason_alone_is_said_with_its_rule_and_what_to_do()
    {
        foreach (var (code, breakIt) in Breakages)
        {
            var facts = breakIt(Ready);
            var reasons = Claimability.Reasons(facts, Policy);
            var isUnfinished = facts.State == VoucherState.Enrolled && code != RefusalCode.NotCompleted;
            Assert.Equal(isUnfinished ? [RefusalCode.NotCompleted, code] : [code], reasons.Select(refusal => refusal.Code));
            Assert.All(reasons, refusal => Assert.NotNull(refusal.Rule));
            Assert.All(reasons, refusal => Assert.NotEmpty(refusal.NextStep.Zh));
            Assert.All(reasons, refusal => Assert.DoesNotContain("{0}", refusal.Reason.Zh, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_combination_names_all_its_reasons_in_order_of_precedence_and_refuses_by_the_first()
    {
        for (var chosen = 0; chosen < 1 << Breakages.Length; chosen++)
        {
            var facts = Ready;
            HashSet<RefusalCode> expected = [];
            for (var at = 0; at < Breakages.Length; at++)
            {
                if ((chosen >> at & 1) == 0) continue;
                facts = Breakages[at].Break(facts);
                expected.Add(Breakages[at].Code);
            }
            if (facts.State == VoucherState.Enrolled) expected.Add(RefusalCode.NotCompleted);
            if (facts.HasPassed == false) expected.Remove(RefusalCode.AssessmentMissing);
            if (facts.InClaim is not null) expected.Remove(RefusalCode.RejectedBefore);
            if (facts.Rate is null) expected.Remove(RefusalCode.NothingDelivered);
            var reasons = CodesOf(facts);
            Assert.Equal(Breakages.Select(breakage => breakage.Code).Where(expected.Contains), reasons);
            Assert.Equal(reasons.Count == 0 ? null : reasons[0], Claimability.Refuse(facts, Policy)?.Code);
        }
    }

    [Fact]
    public void Short_attendance_says_how_many_sessions_are_missing()
    {
        var reason = Claimability.Reasons(InTraining with { SessionsAttended = 8 }, Policy).Single(r => r.Code == RefusalCode.AttendanceShort);
        Assert.Equal("出勤不足：12 次课到了 8 次，需要 10 次（80%）。", reason.Reason.Zh);
        Assert.StartsWith("还差 2 次", reason.NextStep.Zh, StringComparison.Ordinal);
        Assert.StartsWith("2 more needed", reason.NextStep.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, 80, 9, true)]
    [InlineData(12, 80, 10, false)]
    [InlineData(10, 80, 8, false)]
    [InlineData(10, 100, 9, true)]
    [InlineData(10, 100, 10, false)]
    [InlineData(0, 80, 0, true)] // A class without sessions has taught nobody.
    public void Attendance_is_short_below_the_share_rounded_up_to_whole_sessions(int planned, int percent, int attended, bool isShort)
    {
        var policy = Policy with { Parameters = Policy.Parameters with { AttendancePercent = percent } };
        var codes = Claimability.Reasons(InTraining with { PlannedSessions = planned, SessionsAttended = attended }, policy).Select(refusal => refusal.Code);
        Assert.Equal(isShort, codes.Contains(RefusalCode.AttendanceShort));
    }

    [Fact]
    public void What_completion_was_judged_by_is_not_judged_again() =>
        Assert.Empty(Claimability.Reasons(Ready with { SessionsAttended = 1, HasPassed = null }, Policy));

    [Fact]
    public void A_returned_line_says_that_it_waits_for_the_institution()
    {
        var returned = Claimability.Refuse(Ready with { InClaim = new StandingClaim(new ClaimId(5), IsReturned: true) }, Policy)!;
        Assert.Equal(RefusalCode.AlreadyInClaim, returned.Code);
        Assert.Contains("退回补正", returned.Reason.Zh, StringComparison.Ordinal);
        var held = Claimability.Refuse(Ready with { InClaim = new StandingClaim(new ClaimId(5), IsHeld: true) }, Policy)!;
        Assert.Contains("暂缓", held.Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rejected_voucher_may_be_claimed_with_a_note_and_what_else_stands_against_it_still_does()
    {
        var rejected = Breakages.Single(breakage => breakage.Code == RefusalCode.RejectedBefore).Break(Ready);
        Assert.Contains("签到照片不清", Claimability.Refuse(rejected, Policy)!.Reason.Zh, StringComparison.Ordinal);
        Assert.Null(Claimability.RefuseWithNote(rejected, Policy));
        Assert.Equal(RefusalCode.SpotCheckMissing, Claimability.RefuseWithNote(rejected with { HasSpotCheck = false }, Policy)!.Code);
    }

    [Fact]
    public void Approval_does_not_mind_the_claim_that_it_approves() =>
        Assert.Null(Claimability.RefuseApproval(Ready with { InClaim = new StandingClaim(new ClaimId(5)) }, Policy));

    [Fact]
    public void An_institution_is_not_told_in_which_list_somebody_stands()
    {
        var matched = Claimability.Refuse(Ready with { Matches = [new(MatchSource.Deceased, Sample.Today)] }, Policy)!;
        Assert.Contains(MatchSource.Deceased.Name().Zh, matched.Reason.Zh, StringComparison.Ordinal);
        var told = matched.ToInstitution(Ready.Voucher);
        Assert.DoesNotContain(MatchSource.Deceased.Name().Zh, told.Reason.Zh + told.NextStep.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void An_institution_is_told_every_other_reason_as_it_is()
    {
        foreach (var (code, breakIt) in Breakages.Where(breakage => breakage.Code != RefusalCode.MatchedElsewhere))
            foreach (var refusal in Claimability.Reasons(breakIt(Ready), Policy)) Assert.Equal(refusal, refusal.ToInstitution(Ready.Voucher));
    }

    [Fact]
    public void A_pack_that_wants_no_certificate_and_no_spot_check_asks_for_none()
    {
        var lenient = Policy with { Parameters = Policy.Parameters with { CertificateRequired = false, SpotCheckRequired = false } };
        Assert.Empty(Claimability.Reasons(Ready with { HasCertificate = false, HasSpotCheck = false }, lenient));
    }
}
