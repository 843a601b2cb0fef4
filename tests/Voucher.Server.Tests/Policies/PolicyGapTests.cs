using System.Net;
using System.Net.Http.Json;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Reporting.ProgressReports;
using Voucher.Server.Tests.Issuing;
using Voucher.Server.Tests.Portal;
using Voucher.Server.Tests.Redeeming;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Policies;

/// <summary>A county whose pack ended before the next one began: offices go on looking, and are told why they cannot decide.</summary>
public sealed class PolicyGapTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    /// <summary>Long enough to hold the first of a month, by which reports ask for the rule.</summary>
    private const int Days = 40;

    private static readonly string[] LogIns = ["clerk", "approver", "reviewer", "finance", "auditor", "manager", "desk", "township"];

    private static readonly TimeOnly Morning = new(9, 0);

    private readonly PolicyOffice _office = new(server);

    [Fact]
    public async Task Days_without_a_rule_show_every_page_and_refuse_what_needs_one_during_them_and_after_them()
    {
        var scene = await SettledScene.BuildAsync(server);
        var desk = new Desk(server);
        (await desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        await scene.CompletedVouchersAsync(1);
        await scene.EnrolledVouchersAsync(1);
        var first = _office.Today.AddDays(3);
        await PolicyGap.OpenAsync(server, first, first.AddDays(Days - 1));

        server.Clock.MoveTo(first, Morning);
        await RefuseAsync();
        foreach (var login in LogIns) await OpenAsync(login, isGap: true);
        Assert.NotEmpty(await server.Get<ReportCalendar>().OfYearAsync(first.Year));
        await _office.DraftAsync(after: (await _office.Policies.ListAsync())[0]);

        server.Clock.MoveTo(first.AddDays(Days + 2), Morning);
        foreach (var login in LogIns) await OpenAsync(login, isGap: false);
    }

    /// <summary>Follows every link, and presses every button during the days without a rule.</summary>
    private async Task OpenAsync(string login, bool isGap)
    {
        using var portal = await server.OpenPortalAsync(login);
        var (links, forms) = await PortalWalk.WalkAsync(portal);
        List<string> faults = [];
        // The scene writes scans without an answer, which the live page cannot show on any day.
        foreach (var link in links.Where(link => link != "/live"))
        {
            using var page = await portal.GetAsync(link);
            if (page.StatusCode >= HttpStatusCode.InternalServerError) faults.Add($"{link}: {(int)page.StatusCode}");
        }
        foreach (var form in forms.Where(form => isGap && form.Method == "POST" && !form.Action.StartsWith("/log-out", StringComparison.Ordinal)))
        {
            using var answer = await portal.PostAsync(form.Action, new FormUrlEncodedContent(form.Fields));
            if (answer.StatusCode >= HttpStatusCode.InternalServerError) faults.Add($"{form}: {(int)answer.StatusCode}");
        }
        var said = server.Log.Lines.Select(one => one.Line).Where(line => line.StartsWith("Error", StringComparison.Ordinal)).TakeLast(2);
        Assert.True(faults.Count == 0, $"{login}, {server.Clock.GetUtcNow():O}:\n{string.Join('\n', faults.Concat(said))}");
        Assert.True(links.Count > 3, $"{login} reaches {links.Count} pages only.");
    }

    /// <summary>One decision of each kind, and what only shows beside it.</summary>
    private async Task RefuseAsync()
    {
        var scans = new ScanScene(server);
        using var terminal = await scans.PairAsync();
        var training = await scans.OpenClassAsync();
        using var scan = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", terminal.NewScan(Core.Wire.ScanMode.Enrol, training, await scans.IssueAsync()));
        await RefusedAsync(scan);
        using var setup = await terminal.Client.GetAsync("/api/terminal/setup");
        Assert.Equal(HttpStatusCode.OK, setup.StatusCode);

        using var manager = await server.LogInAsync("manager");
        await RefusedAsync(await manager.PostAsJsonAsync("/api/claims", new { voucherNumbers = (string[]?)null }));
        using var approver = await server.LogInAsync("approver");
        await RefusedAsync(await approver.PostAsync($"/api/classes/{await scans.OpenClassAsync(isApproved: false)}/approve", null));
        using var clerk = await server.LogInAsync("clerk");
        await RefusedAsync(await clerk.PostAsJsonAsync("/api/batches/preview", TestPeople.Request(0)));
        var voucher = await scans.IssueAsync();
        await RefusedAsync(await clerk.PostAsJsonAsync($"/api/vouchers/{voucher.Id.ToString().Replace(" ", "", StringComparison.Ordinal)}/hand-over", new { }));
        await RefusedAsync(await clerk.PostAsJsonAsync("/api/eligibility", new { personId = voucher.Person.Value }));
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("no-verdict", await portal.GetStringAsync($"/register/people/{voucher.Person}"), StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(RefusalCode.NoRuleInForce, await Problem.RefusalAsync(answer));
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        }
    }
}
