using System.Net;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Corrections;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Corrections;

public sealed class CorrectionTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    private CorrectionStore Store => server.Get<CorrectionStore>();

    [Fact]
    public async Task A_request_counts_once_however_often_the_journal_brings_it()
    {
        var (terminal, scan, _) = await ScannedAsync();
        using (terminal)
        {
            var now = server.Clock.GetUtcNow();
            Assert.True(await Store.AskAsync(terminal.Id, scan, CorrectionReason.WrongClass, "第一次", now, now));
            Assert.False(await Store.AskAsync(terminal.Id, scan, CorrectionReason.Other, "第二次", now, now));
            var kept = Assert.Single(await Store.OpenAsync(), request => request.ScanId == scan);
            Assert.Equal((CorrectionReason.WrongClass, "第一次", ScanMode.Enrol), (kept.Reason, kept.Note, kept.Mode!.Value));
        }
    }

    [Fact]
    public async Task A_note_that_is_too_long_or_unreadable_is_cut_and_the_fact_is_taken()
    {
        using var terminal = await _scene.PairAsync();
        var (now, scan) = (server.Clock.GetUtcNow(), Guid.NewGuid());
        Assert.True(await Store.AskAsync(terminal.Id, scan, CorrectionReason.Other, "\0" + string.Concat(Enumerable.Repeat("𠮷", Correction.LongestNote + 50)), now, now));
        var kept = Assert.Single(await Store.OpenAsync(), request => request.ScanId == scan);
        Assert.Equal(Correction.LongestNote, kept.Note.EnumerateRunes().Count());
        Assert.Null(kept.Mode);
    }

    [Fact]
    public async Task The_county_sees_it_on_its_first_page_decides_with_a_reason_and_is_told_what_to_do_next()
    {
        var (terminal, scan, training) = await ScannedAsync();
        using var _ = terminal;
        var now = server.Clock.GetUtcNow();
        await Store.AskAsync(terminal.Id, scan, CorrectionReason.WrongClass, "应报焊工班", now, now);
        var id = (await Store.OpenAsync()).Single(request => request.ScanId == scan).Id;
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("待决定的更正申请", await portal.GetStringAsync("/"));
        var page = await portal.GetStringAsync("/corrections");
        Assert.Contains("应报焊工班", page);
        Assert.Contains(terminal.Name, page);

        using var without = await DecideAsync(portal, page, id, "Granted", " ");
        Assert.Contains("is-invalid", await without.Content.ReadAsStringAsync());
        using var nonsense = await DecideAsync(portal, page, id, "17", "理由");
        Assert.Contains("is-invalid", await nonsense.Content.ReadAsStringAsync());
        using var done = await DecideAsync(portal, page, id, "Granted", "已核实");
        Assert.Equal("/corrections", done.Headers.Location!.OriginalString);
        var after = await portal.GetStringAsync("/corrections");
        Assert.Contains("已核实", after);
        Assert.Contains($"href=\"/classes/{training}\"", after);
        using var again = await DecideAsync(portal, page, id, "Declined", "反悔");
        Assert.Contains($"data-refusal=\"{(int)RefusalCode.WrongStep}\"", await again.Content.ReadAsStringAsync());
        using var missing = await DecideAsync(portal, page, 1_000_000, "Declined", "x");
        Assert.Contains($"data-refusal=\"{(int)RefusalCode.NotFound}\"", await missing.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("manager")]
    [InlineData("finance")]
    [InlineData("desk")]
    public async Task Nobody_else_decides(string login)
    {
        using var portal = await server.OpenPortalAsync(login);
        using var page = await portal.GetAsync("/corrections");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    private async Task<(TestTerminal Terminal, Guid Scan, string Class)> ScannedAsync()
    {
        var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync();
        var scan = terminal.NewScan(ScanMode.Enrol, training, await _scene.IssueAsync());
        Assert.True((await terminal.SendAsync(scan)).Accepted);
        return (terminal, scan.ScanId, training.ToString());
    }

    private static Task<HttpResponseMessage> DecideAsync(HttpClient portal, string page, long id, string decision, string reason) =>
        portal.PostAsync("/corrections", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["id"] = $"{id}", ["decision"] = decision, ["reason"] = reason, ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(page),
        }));
}
