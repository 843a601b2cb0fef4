using System.Net;
using Voucher.Core;

namespace Voucher.Server.Tests.Classes;

public sealed class ClassPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ClassRoom _room = new(server);

    [Fact]
    public async Task A_class_named_like_a_script_is_only_text()
    {
        const string name = "<script>alert(1)</script>";
        var form = _room.Form(name);
        form["site"] = "\"><img src=x onerror=alert(1)>";
        var id = await _room.OpenAsync(form);
        using var portal = await server.OpenPortalAsync("approver");
        foreach (var path in new[] { "/classes", $"/classes/{id}", $"/classes/{id}/attendance" })
        {
            var page = await portal.GetStringAsync(path);
            Assert.DoesNotContain(name, page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", page.Replace("<img src=\"/icon", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_form_opens_a_class_and_the_approver_approves_it_by_page()
    {
        using var manager = await server.OpenPortalAsync("manager");
        using var opened = await manager.PostAsync("/classes/new", await FormAsync(manager, "网页班"));
        Assert.True(opened.StatusCode == HttpStatusCode.Redirect, await opened.Content.ReadAsStringAsync());
        var path = opened.Headers.Location!.ToString();
        using var approver = await server.OpenPortalAsync("approver");
        using var approved = await approver.PostAsync($"{path}?handler=Approve", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await approver.GetStringAsync(path)),
        }));
        Assert.Equal(HttpStatusCode.Redirect, approved.StatusCode);
        Assert.Contains("data-status=\"Approved\"", await manager.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_keeps_what_was_typed_and_marks_what_is_wrong()
    {
        using var manager = await server.OpenPortalAsync("manager");
        using var answer = await manager.PostAsync("/classes/new", await FormAsync(manager, "保留的名字", capacity: "四十"));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("value=\"保留的名字\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"四十\"", page, StringComparison.Ordinal);
        Assert.Contains("id=\"capacity-error\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"sessions[0].heldOn\" value=\"" + CountyTime.Show(_room.Today), page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?status=Nonsense")]
    [InlineData("?institutionId=abc")]
    [InlineData("?pageNumber=-1")]
    [InlineData("?status=Approved&lacksSpotCheck=true")]
    public async Task A_list_with_a_strange_query_is_still_a_list(string query)
    {
        using var clerk = await server.OpenPortalAsync("clerk");
        using var answer = await clerk.GetAsync($"/classes{query}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("status", "Nonsense")]
    [InlineData("status", "7")]
    [InlineData("institutionId", "abc")]
    [InlineData("page", "0")]
    public async Task The_api_names_a_bad_query(string field, string value)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.GetAsync($"/api/classes?{field}={value}");
        Assert.Equal([field], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task The_county_cannot_open_the_form_of_an_institution()
    {
        using var clerk = await server.OpenPortalAsync("clerk");
        using var answer = await clerk.GetAsync("/classes/new");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("/not-allowed", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    private async Task<FormUrlEncodedContent> FormAsync(HttpClient portal, string name, string capacity = "30") => new(new Dictionary<string, string>
    {
        ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/classes/new")),
        ["programmeCode"] = "1002", ["name"] = name, ["site"] = "锁南镇", ["capacity"] = capacity,
        ["startsOn"] = CountyTime.Show(_room.Today), ["endsOn"] = CountyTime.Show(_room.Today.AddDays(1)),
        ["sessions[0].heldOn"] = CountyTime.Show(_room.Today), ["sessions[0].startsAt"] = "08:30", ["sessions[0].endsAt"] = "12:00",
        ["sessions[0].isPractice"] = "true", ["sessions[0].hours"] = "4",
    });
}
