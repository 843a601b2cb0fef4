using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Tests.Classes;

namespace Voucher.Server.Tests.Teachers;

public sealed class TeacherTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _last;

    private readonly ClassRoom _room = new(server);

    [Fact]
    public async Task A_teacher_is_taken_in_with_phone_and_identity_sealed_and_nobody_twice()
    {
        using var clerk = await server.LogInAsync("clerk");
        var form = Form();
        (form["phone"], form["idNumber"]) = ("154 0000 1234", "11010519491231002X");
        var id = await SavedAsync(await clerk.PostAsJsonAsync("/api/teachers", form));
        var row = await _room.AskAsync<string>("select row_to_json(t)::text from teacher t where id = @id", new { id });
        Assert.DoesNotContain("15400001234", row, StringComparison.Ordinal);
        Assert.DoesNotContain("11010519491231002X", row, StringComparison.Ordinal);
        Assert.Contains("154****1234", row, StringComparison.Ordinal);
        using (var again = await clerk.PostAsJsonAsync("/api/teachers", form)) Assert.Equal(["idNumber"], await Problem.FieldsAsync(again));
        var other = Form();
        var second = await SavedAsync(await clerk.PostAsJsonAsync("/api/teachers", other));
        other["idNumber"] = form["idNumber"];
        using (var taken = await clerk.PutAsJsonAsync($"/api/teachers/{second}", other)) Assert.Equal(["idNumber"], await Problem.FieldsAsync(taken));
        form["phone"] = null;
        await SavedAsync(await clerk.PutAsJsonAsync($"/api/teachers/{id}", form));
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync($"/teachers/{id}");
        Assert.Contains("154****1234", page, StringComparison.Ordinal);
        using var shown = await portal.PostAsync($"/teachers/{id}?handler=Phone", new FormUrlEncodedContent([new("__RequestVerificationToken", ServerUnderTest.Antiforgery(page))]));
        Assert.Contains("15400001234", await shown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await _room.AskAsync<int>("select count(*) from audit_entry where action = 'teacher.phone' and subject = @subject", new { subject = $"teacher:{id}" }));
    }

    [Fact]
    public async Task Every_bad_field_is_named_at_once()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.PostAsJsonAsync("/api/teachers", new
        {
            name = new string('长', 51), source = "Friend", tradeCodes = new[] { 998 }, qualification = new string('长', 101), employer = new string('长', 61),
            phone = "12", idNumber = "110105194912310021", engagedFrom = "2026-02-01", engagedUntil = "2026-01-01", reason = new string('长', 201),
        });
        Assert.Equal(
            ["employer", "engagedUntil", "idNumber", "name", "phone", "qualification", "reason", "source", "tradeCodes"], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task Nobody_teaches_in_two_places_at_once_and_the_refusal_names_the_other()
    {
        var teacher = await NewTeacherAsync();
        var (here, there) = (await _room.OpenAsync(_room.Form("两地不能同时上课的班")), await OpenElsewhereAsync());
        using var clerk = await server.LogInAsync("clerk");
        using (var first = await clerk.PostAsJsonAsync($"/api/classes/{here}/teachers", new { teacherId = teacher })) Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using (var busy = await clerk.PostAsJsonAsync($"/api/classes/{there}/teachers", new { teacherId = teacher }))
        {
            Assert.Equal(RefusalCode.TeacherBusy, await Problem.RefusalAsync(busy));
            var text = await busy.Content.ReadAsStringAsync();
            Assert.Contains("两地不能同时上课的班", text, StringComparison.Ordinal);
            Assert.Contains($"{CountyTime.Show(_room.Today)} 08:30–12:00", text, StringComparison.Ordinal);
        }
        // The afternoon of the last day is free: that session alone can be taken.
        var free = await _room.AskAsync<long>("select id from class_session where class_id = @there order by held_on desc, starts_at desc limit 1", new { there });
        using var part = await clerk.PostAsJsonAsync($"/api/classes/{there}/teachers", new { teacherId = teacher, sessionIds = new[] { free } });
        Assert.True(part.IsSuccessStatusCode, await part.Content.ReadAsStringAsync());
    }

    /// <summary>However it comes to the table.</summary>
    [Fact]
    public async Task The_database_itself_keeps_a_teacher_out_of_two_rooms()
    {
        var teacher = await NewTeacherAsync();
        var (here, there) = (await _room.OpenAsync(), await OpenElsewhereAsync());
        const string assign = """
            insert into session_teacher (session_id, teacher_id, class_id, during)
            select id, @teacher, class_id, tsrange(held_on + starts_at, held_on + ends_at) from class_session where class_id = @id order by id limit 1 returning 1
            """;
        await _room.AskAsync<int>(assign, new { teacher, id = here });
        var fault = await Assert.ThrowsAsync<PostgresException>(() => _room.AskAsync<int>(assign, new { teacher, id = there }));
        Assert.Equal(PostgresErrorCodes.ExclusionViolation, fault.SqlState);
    }

    [Fact]
    public async Task Of_two_assignments_at_once_one_is_refused()
    {
        var teacher = await NewTeacherAsync();
        ClassId[] classes = [await _room.OpenAsync(), await OpenElsewhereAsync(), await OpenElsewhereAsync()];
        using var clerk = await server.LogInAsync("clerk");
        var answers = await Task.WhenAll(classes.Select(id => clerk.PostAsJsonAsync($"/api/classes/{id}/teachers", new { teacherId = teacher })));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        foreach (var lost in answers.Where(answer => !answer.IsSuccessStatusCode)) Assert.Equal(RefusalCode.TeacherBusy, await Problem.RefusalAsync(lost));
    }

    [Fact]
    public async Task A_class_that_is_sent_back_holds_no_teachers_time()
    {
        var teacher = await NewTeacherAsync();
        var (here, there) = (await _room.OpenAsync(), await OpenElsewhereAsync());
        using var clerk = await server.LogInAsync("clerk");
        using (var first = await clerk.PostAsJsonAsync($"/api/classes/{here}/teachers", new { teacherId = teacher })) Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using (var approver = await server.LogInAsync("approver"))
        using (var refused = await approver.PostAsJsonAsync($"/api/classes/{here}/refuse", new { reason = "课时不足" })) Assert.Equal(HttpStatusCode.NoContent, refused.StatusCode);
        using (var second = await clerk.PostAsJsonAsync($"/api/classes/{there}/teachers", new { teacherId = teacher })) Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        using var closed = await clerk.PostAsJsonAsync($"/api/classes/{here}/teachers", new { teacherId = teacher });
        Assert.Equal(RefusalCode.WrongStep, await Problem.RefusalAsync(closed));
    }

    [Fact]
    public async Task Only_who_is_engaged_teaches_and_nobody_leaves_sessions_behind()
    {
        var form = Form();
        form["engagedUntil"] = _room.Today.AddDays(1);
        using var clerk = await server.LogInAsync("clerk");
        var teacher = await SavedAsync(await clerk.PostAsJsonAsync("/api/teachers", form));
        var id = await _room.OpenAsync();
        using (var outside = await clerk.PostAsJsonAsync($"/api/classes/{id}/teachers", new { teacherId = teacher }))
            Assert.Equal(RefusalCode.TeacherNotEngaged, await Problem.RefusalAsync(outside));
        form["engagedUntil"] = null;
        await SavedAsync(await clerk.PutAsJsonAsync($"/api/teachers/{teacher}", form));
        using (var assigned = await clerk.PostAsJsonAsync($"/api/classes/{id}/teachers", new { teacherId = teacher })) Assert.Equal(HttpStatusCode.OK, assigned.StatusCode);
        using (var leaving = await clerk.PostAsJsonAsync($"/api/teachers/{teacher}/leave", new { reason = "退休" }))
            Assert.Equal(RefusalCode.TeacherStillAssigned, await Problem.RefusalAsync(leaving));
        using (var removed = await clerk.DeleteAsync($"/api/classes/{id}/teachers/{teacher}")) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using (var left = await clerk.PostAsJsonAsync($"/api/teachers/{teacher}/leave", new { reason = "退休" })) Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.Equal([1, 2, 3], await _room.AskAsync<short[]>("select array_agg(kind order by id) from teacher_change where teacher_id = @teacher", new { teacher }));
    }

    [Fact]
    public async Task A_manager_assigns_teachers_to_own_classes_only_and_sees_no_phone()
    {
        var teacher = await NewTeacherAsync();
        var id = await _room.OpenAsync();
        using var other = await server.LogInAsync("manager2");
        using (var foreign = await other.PostAsJsonAsync($"/api/classes/{id}/teachers", new { teacherId = teacher })) Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using (var entering = await other.PostAsJsonAsync("/api/teachers", Form())) Assert.Equal(HttpStatusCode.Forbidden, entering.StatusCode);
        using var portal = await server.OpenPortalAsync("manager");
        var page = await portal.GetStringAsync($"/classes/{id}/teachers");
        using var assigned = await portal.PostAsync($"/classes/{id}/teachers?handler=Assign", new FormUrlEncodedContent(
            [new("teacherId", $"{teacher}"), new("__RequestVerificationToken", ServerUnderTest.Antiforgery(page))]));
        Assert.True(assigned.StatusCode == HttpStatusCode.Redirect, await assigned.Content.ReadAsStringAsync());
        Assert.Contains("4 课次", await portal.GetStringAsync($"/classes/{id}/teachers"), StringComparison.Ordinal);
        Assert.DoesNotContain("****", await portal.GetStringAsync($"/teachers/{teacher}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_searched_in_a_form_and_the_list_filters_by_source_and_trade()
    {
        using var portal = await server.OpenPortalAsync("auditor");
        var all = await portal.GetStringAsync("/teachers?source=MasterFarmer&trade=5");
        Assert.Contains("果园老张", all, StringComparison.Ordinal);
        Assert.DoesNotContain("那技术员", all, StringComparison.Ordinal);
        using var found = await portal.PostAsync("/teachers?handler=Find", new FormUrlEncodedContent(
            [new("name", "那技术员"), new("__RequestVerificationToken", ServerUnderTest.Antiforgery(all))]));
        var page = await found.Content.ReadAsStringAsync();
        Assert.Contains("那技术员", page, StringComparison.Ordinal);
        Assert.DoesNotContain("果园老张", page, StringComparison.Ordinal);
    }

    /// <summary>A class of another institution at the same times, with one more session in the last afternoon.</summary>
    private async Task<ClassId> OpenElsewhereAsync()
    {
        using var manager = await server.LogInAsync("manager2");
        var form = _room.Form();
        form["sessions"] = ((object[])form["sessions"]!).Append(ClassRoom.Session(_room.Today.AddDays(2), "14:00", "17:30", isPractice: true)).ToArray();
        using var answer = await manager.PostAsJsonAsync("/api/classes", form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return new ClassId((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64());
    }

    private async Task<int> NewTeacherAsync()
    {
        using var clerk = await server.LogInAsync("clerk");
        return await SavedAsync(await clerk.PostAsJsonAsync("/api/teachers", Form()));
    }

    private static Dictionary<string, object?> Form() => new()
    {
        ["name"] = $"老师{Interlocked.Increment(ref _last)}", ["source"] = "LocalExpert", ["tradeCodes"] = new[] { 1 }, ["engagedFrom"] = "2020-01-01", ["phone"] = "15400000001",
    };

    private static async Task<int> SavedAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }
}
