using System.Net;
using Voucher.Core.Policies;
using Voucher.Core.Vouchers;

namespace Voucher.Server.Tests.Fraud;

/// <summary>The page 疑点核查, as a reviewer uses it, in both languages.</summary>
public sealed class FraudPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly GuardScene _scene = new(server);

    [Fact]
    public async Task A_reviewer_sees_the_hold_with_its_evidence_and_releases_it_by_name()
    {
        var voucher = await HeldAsync();
        var hold = await _scene.OpenHoldOfAsync(voucher);
        using var portal = await server.OpenPortalAsync("reviewer");
        var page = await portal.GetStringAsync("/fraud");
        Assert.Contains(hold.CaseNumber, page);
        Assert.Contains("报到间隔过短", page);
        Assert.Contains("马*梅", page);
        Assert.DoesNotContain("马小梅", page);
        Assert.Contains("tel:0930-0000001", page);
        Assert.Contains("holds-to-decide", await portal.GetStringAsync("/"));

        // Without a reason it stays, and says so beside the field.
        using var refused = await DecideAsync(portal, page, hold.Id, "release", "");
        Assert.Contains("请填写", await refused.Content.ReadAsStringAsync());
        using var done = await DecideAsync(portal, page, hold.Id, "release", "已打电话核对，是本人");
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        page = await portal.GetStringAsync("/fraud");
        Assert.Contains("已放行", page);
        Assert.Contains("汪审核", page);
    }

    [Fact]
    public async Task The_page_speaks_English_and_an_auditor_only_reads()
    {
        await HeldAsync();
        using var portal = await server.OpenPortalAsync("auditor");
        var home = await portal.GetStringAsync("/");
        using var switched = await portal.PostAsync("/language", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["language"] = "en", ["returnTo"] = "/fraud", ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(home),
        }));
        var page = await portal.GetStringAsync("/fraud");
        Assert.Contains("Enrolments too close together", page);
        Assert.Contains("raised the hold", page);
        Assert.DoesNotContain("hold-release", page);
    }

    private static async Task<HttpResponseMessage> DecideAsync(HttpClient portal, string page, long hold, string verdict, string reason) =>
        await portal.PostAsync("/fraud?handler=Decide", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["hold"] = $"{hold}", ["verdict"] = verdict, ["reason"] = reason, ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(page),
        }));

    private async Task<VoucherId> HeldAsync()
    {
        await _scene.SetPolicyAsync(new PolicyParameters { CloseEnrolmentsInRow = 2 });
        await _scene.WarmAsync();
        using var terminal = await _scene.Scans.PairAsync();
        var enrolled = await _scene.EnrolAsync(terminal, await _scene.Scans.OpenClassAsync(), 2, TimeSpan.FromSeconds(1));
        return enrolled[1].Voucher.Id;
    }
}
