using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Tests.Settling;

public sealed class ClaimEvidenceTests
{
    private const string Frozen = """
        {"classId":7,"className":"缝纫一班","programme":"缝纫工","sessionsAttended":9,"sessionsHeld":10,"hasPassed":true,"theoryScore":80,"practiceScore":90,
        "completedAt":"2026-05-01T08:00:00+00:00","completionScanId":"11111111-1111-1111-1111-111111111111",
        "spotCheckId":3,"spotCheckedAt":"2026-04-20T08:00:00+00:00","spotCheckIsClean":true,"policyId":2}
        """;

    [Fact]
    public void Evidence_that_was_frozen_before_is_read_and_what_is_written_says_that_sessions_were_planned()
    {
        var evidence = ClaimEvidence.FromJson(Frozen);
        Assert.Equal((9, 10), (evidence.SessionsAttended, evidence.PlannedSessions));
        Assert.Null(evidence.PlannedHours);
        Assert.Contains("\"sessionsPlanned\":10", evidence.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("sessionsHeld", evidence.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var evidence = ClaimEvidence.FromJson(Frozen) with
        {
            PlannedTheoryHours = 12, PlannedPracticeHours = 28, AttendedTheoryHours = 12, AttendedPracticeHours = 24, CertificateNumber = "JY0001-2026-00001",
        };
        var again = ClaimEvidence.FromJson(evidence.ToJson());
        Assert.Equal(evidence, again);
        Assert.Equal((40, 36), (again.PlannedHours!.Value.Total, again.AttendedHours!.Value.Total));
    }
}
