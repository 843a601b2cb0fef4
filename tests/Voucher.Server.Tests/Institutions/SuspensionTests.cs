using System.Net.Http.Json;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Institutions.Accrediting;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Institutions;

/// <summary>What a suspension or withdrawal does at the desks, and when it falls away.</summary>
public sealed class SuspensionTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly AccreditationDesk _desk = new(server);
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task A_suspension_reaches_terminals_at_once_and_stops_enrolment_but_not_those_in_training()
    {
        const int institution = 3;
        var id = await _desk.TakenOverAsync(institution);
        using var terminal = await _scene.PairAsync(institution);
        var training = await _scene.OpenClassAsync(institution, programmeCode: 1005);
        var learner = await _scene.IssueAsync();
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, learner)).Accepted);
        Assert.True((await ClassOnAsync(terminal, training.Value)).AccreditedUntil > _desk.Today);
        using var line = await HubSocket.OpenAsync(server.Address, HubNames.TerminalHubPath, options =>
            options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString()));

        await _desk.StepAsync("reviewer", id, "suspend", new { reason = "抽查发现代签到" });
        Assert.Equal(HubNames.SetupChanged, (await line.ReadAsync()).GetProperty("target").GetString());
        Assert.True((await ClassOnAsync(terminal, training.Value)).AccreditedUntil < _desk.Today);
        Assert.Equal((int)RefusalCode.InstitutionNotAccredited, (await terminal.ScanAsync(ScanMode.Enrol, training, await _scene.IssueAsync())).Refusal);
        Assert.True((await terminal.ScanAsync(ScanMode.CheckIn, training, learner)).Accepted);
        using var anybody = new HttpClient { BaseAddress = server.Address };
        Assert.Contains("暂停招生", await anybody.GetStringAsync("/institutions/published"), StringComparison.Ordinal);

        using (var own = await _desk.TryAsync("reviewer", id, "confirm")) Assert.Equal(RefusalCode.SamePerson, await Problem.RefusalAsync(own));
        await _desk.StepAsync("approver", id, "confirm");
        await _desk.StepAsync("approver", id, "lift", new { reason = "整改已验收" });
        Assert.Equal(HubNames.SetupChanged, (await line.ReadAsync()).GetProperty("target").GetString());
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, await _scene.IssueAsync())).Accepted);
    }

    [Fact]
    public async Task An_unconfirmed_suspension_falls_away_and_a_confirmed_one_lasts_until_its_day()
    {
        const int institution = 4; // Accredited for years, so that no turn of the year comes between.
        var id = await _desk.TakenOverAsync(institution);
        await _desk.StepAsync("clerk", id, "suspend", new { reason = "群众举报" });
        await LaterAsync(days: 6, async () => Assert.Contains(" t ", await _desk.StandingAsync(institution), StringComparison.Ordinal));
        await LaterAsync(days: 8, async () => Assert.Contains(" f ", await _desk.StandingAsync(institution), StringComparison.Ordinal));
        Assert.Equal(1, await _desk.AskAsync<int>("select count(*) from accreditation_step where accreditation_id = @id and command = 13 and staff_id is null", new { id }));

        await _desk.StepAsync("clerk", id, "suspend", new { reason = "再次举报", until = _desk.Today.AddDays(10) });
        await _desk.StepAsync("approver", id, "confirm");
        await LaterAsync(days: 10, async () => Assert.Contains(" t ", await _desk.StandingAsync(institution), StringComparison.Ordinal));
        await LaterAsync(days: 11, async () => Assert.Contains(" f ", await _desk.StandingAsync(institution), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_withdrawal_suspends_when_proposed_and_ends_the_accreditation_when_confirmed()
    {
        var (institution, id) = await _desk.AccreditAsync();
        await _desk.StepAsync("clerk", id, "propose-withdrawal", new { reason = "套取补贴" });
        Assert.Contains(" t ", await _desk.StandingAsync(institution), StringComparison.Ordinal);
        await _desk.StepAsync("reviewer", id, "return", new { reason = "证据不足" });
        Assert.Contains(" f ", await _desk.StandingAsync(institution), StringComparison.Ordinal);

        await _desk.StepAsync("clerk", id, "propose-withdrawal", new { reason = "套取补贴，证据确凿" });
        using (var own = await _desk.TryAsync("clerk", id, "confirm")) Assert.Equal(System.Net.HttpStatusCode.Forbidden, own.StatusCode);
        await _desk.StepAsync("approver", id, "confirm");
        Assert.Contains($" {_desk.Today.AddDays(-1):yyyy-MM-dd} f", await _desk.StandingAsync(institution), StringComparison.Ordinal);
        using var auditor = await server.OpenPortalAsync("auditor");
        var page = await auditor.GetStringAsync($"/institutions/{institution}");
        Assert.Contains("data-standing=\"Withdrawn\"", page, StringComparison.Ordinal);
        Assert.Contains("证据确凿", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspension_outlasts_the_turn_of_the_year_and_a_withdrawal_takes_the_next_year_with_it()
    {
        var (institution, id) = await _desk.AccreditAsync();
        var next = await _desk.SubmitAsync(institution, _desk.Today.Year + 1);
        await _desk.ProposeAsync(next);
        await _desk.StepAsync("approver", next, "confirm");
        await _desk.StepAsync("clerk", id, "suspend", new { reason = "代签到" });
        await _desk.StepAsync("approver", id, "confirm");
        var back = server.Clock.GetUtcNow();
        server.Clock.MoveTo(new DateOnly(_desk.Today.Year + 1, 1, 1), new TimeOnly(0, 5));
        await server.Get<StandingUpkeep>().RunOnceAsync();
        Assert.Equal(next, await _desk.TakenOverAsync(institution));
        Assert.Contains(" t ", await _desk.StandingAsync(institution), StringComparison.Ordinal);
        using (var auditor = await server.OpenPortalAsync("auditor"))
            Assert.Contains("代签到", await auditor.GetStringAsync($"/institutions/{institution}"), StringComparison.Ordinal);
        server.Clock.Advance(back - server.Clock.GetUtcNow());

        await _desk.StepAsync("clerk", id, "propose-withdrawal", new { reason = "套取补贴" });
        await _desk.StepAsync("approver", id, "confirm");
        Assert.Equal(7, await _desk.AskAsync<int>("select state from accreditation where id = @next", new { next }));
        Assert.Equal(1, await _desk.AskAsync<int>("select count(*) from audit_entry where action = 'accreditation.confirm' and detail like 'withdrawn with%' and subject = @subject", new { subject = $"accreditation:{next}" }));
        Assert.Contains($" {_desk.Today.AddDays(-1):yyyy-MM-dd} f", await _desk.StandingAsync(institution), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_suspended_before_there_were_accreditations_stays_so_when_a_withdrawal_is_turned_down()
    {
        const int institution = 6;
        var id = await _desk.TakenOverAsync(institution);
        await _desk.AskAsync<object>("update accreditation set state = 5, suspended_at = now() where id = @id returning 1", new { id });
        await _desk.StepAsync("clerk", id, "propose-withdrawal", new { reason = "旧案" });
        await _desk.StepAsync("reviewer", id, "return", new { reason = "证据不足" });
        Assert.Contains(" t ", await _desk.StandingAsync(institution), StringComparison.Ordinal);
        await _desk.StepAsync("approver", id, "lift", new { reason = "整改已验收" });
        await _desk.StepAsync("clerk", id, "propose-withdrawal", new { reason = "新案" });
        await _desk.StepAsync("reviewer", id, "return", new { reason = "证据不足" });
        Assert.Contains(" f ", await _desk.StandingAsync(institution), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_institution_opens_no_class()
    {
        var id = await _desk.TakenOverAsync(1);
        var room = new Classes.ClassRoom(server);
        await _desk.StepAsync("clerk", id, "suspend", new { reason = "待查" });
        using (var manager = await server.LogInAsync("manager"))
        using (var refused = await manager.PostAsJsonAsync("/api/classes", room.Form()))
            Assert.Equal(RefusalCode.InstitutionNotAccredited, await Problem.RefusalAsync(refused));
        await _desk.StepAsync("reviewer", id, "return", new { reason = "查无实据" });
        await room.OpenAsync();
    }

    /// <summary>The upkeep of so many days from now; the clock goes back afterwards.</summary>
    private async Task LaterAsync(int days, Func<Task> check)
    {
        server.Clock.Advance(TimeSpan.FromDays(days));
        await server.Get<StandingUpkeep>().RunOnceAsync();
        server.Clock.Advance(-TimeSpan.FromDays(days));
        await check();
    }

    private static async Task<TerminalClass> ClassOnAsync(TestTerminal terminal, long id) =>
        (await terminal.Client.GetFromJsonAsync<TerminalSetup>("/api/terminal/setup"))!.Classes.Single(known => known.Id == id);
}
