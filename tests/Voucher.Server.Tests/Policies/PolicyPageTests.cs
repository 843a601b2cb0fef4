using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Policies;
using Voucher.Server.Policies;

namespace Voucher.Server.Tests.Policies;

public sealed class PolicyPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_clerk_drafts_from_a_shipped_pack_another_person_approves_and_the_export_says_what_was_approved()
    {
        using var clerk = await server.OpenPortalAsync("clerk");
        var edit = await PostAsync(clerk, "/policies", "/policies?handler=Draft", new() { ["source"] = ShippedPolicies.Suihua });
        Assert.Matches("^/policies/drafts/[0-9]+/edit$", edit);
        var draft = edit[..^"/edit".Length];
        var fields = Fields(ShippedPolicies.Find(ShippedPolicies.Suihua)!.ToPolicy(new(622926)));
        fields.RemoveAll(field => field.Key is "effectiveFrom" or "validityDays");
        var from = Core.CountyTime.Show(Core.CountyTime.DayOf(server.Clock.GetUtcNow()).AddDays(30));

        var wrong = await SendAsync(clerk, edit, edit, [.. fields, new("effectiveFrom", from), new("validityDays", "731")]);
        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        Assert.Contains("请填写 1 到 730 的整数（天）", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var saved = await SendAsync(clerk, edit, edit, [.. fields, new("effectiveFrom", from), new("validityDays", "200")]);
        Assert.Equal(draft, saved.Headers.Location?.OriginalString);
        Assert.Contains("data-change=\"validityDays\"", await clerk.GetStringAsync(draft), StringComparison.Ordinal);
        await PostAsync(clerk, draft, $"{draft}?handler=Submit", []);

        using var approver = await server.OpenPortalAsync("approver");
        Assert.Contains("待审批的政策草案", await approver.GetStringAsync("/"), StringComparison.Ordinal);
        var unsaid = await SendAsync(approver, draft, $"{draft}?handler=Refuse", []);
        Assert.Contains("请填写", await unsaid.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await PostAsync(approver, draft, $"{draft}?handler=Approve", []);
        var packs = await server.Get<PolicyStore>().ListAsync();
        var pack = packs.Single(known => known.DocumentNo == "绥人社发〔2019〕18号");
        var written = PolicyDocument.Read(await approver.GetStringAsync($"/policies/{pack.Id}?handler=Json")).OrThrow();
        Assert.Equal((200, "622926", 1), (written.Parameters.ValidityDays, written.Region, written.Version));
        var page = await approver.GetStringAsync($"/policies/{pack.Id}");
        Assert.Contains("二（二）6、以工代训最长不超过6个月", page, StringComparison.Ordinal);
        Assert.Contains("data-standing=\"Future\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_needs_a_source_that_there_is()
    {
        using var clerk = await server.OpenPortalAsync("clerk");
        foreach (var source in new[] { "", "9999", "draft-9999", "draft-x", "no-such-pack" })
        {
            var answer = await SendAsync(clerk, "/policies", "/policies?handler=Draft", [new("source", source)]);
            Assert.Contains("请选择底稿", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_institution_reads_the_rules_and_no_draft_and_only_a_clerk_drafts()
    {
        var id = await new PolicyOffice(server).DraftAsync();
        using var manager = await server.OpenPortalAsync("manager");
        var page = await manager.GetStringAsync("/policies");
        Assert.Contains("东县府办发〔2020〕57号", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/policies/drafts/", page, StringComparison.Ordinal);
        using var draft = await manager.GetAsync($"/policies/drafts/{id}");
        Assert.Equal(HttpStatusCode.NotFound, draft.StatusCode);
        using var edit = await manager.GetAsync($"/policies/drafts/{id}/edit");
        Assert.NotEqual(HttpStatusCode.OK, edit.StatusCode);
        using var approver = await server.OpenPortalAsync("approver");
        using var made = await SendAsync(approver, "/policies", "/policies?handler=Draft", [new("source", "1")]);
        Assert.NotEqual(HttpStatusCode.OK, made.StatusCode);
    }

    [Fact]
    public async Task Other_systems_read_the_packs()
    {
        using var auditor = await server.LogInAsync("auditor");
        var listed = (await auditor.GetFromJsonAsync<JsonElement>("/api/policies")).EnumerateArray().Single(pack => pack.GetProperty("standing").GetString() == "InForce");
        var known = await auditor.GetFromJsonAsync<JsonElement>($"/api/policies/{listed.GetProperty("id").GetInt32()}");
        Assert.Equal(Clauses.All.Count, known.GetProperty("clauses").GetArrayLength());
        Assert.Equal(90, known.GetProperty("parameters").GetProperty("validityDays").GetInt32());
        using var none = await auditor.GetAsync("/api/policies/9999");
        Assert.Equal(Core.Refusals.RefusalCode.NotFound, await Problem.RefusalAsync(none));
        using var desk = await server.LogInAsync("desk");
        using var refused = await desk.GetAsync("/api/policies");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static List<KeyValuePair<string, string>> Fields(Core.Policies.Policy pack) =>
        [.. PolicyFields.Of(pack).SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value)))];

    private static async Task<HttpResponseMessage> SendAsync(HttpClient portal, string page, string action, List<KeyValuePair<string, string>> fields)
    {
        var token = ServerUnderTest.Antiforgery(await portal.GetStringAsync(page));
        return await portal.PostAsync(action, new FormUrlEncodedContent([.. fields, new("__RequestVerificationToken", token)]));
    }

    /// <summary>Where the portal goes after it.</summary>
    private static async Task<string> PostAsync(HttpClient portal, string page, string action, Dictionary<string, string> fields)
    {
        using var answer = await SendAsync(portal, page, action, [.. fields]);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer.Headers.Location!.OriginalString;
    }
}
