using System.Net;
using System.Net.Http.Json;
using AngleSharp.Html.Dom;
using Dapper;
using Voucher.Core;
using Voucher.Core.Matching;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Register.Importing;
using Voucher.Server.Register.Matching;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Register;

/// <summary>
/// An office sends its list every month: the newest word of a source on a person counts, what was decided stays decided, and the
/// earlier lists stay to be read. A complete list speaks of the whole register: a test that hands in one has a source of its own
/// (School, OtherDepartment, EmployedInsured); lists that only add say nothing of the people of other tests and share the rest.
/// </summary>
public sealed class MonthlyListTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Of_twelve_monthly_lists_only_the_newest_word_on_a_person_stands_and_one_dismissal_frees_them()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var reviewer = await server.LogInAsync("reviewer");
        var (person, row) = await server.RegisterAsync(clerk);
        for (var month = 1; month <= 12; month++) await clerk.ListAsync("Pension", $"2025-{month:00}-28", false, row);
        Assert.Equal([("2025-12-28", true)], (await HitsAsync(clerk, person)).Where(hit => hit.Stands).Select(hit => (hit.AsOf, hit.Stands)));
        Assert.Equal(12, (await HitsAsync(clerk, person)).Count);
        Assert.Equal([MatchSource.Pension], await server.StandsAgainstAsync(person));

        var standing = (await HitsAsync(clerk, person)).Single(hit => hit.Stands);
        Assert.Equal(HttpStatusCode.Forbidden, await clerk.DismissAsync(person, [standing.Id], "已失业"));
        Assert.Equal(HttpStatusCode.OK, await reviewer.DismissAsync(person, [standing.Id], "已失业"));
        Assert.Empty(await server.StandsAgainstAsync(person));
        Assert.Equal(HttpStatusCode.Conflict, await reviewer.DismissAsync(person, [standing.Id], "再来一次"));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(1, await connection.QuerySingleAsync<int>(
            "select count(*)::int from audit_entry where action = 'match.dismiss' and subject = @subject and detail = @detail",
            new { subject = $"person:{person}", detail = $"hit={standing.Id}: 已失业" }));
    }

    [Fact]
    public async Task The_same_hit_in_the_next_list_is_answered_as_it_was_decided_and_another_content_opens_it_anew()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var reviewer = await server.LogInAsync("reviewer");
        var (person, row) = await server.RegisterAsync(clerk);
        var january = await clerk.ListAsync("School", "2025-01-31", true, row);
        await reviewer.DismissAsync(person, [(await HitsAsync(clerk, person)).Single().Id], "同名误报");

        var february = await clerk.ListAsync("School", "2025-02-28", true, row);
        Assert.Equal((0, 1, 0), (february.Standing, february.Carried, february.Ended));
        Assert.Empty(await server.StandsAgainstAsync(person));
        using var portal = await server.OpenPortalAsync("reviewer");
        var page = await portal.GetStringAsync($"/register/matching/{february.Id}");
        Assert.Contains("沿用以前的决定：", page, StringComparison.Ordinal);
        Assert.Contains("同名误报", page, StringComparison.Ordinal);

        var march = await clerk.ListAsync("School", "2025-03-31", true, ["马别名", row[1]]);
        Assert.Equal((1, 0), (march.Standing, march.Carried));
        Assert.Equal([MatchSource.School], await server.StandsAgainstAsync(person));
        Assert.NotEqual(january.Id, march.Id);

        // Back to the old content while the other stood: nobody has decided whether that was the person.
        Assert.Equal((1, 0, 1), (await clerk.ListAsync("School", "2025-04-30", true, row)) is var april ? (april.Standing, april.Carried, april.Ended) : default);
    }

    [Fact]
    public async Task Whoever_was_missing_from_a_complete_list_in_between_is_in_the_next_anew()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var reviewer = await server.LogInAsync("reviewer");
        var (person, row) = await server.RegisterAsync(clerk);
        var (_, other) = await server.RegisterAsync(clerk);
        await clerk.ListAsync("OtherDepartment", "2025-01-31", true, row);
        await reviewer.DismissAsync(person, [(await HitsAsync(clerk, person)).Single().Id], "已离职");
        await clerk.ListAsync("OtherDepartment", "2025-02-28", true, other);
        Assert.Equal(0, (await clerk.ListAsync("OtherDepartment", "2025-03-31", true, row)).Carried);
        Assert.Equal([MatchSource.OtherDepartment], await server.StandsAgainstAsync(person));
    }

    [Fact]
    public async Task A_complete_list_ends_the_hits_of_whom_it_does_not_name_and_an_addition_or_an_unreadable_row_does_not()
    {
        using var clerk = await server.LogInAsync("clerk");
        var (gone, goneRow) = await server.RegisterAsync(clerk);
        var (stays, staysRow) = await server.RegisterAsync(clerk);
        var first = await clerk.ListAsync("EmployedInsured", "2025-01-31", false, goneRow, staysRow);
        Assert.False(first.IsComplete);

        Assert.Equal(1, (await clerk.ListAsync("EmployedInsured", "2025-02-28", false, staysRow)).Ended);
        Assert.Equal([MatchSource.EmployedInsured], await server.StandsAgainstAsync(gone));
        var damaged = await clerk.ListAsync("EmployedInsured", "2025-03-31", true, staysRow, ["马写错", "622926"]);
        Assert.Equal((1, 1), (damaged.Ended, damaged.Bad));
        Assert.Equal([MatchSource.EmployedInsured], await server.StandsAgainstAsync(gone));
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("改好后重新上传", await portal.GetStringAsync($"/register/matching/{damaged.Id}"), StringComparison.Ordinal);

        var complete = await clerk.ListAsync("EmployedInsured", "2025-04-30", true, staysRow);
        Assert.Equal((true, 2, 1), (complete.IsComplete, complete.Ended, complete.Standing));
        Assert.Empty(await server.StandsAgainstAsync(gone));
        Assert.Equal([MatchSource.EmployedInsured], await server.StandsAgainstAsync(stays));
        // Nothing is deleted: the first list says whose word counts now, and so does the file for the other office.
        Assert.Contains($"/register/matching/{complete.Id}", await portal.GetStringAsync($"/register/matching/{first.Id}?filter=Ended"), StringComparison.Ordinal);
        var cells = XlsxFile.Open(await clerk.GetByteArrayAsync($"/api/register/matches/{first.Id}/feedback.xlsx"))
            .SelectMany(sheet => sheet.Rows).SelectMany(row => row.Cells).Select(cell => cell.Text).ToList();
        Assert.Equal(2, cells.Count(text => text == "已由后来的名单取代"));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal("complete unreadable=0 ended=2 answered-as-before=0", await connection.QuerySingleAsync<string>(
            "select detail from audit_entry where action = 'match.finish' and subject = @subject", new { subject = $"match:{complete.Id}" }));

        // An old list that comes late says nothing against what a newer one has said.
        var late = await clerk.ListAsync("EmployedInsured", "2024-12-31", true, goneRow, staysRow);
        Assert.Equal((0, 2), (late.Standing, late.Ended));
        Assert.Empty(await server.StandsAgainstAsync(gone));
        Assert.Equal([MatchSource.EmployedInsured], await server.StandsAgainstAsync(stays));
    }

    [Fact]
    public async Task Several_ticked_hits_of_a_list_are_dismissed_with_one_reason_and_at_most_a_page_of_them()
    {
        using var clerk = await server.LogInAsync("clerk");
        var (first, one) = await server.RegisterAsync(clerk);
        var (second, two) = await server.RegisterAsync(clerk);
        var (third, three) = await server.RegisterAsync(clerk);
        var match = await clerk.ListAsync("RealName", "2025-01-31", false, one, two, three);
        var hits = new List<long>();
        foreach (var person in new[] { first, second }) hits.Add((await HitsAsync(clerk, person)).Single().Id);
        using var reviewer = await server.LogInAsync("reviewer");
        async Task<HttpResponseMessage> SendAsync(IEnumerable<long> chosen, string reason) =>
            await reviewer.PostAsJsonAsync($"/api/register/matches/{match.Id}/hits/dismiss", new { hits = chosen, reason });
        foreach (var bad in new[] { Enumerable.Empty<long>(), Enumerable.Range(1, MatchLimits.MostDismissed + 1).Select(id => (long)id) })
        {
            using var refused = await SendAsync(bad, "核实无误");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("\"hits\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var portal = await server.OpenPortalAsync("reviewer");
        using (var empty = await portal.PostAsync($"/register/matching/{match.Id}", "DismissMany", ("reason", "核实无误")))
            Assert.Contains("请先勾选", await empty.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await portal.PressAsync($"/register/matching/{match.Id}", "DismissMany", ("hits", $"{hits[0]}"), ("hits", $"{hits[1]}"), ("reason", "核实无误"));
        Assert.Contains("已解除 2 条", await portal.GetStringAsync($"/register/matching/{match.Id}"), StringComparison.Ordinal);
        Assert.Empty(await server.StandsAgainstAsync(first));
        Assert.Empty(await server.StandsAgainstAsync(second));
        Assert.Equal([MatchSource.RealName], await server.StandsAgainstAsync(third));
        using var again = await SendAsync(hits, "核实无误");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var elsewhere = await reviewer.PostAsJsonAsync($"/api/register/matches/{match.Id + 1000}/hits/dismiss", new { hits, reason = "核实无误" });
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task A_persons_page_shows_every_list_and_lets_a_reviewer_dismiss_them_all_at_once()
    {
        using var clerk = await server.LogInAsync("clerk");
        var (person, row) = await server.RegisterAsync(clerk);
        await clerk.ListAsync("Pension", "2025-01-31", false, row);
        await clerk.ListAsync("RealName", "2025-05-31", false, row);
        var path = $"/register/people/{person}";
        using (var office = await server.OpenPortalAsync("clerk"))
        {
            var page = await office.GetStringAsync(path);
            Assert.Contains("未解除 2 条", page, StringComparison.Ordinal);
            Assert.DoesNotContain("person-dismiss", page, StringComparison.Ordinal);
            using var forbidden = await office.PostAsync(path, "Dismiss", ("hits", "1"), ("reason", "已核实"));
            Assert.NotEqual(HttpStatusCode.OK, forbidden.StatusCode);
            Assert.Equal(2, (await server.StandsAgainstAsync(person)).Count);
        }
        using var portal = await server.OpenPortalAsync("reviewer");
        using var shown = await portal.PageAsync(path);
        var form = (IHtmlFormElement)shown.QuerySelector("form[data-testid=person-dismiss]")!;
        using (var unsaid = await portal.PressAsync(form, ("reason", "电话15400000001")))
            Assert.Contains("理由里不要写证件号码或电话", await unsaid.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var done = await portal.PressAsync(form, ("reason", "已核实，不影响"));
        Assert.Contains("未解除 0 条", await portal.GetStringAsync(path), StringComparison.Ordinal);
        Assert.Empty(await server.StandsAgainstAsync(person));
    }

    private static async Task<IReadOnlyList<PersonHit>> HitsAsync(HttpClient client, PersonId person) =>
        (await client.GetFromJsonAsync<IReadOnlyList<PersonHit>>($"/api/register/people/{person}/matches"))!;

    private sealed record PersonHit(long Id, long MatchId, string Source, string AsOf, bool Stands);
}
