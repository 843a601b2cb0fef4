using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Institutions;
using Voucher.Server.Institutions.Accrediting;

namespace Voucher.Server.Tests.Institutions;

/// <summary>From an empty application to the published list, and what two persons are needed for.</summary>
public sealed class AccreditationTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly AccreditationDesk _desk = new(server);

    [Fact]
    public async Task An_application_is_drawn_up_inspected_and_granted_by_two_and_then_stands()
    {
        var institution = await _desk.EnterAsync("公示名单上的学校");
        Assert.StartsWith("0 2000-01-02 2000-01-01 f", await _desk.StandingAsync(institution), StringComparison.Ordinal);
        Assert.Equal("Never", await StandingOfAsync(institution));
        var id = await _desk.SubmitAsync(institution);
        await _desk.ProposeAsync(id, capacity: 35, programmes: [1001]);
        using (var own = await _desk.TryAsync("reviewer", id, "confirm")) Assert.Equal(RefusalCode.SamePerson, await Problem.RefusalAsync(own));
        Assert.StartsWith("0 ", await _desk.StandingAsync(institution), StringComparison.Ordinal);
        await _desk.StepAsync("approver", id, "confirm");
        // From the day of the second person's word, not from the first of January: nothing is accredited backwards.
        Assert.Equal($"35 {_desk.Today:yyyy-MM-dd} {_desk.Today.Year}-12-31 f 1001", await _desk.StandingAsync(institution));
        Assert.Equal("Accredited", await StandingOfAsync(institution));
        using var anybody = new HttpClient { BaseAddress = server.Address };
        using var list = await anybody.GetAsync("/institutions/published");
        Assert.Contains("公示名单上的学校", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("public, max-age=60", list.Headers.CacheControl!.ToString());
        Assert.DoesNotContain("马师傅", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("公示名单上的学校", await anybody.GetStringAsync("/api/institutions/published?trade=1"), StringComparison.Ordinal);
        Assert.DoesNotContain("公示名单上的学校", await anybody.GetStringAsync("/api/institutions/published?trade=8"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incomplete_application_is_refused_with_all_that_is_missing()
    {
        var institution = await _desk.EnterAsync();
        using var clerk = await server.LogInAsync("clerk");
        using var started = await clerk.PostAsJsonAsync("/api/accreditations", new { institutionId = institution, year = _desk.Today.Year });
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        var form = await _desk.FormAsync();
        (form["tenderNo"], form["teacherIds"], form["licenceUntil"]) = ("", Array.Empty<int>(), "2020-12-31");
        using (var saved = await clerk.PutAsJsonAsync($"/api/accreditations/{id}", form)) Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
        using var refused = await _desk.TryAsync("clerk", id, "submit");
        Assert.Equal(RefusalCode.AccreditationIncomplete, await Problem.RefusalAsync(refused));
        var text = await refused.Content.ReadAsStringAsync();
        foreach (var gap in new[] { "招标", "师资", "有效的许可证" }) Assert.Contains(gap, text, StringComparison.Ordinal);
        Assert.DoesNotContain("教室", text, StringComparison.Ordinal);
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("data-testid=\"missing\"", await portal.GetStringAsync($"/accreditations/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_teacher_who_has_left_is_not_taken_over_named_or_counted_and_the_dossier_says_so()
    {
        var (stays, leaves) = (await AddTeacherAsync("留任师傅"), await AddTeacherAsync("离任师傅"));
        var institution = await _desk.EnterAsync();
        using var clerk = await server.LogInAsync("clerk");
        using var portal = await server.OpenPortalAsync("clerk");
        var first = await StartAsync(clerk, institution, _desk.Today.Year);
        await SaveAsync(clerk, first, stays, leaves);
        var second = await StartAsync(clerk, institution, _desk.Today.Year + 1);
        await SaveAsync(clerk, second, leaves);
        using (var left = await clerk.PostAsJsonAsync($"/api/teachers/{leaves}/leave", new { reason = "退休" })) Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);

        // Both drafts name somebody who is gone: the one alone, the other beside a colleague.
        foreach (var (id, hasOther) in new[] { (first, true), (second, false) })
        {
            using var refused = await _desk.TryAsync("clerk", id, "submit");
            Assert.Equal(RefusalCode.AccreditationIncomplete, await Problem.RefusalAsync(refused));
            var text = await refused.Content.ReadAsStringAsync();
            Assert.Contains("离任师傅", text, StringComparison.Ordinal);
            Assert.DoesNotContain("留任师傅", text, StringComparison.Ordinal);
            Assert.Equal(!hasOther, text.Contains("师资（从师资库选）", StringComparison.Ordinal));
        }
        using (var again = await clerk.PutAsJsonAsync($"/api/accreditations/{first}", await FormAsync(stays, leaves)))
        {
            Assert.Equal(["teacherIds"], await Problem.FieldsAsync(again));
            Assert.Contains("离任师傅", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using (var auditor = await server.OpenPortalAsync("auditor"))
        {
            var dossier = await auditor.GetStringAsync($"/accreditations/{first}");
            Assert.Single(dossier.Split("teacher-left").Skip(1));
        }

        // The next application begins with those who are still there.
        await _desk.StepAsync("clerk", second, "take-back");
        Assert.Empty(await TeachersOfAsync(clerk, await StartAsync(clerk, institution, _desk.Today.Year + 1)));
        var other = await _desk.EnterAsync();
        var last = await StartAsync(clerk, other, _desk.Today.Year);
        var follower = await AddTeacherAsync("次年离任师傅");
        await SaveAsync(clerk, last, stays, follower);
        using (var left = await clerk.PostAsJsonAsync($"/api/teachers/{follower}/leave", new { reason = "退休" })) Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.Equal([stays], await TeachersOfAsync(clerk, await StartAsync(clerk, other, _desk.Today.Year + 1)));
    }

    private async Task<int> AddTeacherAsync(string name)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var added = await clerk.PostAsJsonAsync("/api/teachers", new
        {
            name, source = "Enterprise", tradeCodes = new[] { 1 }, qualification = "技师", employer = "东乡县某公司", phone = "", idNumber = "",
            engagedFrom = "2020-01-01", engagedUntil = (string?)null, reason = "",
        });
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        return (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private static async Task<long> StartAsync(HttpClient clerk, int institution, int year)
    {
        using var started = await clerk.PostAsJsonAsync("/api/accreditations", new { institutionId = institution, year });
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    private async Task<Dictionary<string, object?>> FormAsync(params int[] teachers)
    {
        var form = await _desk.FormAsync();
        form["teacherIds"] = teachers;
        return form;
    }

    private async Task SaveAsync(HttpClient clerk, long id, params int[] teachers)
    {
        using var saved = await clerk.PutAsJsonAsync($"/api/accreditations/{id}", await FormAsync(teachers));
        Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
    }

    private static async Task<int[]> TeachersOfAsync(HttpClient clerk, long id) =>
        [.. (await clerk.GetFromJsonAsync<JsonElement>($"/api/accreditations/{id}")).GetProperty("teacherIds").EnumerateArray().Select(each => each.GetInt32())];

    [Fact]
    public async Task Every_bad_field_of_an_application_is_named_at_once()
    {
        var institution = await _desk.EnterAsync();
        using var clerk = await server.LogInAsync("clerk");
        using var started = await clerk.PostAsJsonAsync("/api/accreditations", new { institutionId = institution, year = _desk.Today.Year });
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        using var answer = await clerk.PutAsJsonAsync($"/api/accreditations/{id}", new
        {
            licenceNo = new string('号', 61), licenceFrom = "2026-02-01", licenceUntil = "2026-01-01", tenderNo = new string('标', 101), capacity = 0, rooms = 1001, areaM2 = -1,
            places = new[] { new { name = "车间", address = "", places = 0 } }, teacherIds = new[] { 999_999 }, programmeCodes = new[] { 9_999 },
        });
        Assert.Equal(
            ["areaM2", "capacity", "licenceNo", "licenceUntil", "places[0].address", "places[0].places", "rooms", "tenderNo"], await Problem.FieldsAsync(answer));
        var form = await _desk.FormAsync();
        (form["teacherIds"], form["programmeCodes"]) = (new[] { 999_999 }, new[] { 9_999 });
        using var unknown = await clerk.PutAsJsonAsync($"/api/accreditations/{id}", form);
        Assert.Equal(["programmeCodes", "teacherIds"], await Problem.FieldsAsync(unknown));
    }

    [Fact]
    public async Task A_year_is_applied_for_once_until_it_is_taken_back_and_only_near_years_can_be()
    {
        var institution = await _desk.EnterAsync();
        var id = await _desk.SubmitAsync(institution);
        using var clerk = await server.LogInAsync("clerk");
        using (var twice = await clerk.PostAsJsonAsync("/api/accreditations", new { institutionId = institution, year = _desk.Today.Year }))
            Assert.Equal(RefusalCode.AccreditationYearTaken, await Problem.RefusalAsync(twice));
        using (var far = await clerk.PostAsJsonAsync("/api/accreditations", new { institutionId = institution, year = _desk.Today.Year + 2 }))
            Assert.Equal(["year"], await Problem.FieldsAsync(far));
        await _desk.StepAsync("clerk", id, "take-back");
        var next = await _desk.SubmitAsync(institution);
        Assert.NotEqual(id, next);
    }

    [Fact]
    public async Task What_is_granted_is_of_what_was_applied_for_and_within_the_licence()
    {
        var institution = await _desk.EnterAsync();
        var id = await _desk.SubmitAsync(institution);
        await _desk.StepAsync("reviewer", id, "inspect", new { on = _desk.Today, finding = "合格" });
        using var answer = await _desk.TryAsync("reviewer", id, "propose-grant", new { capacity = 40, programmeCodes = new[] { 1005 }, until = $"{_desk.Today.Year + 1}-01-01" });
        Assert.Equal(["programmeCodes", "until"], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task A_licence_that_ends_in_the_year_is_followed_by_another_accreditation_of_the_same_year()
    {
        var institution = await _desk.EnterAsync();
        var first = await _desk.SubmitAsync(institution);
        await _desk.StepAsync("reviewer", first, "inspect", new { on = _desk.Today, finding = "合格" });
        using (var back = await _desk.TryAsync("reviewer", first, "propose-grant", new { capacity = 40, programmeCodes = new[] { 1001 }, from = _desk.Today.AddDays(-1) }))
            Assert.Equal(["from"], await Problem.FieldsAsync(back));
        await _desk.StepAsync("reviewer", first, "propose-grant", new { capacity = 40, programmeCodes = new[] { 1001 }, until = _desk.Today });
        await _desk.StepAsync("approver", first, "confirm");
        var next = await _desk.SubmitAsync(institution);
        await _desk.StepAsync("reviewer", next, "inspect", new { on = _desk.Today, finding = "换证后合格" });
        using (var both = await _desk.TryAsync("reviewer", next, "propose-grant", new { capacity = 40, programmeCodes = new[] { 1001 }, from = _desk.Today }))
            Assert.Equal(["from"], await Problem.FieldsAsync(both));
        await _desk.StepAsync("reviewer", next, "propose-grant", new { capacity = 40, programmeCodes = new[] { 1001 } });
        await _desk.StepAsync("approver", next, "confirm");
        Assert.Equal($"40 {_desk.Today:yyyy-MM-dd} {_desk.Today.Year}-12-31 f 1001", await _desk.StandingAsync(institution));
    }

    [Fact]
    public async Task A_class_of_the_next_year_is_judged_by_the_terms_of_that_year()
    {
        var institutions = server.Get<InstitutionStore>();
        var institution = await _desk.EnterAsync();
        foreach (var (year, capacity, programme) in new[] { (_desk.Today.Year, 30, 1001), (_desk.Today.Year + 1, 20, 1002) })
        {
            var id = await _desk.SubmitAsync(institution, year);
            await _desk.ProposeAsync(id, capacity, [programme]);
            await _desk.StepAsync("approver", id, "confirm");
        }
        DateOnly now = _desk.Today, then = new(_desk.Today.Year + 1, 2, 1);
        Assert.Equal(new ClassTerms(30, true), await institutions.TermsOnAsync(new(institution), 1001, now));
        Assert.Equal(new ClassTerms(30, false), await institutions.TermsOnAsync(new(institution), 1002, now));
        Assert.Equal(new ClassTerms(20, true), await institutions.TermsOnAsync(new(institution), 1002, then));
        Assert.Equal(new ClassTerms(20, false), await institutions.TermsOnAsync(new(institution), 1001, then));
    }

    [Fact]
    public async Task A_verdict_that_is_turned_down_leaves_nothing_behind_and_refusing_needs_two_as_well()
    {
        var institution = await _desk.EnterAsync();
        var id = await _desk.SubmitAsync(institution);
        await _desk.ProposeAsync(id);
        await _desk.StepAsync("approver", id, "return", new { reason = "规模过大" });
        Assert.Null(await _desk.AskAsync<int?>("select approved_capacity from accreditation where id = @id", new { id }));
        await _desk.StepAsync("reviewer", id, "propose-refusal", new { reason = "没有实训场地" });
        using (var own = await _desk.TryAsync("reviewer", id, "confirm")) Assert.Equal(RefusalCode.SamePerson, await Problem.RefusalAsync(own));
        await _desk.StepAsync("approver", id, "confirm");
        using (var late = await _desk.TryAsync("reviewer", id, "propose-refusal")) Assert.Equal(RefusalCode.AccreditationWrongStep, await Problem.RefusalAsync(late));
        Assert.StartsWith("0 ", await _desk.StandingAsync(institution), StringComparison.Ordinal);
    }

    /// <summary>The table refuses what a faulty program or a hand in psql would do.</summary>
    [Fact]
    public async Task The_database_itself_wants_two_persons()
    {
        var (_, id) = await _desk.AccreditAsync();
        foreach (var change in new[]
        {
            "verdict_staff = verdict_proposed_staff", "verdict_staff = submitted_staff", "verdict_staff = null",
            "state = 7", "suspended_staff = 1, suspension_confirmed_staff = 1", "state = 7, withdrawal_proposed_staff = 2, withdrawal_staff = 2",
        })
        {
            var fault = await Assert.ThrowsAsync<PostgresException>(() => _desk.AskAsync<object>($"update accreditation set {change} where id = @id returning 1", new { id }));
            Assert.Equal(PostgresErrorCodes.CheckViolation, fault.SqlState);
        }
        var append = await Assert.ThrowsAsync<PostgresException>(() => _desk.AskAsync<object>("update accreditation_step set reason = 'x' where accreditation_id = @id returning 1", new { id }));
        Assert.Equal("23001", append.SqlState);
    }

    [Fact]
    public async Task Of_many_confirmations_at_once_one_counts()
    {
        var id = await _desk.SubmitAsync(await _desk.EnterAsync());
        await _desk.ProposeAsync(id);
        using var approver = await server.LogInAsync("approver");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => approver.PostAsJsonAsync($"/api/accreditations/{id}/confirm", new { reason = "" })));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(1, await _desk.AskAsync<int>("select count(*) from audit_entry where action = 'accreditation.confirm' and subject = @subject", new { subject = $"accreditation:{id}" }));
    }

    [Fact]
    public async Task What_was_taken_over_ends_where_the_first_yearly_accreditation_begins()
    {
        const int institution = 9;
        var old = await _desk.TakenOverAsync(institution);
        var id = await _desk.SubmitAsync(institution, _desk.Today.Year + 1);
        await _desk.ProposeAsync(id, capacity: 20, programmes: [1002]);
        await _desk.StepAsync("approver", id, "confirm");
        Assert.Equal(new DateTime(_desk.Today.Year, 12, 31), await _desk.AskAsync<DateTime>("select valid_until::timestamp from accreditation where id = @old", new { old }));
        // Still this year's terms, but until the end of the next.
        Assert.Equal($"60 2020-01-01 {_desk.Today.Year + 1}-12-31 f 1005,1006,1007", await _desk.StandingAsync(institution));
        var back = server.Clock.GetUtcNow();
        server.Clock.MoveTo(new DateOnly(_desk.Today.Year + 1, 1, 1), new TimeOnly(0, 5));
        await server.Get<StandingUpkeep>().RunOnceAsync();
        Assert.Equal($"20 2020-01-01 {_desk.Today.Year}-12-31 f 1002", await _desk.StandingAsync(institution));
        server.Clock.Advance(back - server.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_manager_sees_and_draws_up_the_own_institutions_applications_alone()
    {
        var foreign = await _desk.SubmitAsync(await _desk.EnterAsync());
        using var manager = await server.LogInAsync("manager");
        Assert.Equal(HttpStatusCode.NotFound, (await manager.GetAsync($"/api/accreditations/{foreign}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _desk.TryAsync("manager", foreign, "take-back")).StatusCode);
        using (var elsewhere = await manager.PostAsJsonAsync("/api/accreditations", new { institutionId = 2, year = _desk.Today.Year }))
            Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        using var own = await manager.PostAsJsonAsync("/api/accreditations", new { year = _desk.Today.Year });
        var id = (await own.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        Assert.Equal(HttpStatusCode.Forbidden, (await _desk.TryAsync("manager", id, "confirm")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _desk.TryAsync("clerk", id, "confirm")).StatusCode);
        using var portal = await server.OpenPortalAsync("manager");
        var page = await portal.GetStringAsync($"/accreditations/{id}");
        Assert.Contains("application-form", page, StringComparison.Ordinal);
        Assert.DoesNotContain("propose-grant", page, StringComparison.Ordinal);
        await _desk.StepAsync("manager", id, "take-back");
    }

    [Fact]
    public async Task The_portal_leads_from_the_institution_to_the_granted_accreditation()
    {
        var institution = await _desk.EnterAsync();
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync($"/institutions/{institution}");
        Assert.Contains("data-standing=\"Never\"", page, StringComparison.Ordinal);
        using var started = await PostAsync(portal, $"/institutions/{institution}?handler=Start", page, [new("year", $"{_desk.Today.Year}")]);
        var path = started.Headers.Location!.OriginalString;
        var teacher = await _desk.AskAsync<int>("select min(id) from teacher");
        using var submitted = await PostAsync(portal, $"{path}?handler=Submit", await portal.GetStringAsync(path),
        [
            new("licenceNo", "许可1"), new("licenceAuthority", "县人社局"), new("licenceFrom", "2020-01-01"), new("licenceUntil", "2099-12-31"), new("tenderNo", "招1"),
            new("rooms", "3"), new("areaM2", "200"), new("capacity", "30"), new("places[0].name", "车间"), new("places[0].address", "锁南镇"), new("places[0].places", "30"),
            new("places[1].name", ""), new("places[1].address", ""), new("places[1].places", ""), new("teacherIds", $"{teacher}"), new("programmeCodes", "1001"),
        ]);
        Assert.True(submitted.StatusCode == HttpStatusCode.Redirect, await submitted.Content.ReadAsStringAsync());
        using var inspected = await PostAsync(portal, $"{path}?handler=Inspect", await portal.GetStringAsync(path), [new("on", CountyTime.Show(_desk.Today)), new("finding", "合格")]);
        using var proposed = await PostAsync(portal, $"{path}?handler=Grant", await portal.GetStringAsync(path), [new("capacity", "25"), new("programmeCodes", "1001")]);
        Assert.True(proposed.StatusCode == HttpStatusCode.Redirect, await proposed.Content.ReadAsStringAsync());
        using var second = await server.OpenPortalAsync("approver");
        Assert.Contains("accreditations-to-confirm", await second.GetStringAsync("/"), StringComparison.Ordinal);
        using var confirmed = await PostAsync(second, $"{path}?handler=Confirm", await second.GetStringAsync(path), [new("reason", "")]);
        Assert.True(confirmed.StatusCode == HttpStatusCode.Redirect, await confirmed.Content.ReadAsStringAsync());
        Assert.Contains("data-standing=\"Accredited\"", await portal.GetStringAsync($"/institutions/{institution}"), StringComparison.Ordinal);
        Assert.Contains($"{_desk.Today.Year}", await portal.GetStringAsync($"/accreditations?state=Granted&year={_desk.Today.Year}&trade=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Marks_are_recorded_shown_to_the_public_and_ended_with_a_reason()
    {
        using var clerk = await server.LogInAsync("clerk");
        using (var bad = await clerk.PostAsJsonAsync("/api/institutions/5/marks", new { kind = "KeyMajor", year = 1900, documentNo = "" }))
            Assert.Equal(["documentNo", "tradeCode", "year"], await Problem.FieldsAsync(bad));
        var mark = new
        {
            kind = "Helped", year = _desk.Today.Year, documentNo = "甘人社〔2026〕9号", helper = "兰州市技师学院", helpedFrom = _desk.Today.AddDays(-1), helpedUntil = _desk.Today.AddDays(1),
        };
        using var added = await clerk.PostAsJsonAsync("/api/institutions/5/marks", mark);
        var id = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        using (var twice = await clerk.PostAsJsonAsync("/api/institutions/5/marks", mark)) Assert.Equal(["kind"], await Problem.FieldsAsync(twice));
        using var anybody = new HttpClient { BaseAddress = server.Address };
        Assert.Contains("兰州市技师学院 对口帮扶", await anybody.GetStringAsync("/institutions/published"), StringComparison.Ordinal);
        using (var ended = await clerk.PostAsJsonAsync($"/api/institutions/marks/{id}/end", new { reason = "结对调整" })) Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.DoesNotContain("兰州市技师学院", await anybody.GetStringAsync("/institutions/published"), StringComparison.Ordinal);
    }

    private async Task<string> StandingOfAsync(int institution)
    {
        using var auditor = await server.LogInAsync("auditor");
        return (await auditor.GetFromJsonAsync<JsonElement>($"/api/institutions/{institution}/standing")).GetProperty("standing").GetString()!;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient portal, string path, string page, KeyValuePair<string, string>[] fields) =>
        portal.PostAsync(path, new FormUrlEncodedContent([.. fields, new("__RequestVerificationToken", ServerUnderTest.Antiforgery(page))]));
}
