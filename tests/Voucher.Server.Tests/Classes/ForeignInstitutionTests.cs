using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Refusals;

namespace Voucher.Server.Tests.Classes;

/// <summary>For the manager of another institution nothing of the first one exists.</summary>
public sealed class ForeignInstitutionTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ClassRoom _room = new(server);

    [Fact]
    public async Task Lists_do_not_show_it()
    {
        await _room.OpenAsync(_room.Form("别家看不见的班"));
        using var api = await server.LogInAsync("manager2");
        var page = await api.GetFromJsonAsync<JsonElement>("/api/classes?institutionId=1");
        Assert.Equal(0, page.GetProperty("classes").GetArrayLength());
        var institutions = await api.GetFromJsonAsync<JsonElement>("/api/institutions");
        Assert.Equal(1, institutions.GetArrayLength());
        using var portal = await server.OpenPortalAsync("manager2");
        Assert.DoesNotContain("别家看不见的班", await portal.GetStringAsync("/classes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_read_answers_not_found()
    {
        var id = await _room.OpenApprovedAsync();
        var own = await _room.AskAsync<int>("select institution_id from training_class where id = @id", new { id });
        using var api = await server.LogInAsync("manager2");
        foreach (var path in new[] { $"/api/classes/{id}", $"/api/classes/{id}/attendance", $"/api/institutions/{own}" })
            Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(path)).StatusCode);
        using var portal = await server.OpenPortalAsync("manager2");
        foreach (var path in new[] { $"/classes/{id}", $"/classes/{id}/attendance", $"/classes/{id}/edit", $"/institutions/{own}" })
            Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Every_write_answers_not_found_and_changes_nothing()
    {
        var id = await _room.OpenApprovedAsync();
        var (voucher, _, _) = await _room.EnrolAsync(id);
        using var api = await server.LogInAsync("manager2");
        var answers = new[]
        {
            await api.PutAsJsonAsync($"/api/classes/{id}", _room.Form()),
            await api.PostAsJsonAsync($"/api/classes/{id}/withdraw", new { voucherNumber = voucher.ToString(), reason = "x" }),
            await api.PostAsJsonAsync($"/api/classes/{id}/assessments", new[] { new { voucherNumber = voucher.ToString(), passed = true } }),
        };
        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal(RefusalCode.NotFound, await Problem.RefusalAsync(answer));
        }
        Assert.Equal(3, await _room.AskAsync<int>("select state from voucher where id = @voucher", new { voucher }));
        Assert.Equal(0, await _room.AskAsync<int>("select count(*) from assessment"));
    }

    [Fact]
    public async Task A_foreign_voucher_cannot_be_named_through_an_own_class()
    {
        var foreign = await _room.OpenApprovedAsync();
        var (voucher, _, _) = await _room.EnrolAsync(foreign);
        var other = await _room.OpenApprovedAsync();
        using var manager = await server.LogInAsync("manager");
        using var withdrawn = await manager.PostAsJsonAsync($"/api/classes/{other}/withdraw", new { voucherNumber = voucher.ToString(), reason = "x" });
        Assert.Equal(HttpStatusCode.NotFound, withdrawn.StatusCode);
        using var assessed = await manager.PostAsJsonAsync($"/api/classes/{other}/assessments", new[] { new { voucherNumber = voucher.ToString(), passed = true } });
        Assert.Equal(["[0].voucherNumber"], await Problem.FieldsAsync(assessed));
    }
}
