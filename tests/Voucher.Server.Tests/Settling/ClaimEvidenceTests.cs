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
    public void Evidence_that_was_frozen_before_is_read_and_written_under_the_same_names()
    {
        var evidence = ClaimEvidence.FromJson(Frozen);
        Assert.Equal((9, 10), (evidence.SessionsAttended, evidence.PlannedSessions));
        Assert.Contains("\"sessionsHeld\":10", evidence.ToJson(), StringComparison.Ordinal);
    }
}
