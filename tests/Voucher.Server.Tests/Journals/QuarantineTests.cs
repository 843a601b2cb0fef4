using System.Net;
using System.Net.Http.Json;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Journals;

/// <summary>A journal that cannot be honest stops its terminal until a person has looked. Moves the server's clock.</summary>
public sealed class QuarantineTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IDisposable
{
    private readonly ConflictScene _scene = new(server);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_forged_entry_stops_the_terminal_everywhere_until_it_is_released_with_a_reason()
    {
        await QuarantineAsync();
        var (terminal, id) = (_scene.Here.Terminal, _scene.Here.Terminal.Id.Value);
        var answer = await _scene.Scans.LogInAsync(terminal.Client, id, terminal.Key);
        Assert.Equal(TerminalStatus.Quarantined, answer.Status);
        // Whatever token it has, it gets no setup, and neither its scans nor its journal are taken.
        using var setup = await terminal.Client.GetAsync("/api/terminal/setup");
        Assert.Equal(RefusalCode.TerminalNotActive, await Problem.RefusalAsync(setup));
        using var upload = await _scene.Here.UploadAsync();
        Assert.Equal(RefusalCode.TerminalNotActive, await Problem.RefusalAsync(upload));
        using var scan = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", terminal.NewScan(ScanMode.Enrol, _scene.ClassHere, _scene.Voucher) with { Sequence = 99 });
        Assert.Equal(RefusalCode.TerminalNotActive, await Problem.RefusalAsync(scan));

        using var portal = await server.OpenPortalAsync("reviewer");
        Assert.Contains("terminals-quarantined", await portal.GetStringAsync("/"));
        Assert.Contains($"/terminals/{id}/journal", await portal.GetStringAsync("/conflicts"));
        var page = await portal.GetStringAsync($"/terminals/{id}/journal");
        Assert.Contains("日志签名不符", page);
        Assert.Contains("请当面查看机器", page);
        using var silent = await ReleaseAsync(portal, id, " ");
        Assert.Contains("请填写", await silent.Content.ReadAsStringAsync());
        using var released = await ReleaseAsync(portal, id, "当面查看，硬盘坏道所致");
        Assert.Equal(HttpStatusCode.Redirect, released.StatusCode);

        await _scene.Scans.LogInAsync(terminal);
        Assert.Equal(id, (await _scene.Here.SetupAsync()).TerminalId);
        var after = await portal.GetStringAsync($"/terminals/{id}/journal");
        Assert.Contains("硬盘坏道所致", after);
        Assert.DoesNotContain("release-form", after);
        Assert.Equal(1, await _scene.AskAsync<long>("select count(*) from audit_entry where action = 'terminal.release' and subject = @subject", new { subject = $"terminal:{id}" }));
        using var twice = await ReleaseAsync(portal, id, "再放一次");
        Assert.Contains("808", await twice.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_disk_that_was_set_back_is_shown_stops_nothing_and_is_closed_by_a_person()
    {
        await _scene.BeginAsync();
        _scene.Here.Scan(ScanMode.Enrol, _scene.ClassHere, _scene.Voucher);
        _scene.Advance(5);
        await _scene.Here.ComeBackAsync();
        _scene.Here.SetBack(1);
        var suspect = _scene.Here.Scan(ScanMode.CheckIn, _scene.ClassHere, _scene.Voucher);
        _scene.Advance(5);
        await _scene.Here.ComeBackAsync();
        var id = _scene.Here.Terminal.Id.Value;
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync($"/terminals/{id}/journal");
        Assert.Contains("硬盘被恢复到以前的样子", page);
        Assert.Contains("终端硬盘被恢复之后的记录", page);
        Assert.Contains(suspect.ToString()[..8], page);
        // A clerk closes the fault; the entry itself waits for a reviewer.
        Assert.DoesNotContain("entries-accept", page);
        using var noted = await ReleaseAsync(portal, id, "机构重装过系统");
        Assert.Equal(HttpStatusCode.Redirect, noted.StatusCode);
        Assert.Equal(2, await _scene.AskAsync<int>("select status::int from terminal where id = @id", new { id }));
        Assert.Equal(0, await _scene.AskAsync<long>("select count(*) from journal_fault where terminal_id = @id and decided_at is null", new { id }));
    }

    [Theory]
    [InlineData("auditor", true)]
    [InlineData("finance", false)]
    [InlineData("manager", false)]
    [InlineData("desk", false)]
    public async Task An_auditor_reads_the_journal_others_do_not_and_none_of_them_releases(string login, bool mayRead)
    {
        await QuarantineAsync();
        var id = _scene.Here.Terminal.Id.Value;
        using var portal = await server.OpenPortalAsync(login);
        using var page = await portal.GetAsync($"/terminals/{id}/journal");
        Assert.Equal(mayRead ? HttpStatusCode.OK : HttpStatusCode.Redirect, page.StatusCode);
        if (mayRead) Assert.DoesNotContain("release-form", await page.Content.ReadAsStringAsync());
        using var released = await ReleaseAsync(portal, id, "放行", from: "/");
        Assert.Equal("/not-allowed", new Uri(server.Address, released.Headers.Location!).AbsolutePath);
        Assert.Equal(4, await _scene.AskAsync<int>("select status::int from terminal where id = @id", new { id }));
    }

    [Fact]
    public async Task A_terminal_that_is_not_there_has_no_journal_and_one_that_never_sent_says_so()
    {
        await _scene.BeginAsync();
        using var portal = await server.OpenPortalAsync("clerk");
        using var nobody = await portal.GetAsync("/terminals/999999/journal");
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        var page = await portal.GetStringAsync($"/terminals/{_scene.There.Terminal.Id}/journal");
        Assert.Contains("还没有收到记录", page);
        Assert.Contains("faults-none", page);
    }

    private async Task QuarantineAsync()
    {
        await _scene.BeginAsync();
        _scene.Here.Scan(ScanMode.Enrol, _scene.ClassHere, _scene.Voucher);
        _scene.Here.Forge();
        using var answer = await _scene.Here.UploadAsync();
        Assert.Equal(RefusalCode.TerminalQuarantined, await Problem.RefusalAsync(answer));
    }

    private static async Task<HttpResponseMessage> ReleaseAsync(HttpClient portal, int terminal, string reason, string? from = null) =>
        await portal.PostAsync($"/terminals/{terminal}/journal?handler=Release", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["reason"] = reason, ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await portal.GetStringAsync(from ?? $"/terminals/{terminal}/journal")),
        }));
}
