using System.Net;
using Voucher.Server.Accounts;
using Voucher.Server.Portal;

namespace Voucher.Server.Tests.Portal;

public sealed class MainMenuTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    /// <summary>The demo log-in of each role.</summary>
    public static readonly TheoryData<string, Role> LogIns = new()
    {
        { "clerk", Role.Clerk }, { "approver", Role.Approver }, { "reviewer", Role.Reviewer }, { "finance", Role.Finance },
        { "auditor", Role.Auditor }, { "manager", Role.Manager }, { "desk", Role.FrontDesk },
        { "operator", Role.Operator }, { "township", Role.TownshipStaff }, { "village", Role.VillageStaff },
    };

    [Theory, MemberData(nameof(LogIns))]
    public async Task Every_entry_of_the_menu_opens_for_those_who_may_and_for_nobody_else(string login, Role role)
    {
        using var portal = await server.OpenPortalAsync(login);
        var home = await portal.GetStringAsync("/");
        List<string> wrong = [];
        foreach (var entry in MainMenu.All)
        {
            using var page = await portal.GetAsync(entry.Path);
            var may = Permission.Holders[entry.Permission].Contains(role);
            var isRight = may ? page.StatusCode == HttpStatusCode.OK : page.Headers.Location is { } away && new Uri(server.Address, away).AbsolutePath == "/not-allowed";
            if (!isRight) wrong.Add($"{entry.Path}: {page.StatusCode}");
            if (may != home.Contains($"href=\"{entry.Path}\"")) wrong.Add($"{entry.Path}: in the menu");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Nothing_of_the_menu_opens_without_a_log_in()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        foreach (var path in MainMenu.All.Select(entry => entry.Path).Append("/").Append("/account"))
        {
            using var page = await client.GetAsync(path);
            Assert.True(page.Headers.Location?.AbsolutePath == "/log-in", $"{path}: {page.StatusCode}");
        }
    }

    [Fact]
    public async Task Pages_speak_English_after_switching_and_come_back_to_where_one_was()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync("/live");
        Assert.Contains("lang=\"zh-CN\"", page);
        using var switched = await portal.PostAsync("/language", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["language"] = "en", ["returnTo"] = "/live", ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(page),
        }));
        Assert.Equal("/live", switched.Headers.Location!.OriginalString);
        Assert.Contains("Latest scans", await portal.GetStringAsync("/live"));
    }
}
