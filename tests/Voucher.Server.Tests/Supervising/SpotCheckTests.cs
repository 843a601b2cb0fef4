using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Tests.Classes;

namespace Voucher.Server.Tests.Supervising;

public sealed class SpotCheckTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ClassRoom _room = new(server);

    [Theory]
    [InlineData("clerk")]
    [InlineData("reviewer")]
    public async Task A_class_lacks_its_spot_check_until_one_is_recorded(string login)
    {
        var id = await _room.OpenApprovedAsync(_room.Form($"待抽查 {login}"));
        using var portal = await server.OpenPortalAsync(login);
        Assert.Contains($"待抽查 {login}", await portal.GetStringAsync("/classes?lacksSpotCheck=true"), StringComparison.Ordinal);
        using var client = await server.LogInAsync(login);
        using var answer = await CheckAsync(client, id, new { present = 28, finding = "人课一致", isClean = true });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.DoesNotContain($"待抽查 {login}", await portal.GetStringAsync("/classes?lacksSpotCheck=true"), StringComparison.Ordinal);
        var details = await client.GetFromJsonAsync<JsonElement>($"/api/classes/{id}");
        Assert.Equal(28, details.GetProperty("spotChecks")[0].GetProperty("present").GetInt32());
    }

    [Fact]
    public async Task Every_bad_field_is_named()
    {
        var id = await _room.OpenApprovedAsync();
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await CheckAsync(clerk, id, new { present = -1, finding = new string('长', 501) });
        Assert.Equal(["finding", "isClean", "present"], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task A_class_that_is_not_approved_or_has_not_begun_cannot_be_checked()
    {
        var check = new { present = 1, finding = "x", isClean = true };
        using var clerk = await server.LogInAsync("clerk");
        using var submitted = await CheckAsync(clerk, await _room.OpenAsync(), check);
        Assert.Equal(RefusalCode.ClassNotApproved, await Problem.RefusalAsync(submitted));
        var form = _room.Form();
        (form["startsOn"], form["sessions"]) = (_room.Today.AddDays(1), new[] { ClassRoom.Session(_room.Today.AddDays(1), "08:30", "12:00", true) });
        using var early = await CheckAsync(clerk, await _room.OpenApprovedAsync(form), check);
        Assert.Equal(RefusalCode.WrongStep, await Problem.RefusalAsync(early));
    }

    [Theory]
    [InlineData("manager")]
    [InlineData("approver")]
    [InlineData("auditor")]
    public async Task Others_may_not_record_one(string login)
    {
        var id = await _room.OpenApprovedAsync();
        using var client = await server.LogInAsync(login);
        using var answer = await CheckAsync(client, id, new { present = 1, finding = "x", isClean = true });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static Task<HttpResponseMessage> CheckAsync(HttpClient client, ClassId id, object check) =>
        client.PostAsJsonAsync($"/api/classes/{id}/spot-checks", check);
}
