using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Server.Tests.Institutions;

namespace Voucher.Server.Tests.Policies;

/// <summary>Institutions and what they teach by on a day that no pack covers: no new right, and every one can be stopped.</summary>
public sealed class AccreditationGapTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly AccreditationDesk _institutions = new(server);

    [Fact]
    public async Task Without_a_rule_no_institution_gets_a_right_and_every_one_can_be_stopped()
    {
        var returned = await _institutions.SubmitAsync(await _institutions.EnterAsync());
        await _institutions.StepAsync("reviewer", returned, "send-back");
        var handedIn = await _institutions.SubmitAsync(await _institutions.EnterAsync());
        var proposed = await _institutions.SubmitAsync(await _institutions.EnterAsync());
        await _institutions.ProposeAsync(proposed);
        var (_, granted) = await _institutions.AccreditAsync();
        using var clerk = await server.LogInAsync("clerk");
        var (first, second) = (await TeachAsync(clerk), await TeachAsync(clerk));
        var form = await _institutions.FormAsync();
        await PolicyGap.OpenAsync(server, _institutions.Today, _institutions.Today);
        using var decider = await server.LogInAsync("approver");

        GapActs acts = new();
        acts.GoesOn("change an application", () => clerk.PutAsJsonAsync($"/api/accreditations/{returned}", form));
        acts.Refused("hand an application in", () => _institutions.TryAsync("clerk", returned, "submit"));
        acts.GoesOn("take an application back", () => _institutions.TryAsync("clerk", returned, "take-back"));
        acts.GoesOn("record an inspection", () => _institutions.TryAsync("reviewer", handedIn, "inspect", new { on = _institutions.Today, finding = "场地不足" }));
        acts.Refused("propose to grant", () => _institutions.TryAsync("reviewer", handedIn, "propose-grant", new { capacity = 35, programmeCodes = new[] { 1001 } }));
        acts.GoesOn("propose to refuse", () => _institutions.TryAsync("reviewer", handedIn, "propose-refusal"));
        acts.GoesOn("refuse", () => _institutions.TryAsync("approver", handedIn, "confirm"));
        acts.Refused("grant", () => _institutions.TryAsync("approver", proposed, "confirm"));
        acts.GoesOn("turn a grant down", () => _institutions.TryAsync("approver", proposed, "return"));
        acts.GoesOn("suspend", () => _institutions.TryAsync("reviewer", granted, "suspend"));
        acts.GoesOn("confirm a suspension", () => _institutions.TryAsync("approver", granted, "confirm"));
        acts.Refused("lift a suspension", () => _institutions.TryAsync("approver", granted, "lift"));
        acts.GoesOn("propose a withdrawal", () => _institutions.TryAsync("reviewer", granted, "propose-withdrawal"));
        acts.GoesOn("withdraw", () => _institutions.TryAsync("approver", granted, "confirm"));
        acts.Refused("approve a syllabus", () => decider.PostAsync($"/api/programmes/documents/{first}/approve", null));
        acts.GoesOn("refuse a syllabus", () => decider.PostAsJsonAsync($"/api/programmes/documents/{second}/refuse", new { reason = "缺安全课时" }));
        await acts.AssertAsync();
    }

    private async Task<int> TeachAsync(HttpClient clerk)
    {
        var programme = await _institutions.AskAsync<int>("select id from programme where code = 1003");
        using var answer = await clerk.PostAsJsonAsync($"/api/programmes/{programme}/documents", new { kind = "Syllabus", title = "大纲", body = "一、安全" });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }
}
