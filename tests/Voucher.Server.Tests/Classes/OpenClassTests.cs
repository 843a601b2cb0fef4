using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Refusals;

namespace Voucher.Server.Tests.Classes;

public sealed class OpenClassTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ClassRoom _room = new(server);

    [Fact]
    public async Task A_class_is_handed_in_and_read_back_with_its_sessions()
    {
        var id = await _room.OpenAsync();
        using var manager = await server.LogInAsync("manager");
        var details = await manager.GetFromJsonAsync<JsonElement>($"/api/classes/{id}");
        Assert.Equal("Submitted", details.GetProperty("class").GetProperty("status").GetString());
        Assert.Equal(4, details.GetProperty("sessions").GetArrayLength());
        Assert.Equal("08:30:00", details.GetProperty("sessions")[0].GetProperty("startsAt").GetString());
    }

    [Fact]
    public async Task Every_bad_field_is_named_at_once()
    {
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync("/api/classes", new
        {
            name = new string('班', 61), site = "", capacity = 0, endsOn = _room.Today,
        });
        Assert.Equal(["capacity", "name", "programmeCode", "site", "startsOn"], await Problem.FieldsAsync(answer));
    }

    [Theory]
    [InlineData("{\"capacity\":\"many\"}", "capacity")]
    [InlineData("{\"sessions\":[{\"heldOn\":\"2026-13-01\"}]}", "sessions[0].heldOn")]
    [InlineData("{\"sessions\":[{\"startsAt\":\"25:00\"}]}", "sessions[0].startsAt")]
    public async Task A_field_of_the_wrong_type_is_named(string json, string field)
    {
        using var manager = await server.LogInAsync("manager");
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await manager.PostAsync("/api/classes", content);
        Assert.Equal([field], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task Sessions_that_overlap_or_lie_outside_the_dates_are_named()
    {
        var form = _room.Form();
        form["sessions"] = new object?[]
        {
            ClassRoom.Session(_room.Today, "08:30", "12:00", true),
            ClassRoom.Session(_room.Today, "11:00", "14:00", true),
            ClassRoom.Session(_room.Today.AddDays(3), "08:30", "12:00", true),
            ClassRoom.Session(_room.Today.AddDays(1), "12:00", "08:30", true),
            ClassRoom.Session(_room.Today.AddDays(1), "14:00", "15:00", true, hours: 4),
            null,
        };
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync("/api/classes", form);
        var fields = await Problem.FieldsAsync(answer);
        Assert.Equal(
            ["sessions[1].startsAt", "sessions[2].heldOn", "sessions[3].endsAt", "sessions[4].hours"],
            fields.Where(field => !field.StartsWith("sessions[5]", StringComparison.Ordinal)));
        Assert.Contains("sessions[5].heldOn", fields);
    }

    [Fact]
    public async Task More_sessions_than_the_limit_are_refused_by_name()
    {
        var form = _room.Form();
        form["sessions"] = Enumerable.Repeat(ClassRoom.Session(_room.Today, "08:30", "12:00", true), Server.Classes.SessionPlan.MostSessions + 1);
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync("/api/classes", form);
        Assert.Equal(["sessions"], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task A_class_may_not_begin_in_the_past_nor_last_more_than_a_year()
    {
        var form = _room.Form();
        (form["startsOn"], form["endsOn"], form["sessions"]) = (_room.Today.AddDays(-1), _room.Today.AddDays(400), Array.Empty<object>());
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync("/api/classes", form);
        Assert.Equal(["endsOn", "startsOn"], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task A_class_without_sessions_is_refused()
    {
        var form = _room.Form();
        form["sessions"] = Array.Empty<object>();
        Assert.Equal(RefusalCode.ClassHasNoSessions, await RefusedAsync(form));
    }

    [Fact]
    public async Task A_class_larger_than_the_accreditation_is_refused()
    {
        var form = _room.Form();
        form["capacity"] = 61;
        Assert.Equal(RefusalCode.CapacityOverAccreditation, await RefusedAsync(form));
    }

    [Fact]
    public async Task A_programme_that_the_institution_may_not_teach_is_refused()
    {
        var form = _room.Form();
        form["programmeCode"] = 1014;
        Assert.Equal(RefusalCode.InstitutionNotAccredited, await RefusedAsync(form));
    }

    [Fact]
    public async Task A_second_class_of_the_same_name_is_named_as_such()
    {
        var form = _room.Form("重名班");
        await _room.OpenAsync(form);
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync("/api/classes", form);
        Assert.Equal(["name"], await Problem.FieldsAsync(answer));
    }

    [Theory]
    [InlineData("clerk")]
    [InlineData("approver")]
    [InlineData("auditor")]
    [InlineData("desk")]
    public async Task Only_a_manager_opens_classes(string login)
    {
        using var client = await server.LogInAsync(login);
        using var answer = await client.PostAsJsonAsync("/api/classes", _room.Form());
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_name_cannot_carry_a_control_character()
    {
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync("/api/classes", _room.Form("班\u0000级"));
        Assert.Equal(["name"], await Problem.FieldsAsync(answer));
    }

    private async Task<RefusalCode> RefusedAsync(Dictionary<string, object?> form)
    {
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync("/api/classes", form);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        return await Problem.RefusalAsync(answer);
    }
}
