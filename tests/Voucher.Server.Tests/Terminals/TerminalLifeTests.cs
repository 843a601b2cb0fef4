using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Accounts;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Terminals;

/// <summary>What the county does with a terminal after its pairing: another name, another place, another device, the end.</summary>
public sealed class TerminalLifeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task A_name_that_the_institution_has_already_is_refused_at_its_field_and_the_code_still_works()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var first = await PairAsync(clerk, "同名一号");
        Assert.True(first.IsSuccessStatusCode);
        var code = await CodeAsync(clerk, new { institutionId = 1 });
        using var second = await PresentAsync(clerk, code, "同名一号");
        Assert.Equal(["name"], await Problem.FieldsAsync(second));
        using var again = await PresentAsync(clerk, code, "同名二号");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using var elsewhere = await PresentAsync(clerk, await CodeAsync(clerk, new { institutionId = 2 }), "同名一号");
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
    }

    [Fact]
    public async Task A_new_name_is_on_the_terminal_at_once_and_in_the_trail()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var terminal = await _scene.PairAsync();
        using var other = await _scene.PairAsync();
        using var line = await ListenAsync(terminal);
        using var renamed = await clerk.PostAsJsonAsync($"/api/terminals/{terminal.Id}/rename", new { name = "  大厅南  " });
        Assert.Equal(HttpStatusCode.NoContent, renamed.StatusCode);
        Assert.Equal(HubNames.SetupChanged, (await line.ReadAsync()).GetProperty("target").GetString());
        Assert.Equal("大厅南", (await SetupAsync(terminal)).TerminalName);
        Assert.Contains(await server.Get<FleetStore>().ActsAsync(terminal.Id), act => act.Action == "terminal.rename" && act.Detail.EndsWith("→ 大厅南", StringComparison.Ordinal));

        using var taken = await clerk.PostAsJsonAsync($"/api/terminals/{other.Id}/rename", new { name = "大厅南" });
        Assert.Equal(["name"], await Problem.FieldsAsync(taken));
        using var tooLong = await clerk.PostAsJsonAsync($"/api/terminals/{other.Id}/rename", new { name = new string('名', PairTerminal.LongestName + 1) });
        Assert.Equal(["name"], await Problem.FieldsAsync(tooLong));
    }

    /// <summary>What changed since the terminal fetched its setup was told to lines that stood already.</summary>
    [Fact]
    public async Task A_newcomer_is_told_to_ask_for_its_setup_when_every_later_notice_reaches_it()
    {
        using var terminal = await _scene.PairAsync();
        using var line = await ListenAsync(terminal);
        Assert.Contains(line.Welcome, message => message.GetProperty("target").GetString() == HubNames.SetupChanged);
    }

    [Fact]
    public async Task A_moved_terminal_works_for_its_new_institution_and_its_past_stays_the_old_ones()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var terminal = await _scene.PairAsync(institution: 1);
        var (here, there) = (await _scene.OpenClassAsync(institution: 1), await _scene.OpenClassAsync(institution: 2));
        using var line = await ListenAsync(terminal);
        var before = server.Clock.GetUtcNow();
        using var moved = await clerk.PostAsJsonAsync($"/api/terminals/{terminal.Id}/move", new { institutionId = 2, reason = "乡镇点合并" });
        Assert.Equal(HttpStatusCode.NoContent, moved.StatusCode);
        Assert.Equal(HubNames.SetupChanged, (await line.ReadAsync()).GetProperty("target").GetString());

        var setup = await SetupAsync(terminal);
        Assert.Contains(setup.Classes, known => known.Id == there.Value);
        Assert.DoesNotContain(setup.Classes, known => known.Id == here.Value);
        var refused = await terminal.ScanAsync(ScanMode.Enrol, here, await _scene.IssueAsync());
        Assert.Equal((int)RefusalCode.ClassOfOtherInstitution, refused.Refusal);
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, there, await _scene.IssueAsync())).Accepted);

        var places = server.Get<TerminalPlaceStore>();
        Assert.Equal(new InstitutionId(1), await places.InstitutionAtAsync(terminal.Id, before));
        Assert.Equal(new InstitutionId(1), await places.InstitutionAtAsync(terminal.Id, before.AddYears(-3)));
        Assert.Equal(new InstitutionId(2), await places.InstitutionAtAsync(terminal.Id, server.Clock.GetUtcNow()));
        Assert.Null(await places.InstitutionAtAsync(new TerminalId(1_000_000), before));
        var place = (await places.ListAsync(terminal.Id))[0];
        Assert.Equal(("乡镇点合并", null), (place.Reason, place.Until));

        // Its line belongs to the new institution's terminals now, and no longer to the old one's.
        await server.Get<TerminalNotices>().SetupChangedAsync(new InstitutionId(1));
        await server.Get<TerminalNotices>().SetupChangedAsync(new InstitutionId(2));
        await server.Get<TerminalNotices>().RevokedAsync(terminal.Id);
        Assert.Equal(HubNames.SetupChanged, (await line.ReadAsync()).GetProperty("target").GetString());
        Assert.Equal(HubNames.Revoked, (await line.ReadAsync()).GetProperty("target").GetString());
    }

    [Theory]
    [InlineData(1, "理由", "institutionId")]
    [InlineData(987654, "理由", "institutionId")]
    [InlineData(null, "理由", "institutionId")]
    [InlineData(2, " ", "reason")]
    public async Task A_move_that_cannot_be_names_its_field(int? to, string reason, string field)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var terminal = await _scene.PairAsync(institution: 1);
        using var answer = await clerk.PostAsJsonAsync($"/api/terminals/{terminal.Id}/move", new { institutionId = to, reason });
        Assert.Equal([field], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task A_terminal_that_is_not_confirmed_or_is_revoked_is_not_moved()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var paired = await PairAsync(clerk, "未确认");
        var pending = (await paired.Content.ReadFromJsonAsync<PairingAnswer>())!.TerminalId;
        using var terminal = await _scene.PairAsync();
        using var revoked = await clerk.PostAsync($"/api/terminals/{terminal.Id}/revoke", null);
        foreach (var id in new[] { pending, terminal.Id.Value })
        {
            using var answer = await clerk.PostAsJsonAsync($"/api/terminals/{id}/move", new { institutionId = 2, reason = "x" });
            Assert.Equal(RefusalCode.TerminalWrongStep, await Problem.RefusalAsync(answer));
        }
        using var late = await clerk.PostAsJsonAsync($"/api/terminals/{terminal.Id}/rename", new { name = "新名" });
        Assert.Equal(RefusalCode.TerminalWrongStep, await Problem.RefusalAsync(late));
        using var missing = await clerk.PostAsJsonAsync("/api/terminals/1000000/move", new { institutionId = 2, reason = "x" });
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task A_new_device_takes_place_and_name_of_the_old_one_which_ends_at_that_moment()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var old = await _scene.PairAsync(institution: 2);
        var name = (await SetupAsync(old)).TerminalName;
        using var line = await ListenAsync(old);
        using var presented = await PresentAsync(clerk, await CodeAsync(clerk, new { replaces = old.Id.Value }), "随便什么");
        var next = (await presented.Content.ReadFromJsonAsync<PairingAnswer>())!.TerminalId;
        Assert.Equal(TerminalStatus.Active, (await server.Get<TerminalStore>().FindAsync(old.Id))!.Status);

        using var confirmed = await clerk.PostAsync($"/api/terminals/{next}/confirm", null);
        Assert.Equal(HttpStatusCode.NoContent, confirmed.StatusCode);
        Assert.Equal(HubNames.Revoked, (await line.ReadAsync()).GetProperty("target").GetString());
        var row = (await server.Get<FleetStore>().FindAsync(new TerminalId(next), server.Clock.GetUtcNow()))!;
        Assert.Equal((name, new InstitutionId(2), TerminalStatus.Active, old.Id), (row.Name, row.InstitutionId, row.Status, row.Replaces));
        var ended = (await server.Get<FleetStore>().FindAsync(old.Id, server.Clock.GetUtcNow()))!;
        Assert.Equal((TerminalStatus.Revoked, new TerminalId(next)), (ended.Status, ended.ReplacedBy));
        using var scan = await old.Client.PostAsJsonAsync("/api/terminal/scans", old.NewScan(ScanMode.Enrol, await _scene.OpenClassAsync(2), await _scene.IssueAsync()));
        Assert.Equal(RefusalCode.TerminalNotActive, await Problem.RefusalAsync(scan));

        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains($"href=\"/terminals/{next}\"", await portal.GetStringAsync($"/terminals/{old.Id}"));
        Assert.Contains($"href=\"/terminals/{old.Id}\"", await portal.GetStringAsync($"/terminals/{next}"));
    }

    [Fact]
    public async Task A_terminal_is_replaced_once()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var old = await _scene.PairAsync();
        List<int> devices = [];
        for (var i = 0; i < 2; i++)
        {
            using var presented = await PresentAsync(clerk, await CodeAsync(clerk, new { replaces = old.Id.Value }), "x");
            devices.Add((await presented.Content.ReadFromJsonAsync<PairingAnswer>())!.TerminalId);
        }
        using var first = await clerk.PostAsync($"/api/terminals/{devices[0]}/confirm", null);
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        using var second = await clerk.PostAsync($"/api/terminals/{devices[1]}/confirm", null);
        Assert.Equal(RefusalCode.TerminalWrongStep, await Problem.RefusalAsync(second));
    }

    [Fact]
    public async Task Only_who_may_pair_terminals_may_change_their_lives()
    {
        using var terminal = await _scene.PairAsync();
        using var approver = await server.LogInAsync("approver");
        foreach (var act in new[] { "rename", "move", "revoke" })
        {
            using var answer = await approver.PostAsJsonAsync($"/api/terminals/{terminal.Id}/{act}", new { name = "x", institutionId = 2, reason = "x" });
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        using var portal = await server.OpenPortalAsync("approver");
        using var page = await portal.GetAsync($"/terminals/{terminal.Id}");
        Assert.EndsWith("/not-allowed", page.Headers.Location?.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_act_of_the_page_needs_its_token_and_shows_what_is_wrong_at_its_field()
    {
        using var terminal = await _scene.PairAsync();
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync($"/terminals/{terminal.Id}");
        foreach (var act in new[] { "Rename", "Move", "Replace", "Revoke", "Confirm" })
        {
            using var forged = await portal.PostAsync($"/terminals/{terminal.Id}?handler={act}", new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "x" }));
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        }
        using var wrong = await SubmitAsync(portal, terminal.Id, "Move", page, new() { ["institutionId"] = "", ["reason"] = "" });
        var shown = await wrong.Content.ReadAsStringAsync();
        Assert.Contains("id=\"reason-error\"", shown);
        Assert.Contains("is-invalid\" id=\"institutionId\"", shown);
        using var done = await SubmitAsync(portal, terminal.Id, "Move", page, new() { ["institutionId"] = "2", ["reason"] = "换点" });
        Assert.Equal($"/terminals/{terminal.Id}", done.Headers.Location!.OriginalString);
        Assert.Contains("换点", await portal.GetStringAsync($"/terminals/{terminal.Id}"));
        using var code = await SubmitAsync(portal, terminal.Id, "Replace", page, []);
        Assert.Contains("data-testid=\"pairing-code\"", await code.Content.ReadAsStringAsync());
        using var twice = await SubmitAsync(portal, terminal.Id, "Confirm", page, []);
        Assert.Contains($"data-refusal=\"{(int)RefusalCode.TerminalWrongStep}\"", await twice.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> SubmitAsync(HttpClient portal, TerminalId id, string act, string page, Dictionary<string, string> fields) =>
        portal.PostAsync($"/terminals/{id}?handler={act}", new FormUrlEncodedContent(new Dictionary<string, string>(fields)
        {
            ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(page),
        }));

    private Task<HubSocket> ListenAsync(TestTerminal terminal) => HubSocket.OpenAsync(server.Address, HubNames.TerminalHubPath, options =>
        options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString()));

    private static async Task<TerminalSetup> SetupAsync(TestTerminal terminal) => (await terminal.Client.GetFromJsonAsync<TerminalSetup>("/api/terminal/setup"))!;

    private static async Task<string> CodeAsync(HttpClient clerk, object request) =>
        (await ScanScene.PostAsync<TerminalEndpoints.NewCode>(clerk, "/api/terminals/pairing-codes", request)).Code;

    private static async Task<HttpResponseMessage> PairAsync(HttpClient clerk, string name) =>
        await PresentAsync(clerk, await CodeAsync(clerk, new { institutionId = 1 }), name);

    private static async Task<HttpResponseMessage> PresentAsync(HttpClient client, string code, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return await client.PostAsJsonAsync("/api/terminals/pair", new PairingRequest(code, name, key.ExportSubjectPublicKeyInfo()));
    }
}
