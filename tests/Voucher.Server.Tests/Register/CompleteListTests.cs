using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Matching;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Register;
using Voucher.Server.Register.Changes;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Tests.Register;

/// <summary>
/// When a complete list proves that somebody is not in it: not for whom it was not looked through, nor while it lacks so many that
/// another person is to look first. Each test has a source of its own, because a complete list speaks of the whole register.
/// </summary>
public sealed class CompleteListTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_late_hit_of_somebody_who_came_after_a_complete_list_was_read_stands_until_one_has_looked_for_them()
    {
        using var clerk = await server.LogInAsync("clerk");
        var row = Roster.Row();
        string[] listed = [row[Roster.Name], row[Roster.IdNumber]];
        var (known, knownListed) = await server.RegisterAsync(clerk);
        var march = await clerk.ListAsync("Deceased", "2025-03-31", true, listed);
        Assert.Equal((0, 1), (march.Found, march.NotFound));
        await clerk.ImportAsync("四月.csv", Roster.Csv(Roster.Header, row));
        var person = (await server.FindAsync(row[Roster.IdNumber])).Id;

        var late = await clerk.ListAsync("Deceased", "2025-02-28", false, listed, knownListed);
        Assert.Equal((1, 1), (late.Standing, late.Ended));
        Assert.Equal([MatchSource.Deceased], await server.StandsAgainstAsync(person));
        Assert.Empty(await server.StandsAgainstAsync(known));

        Assert.Equal(1, (await clerk.ListAsync("Deceased", "2025-04-30", true, ["马路人", Roster.NewNumber().Reveal()])).Ended);
        Assert.Empty(await server.StandsAgainstAsync(person));
    }

    [Fact]
    public async Task A_late_hit_of_somebody_who_had_left_when_a_complete_list_was_read_stands()
    {
        using var clerk = await server.LogInAsync("clerk");
        var (person, listed) = await server.RegisterAsync(clerk);
        var (stayed, staysListed) = await server.RegisterAsync(clerk);
        await MoveAsync((connection, transaction) => DepartureStore.WithdrawAsync(
            connection, transaction, DemoCounty.Region, [person], null, new ChangeCause(), server.Clock.GetUtcNow()));
        Assert.Equal(1, (await clerk.ListAsync("School", "2025-03-31", true, listed)).NotFound);
        await MoveAsync((connection, transaction) => DepartureStore.ReturnAsync(
            connection, transaction, DemoCounty.Region, [person], new ChangeCause(), server.Clock.GetUtcNow()));

        var late = await clerk.ListAsync("School", "2025-02-28", false, listed, staysListed);
        Assert.Equal((1, 1), (late.Standing, late.Ended));
        Assert.Equal([MatchSource.School], await server.StandsAgainstAsync(person));
        Assert.Empty(await server.StandsAgainstAsync(stayed));
    }

    [Fact]
    public async Task What_newer_lists_said_of_an_entry_that_was_merged_since_is_said_of_the_person()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var reviewer = await server.LogInAsync("reviewer");
        var (person, listed) = await server.RegisterAsync(clerk);
        var (entry, entryListed) = await server.RegisterAsync(clerk);
        await clerk.ListAsync("Pension", "2025-01-31", true, listed);
        await DismissAsync(reviewer, person);
        await clerk.ListAsync("Pension", "2025-02-28", true, ["马别名", entryListed[1]]); // The same person under their other number.
        await DismissAsync(reviewer, entry);
        Assert.Null(await MergedPeople.MergeAsync(server, person, entry));

        // The complete list in between did not lack the person: what was decided in January still holds.
        var march = await clerk.ListAsync("Pension", "2025-03-31", true, listed);
        Assert.Equal((0, 1), (march.Standing, march.Carried));

        var (other, otherListed) = await server.RegisterAsync(clerk);
        var (otherEntry, otherEntryListed) = await server.RegisterAsync(clerk);
        await clerk.ListAsync("Pension", "2025-05-31", false, otherEntryListed);
        await DismissAsync(reviewer, otherEntry);
        Assert.Null(await MergedPeople.MergeAsync(server, other, otherEntry));
        var late = await clerk.ListAsync("Pension", "2025-04-30", false, otherListed);
        Assert.Equal((0, 1), (late.Standing, late.Ended));
    }

    [Fact]
    public async Task A_complete_list_that_lacks_many_ends_nobodys_hit_by_that_until_another_person_has_confirmed_it()
    {
        using var clerk = await server.LogInAsync("clerk");
        var people = await server.RegisterManyAsync(clerk, MatchLimits.MostEndedUnseen + 3);
        var (named, lacking, latecomer) = (people[0], people[1..^1], people[^1]);
        await clerk.ListAsync("OtherDepartment", "2025-01-31", false, [.. people[..^1].Select(person => person.Listed)]);
        var wrong = await clerk.ListAsync("OtherDepartment", "2025-02-28", true, named.Listed);
        Assert.Equal((1, lacking.Length, true), (wrong.Ended, wrong.Held, wrong.IsHeld));
        foreach (var (person, _) in people[..^1]) Assert.Equal([MatchSource.OtherDepartment], await server.StandsAgainstAsync(person));
        // Nor does it speak against a list that is handed in late.
        Assert.Equal(1, (await clerk.ListAsync("OtherDepartment", "2025-01-15", false, latecomer.Listed)).Standing);

        var path = $"/api/register/matches/{wrong.Id}/confirm-absence";
        using (var office = await server.OpenPortalAsync("clerk"))
            Assert.Contains($"本表比上一次少 {lacking.Length} 人，须确认", await office.GetStringAsync($"/register/matching/{wrong.Id}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await ConfirmAsync(clerk, path, "已核对"));
        using var reviewer = await server.LogInAsync("reviewer");
        Assert.Equal(HttpStatusCode.Conflict, await ConfirmAsync(reviewer, path, " "));
        Assert.Equal(HttpStatusCode.BadRequest, await ConfirmAsync(reviewer, path, "电话15400000001"));
        Assert.Equal(HttpStatusCode.NotFound, await ConfirmAsync(reviewer, $"/api/register/matches/{wrong.Id + 1000}/confirm-absence", "已核对"));

        using var portal = await server.OpenPortalAsync("reviewer");
        await portal.PressAsync($"/register/matching/{wrong.Id}", "Confirm", ("reason", "与来文核对，确为全量"));
        foreach (var (person, _) in lacking.Append(latecomer)) Assert.Empty(await server.StandsAgainstAsync(person));
        Assert.Equal([MatchSource.OtherDepartment], await server.StandsAgainstAsync(named.Person));
        Assert.Contains("与来文核对，确为全量", await portal.GetStringAsync($"/register/matching/{wrong.Id}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, await ConfirmAsync(reviewer, path, "再来一次"));
        var confirmed = (await clerk.GetFromJsonAsync<Matched>($"/api/register/matches/{wrong.Id}"))!;
        Assert.Equal((lacking.Length + 2, false), (confirmed.Ended, confirmed.IsHeld));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal($"ended={lacking.Length + 1}: 与来文核对，确为全量", await connection.QuerySingleAsync<string>(
            "select detail from audit_entry where action = 'match.confirm-absence' and subject = @subject", new { subject = $"match:{wrong.Id}" }));
    }

    [Fact]
    public async Task Whoever_handed_the_list_in_does_not_confirm_who_is_missing_from_it_by_another_account_either()
    {
        using var clerk = await server.LogInAsync("clerk");
        var people = await server.RegisterManyAsync(clerk, MatchLimits.MostEndedUnseen + 2);
        await clerk.ListAsync("EmployedInsured", "2025-01-31", false, [.. people.Select(person => person.Listed)]);
        var list = await clerk.ListAsync("EmployedInsured", "2025-02-28", true, people[0].Listed);
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            with second as (
                insert into account (staff_id, login, password_hash, created_at)
                select staff_id, 'reviewer-as-clerk', password_hash, created_at from account where login = 'reviewer' returning id)
            update match_run set created_by = second.id from second where match_run.id = @Id
            """, new { list.Id });
        var path = $"/api/register/matches/{list.Id}/confirm-absence";
        using var reviewer = await server.LogInAsync("reviewer");
        Assert.Equal(HttpStatusCode.Conflict, await ConfirmAsync(reviewer, path, "已核对"));
        Assert.Equal([MatchSource.EmployedInsured], await server.StandsAgainstAsync(people[1].Person));
        using var approver = await server.LogInAsync("approver");
        Assert.Equal(HttpStatusCode.OK, await ConfirmAsync(approver, path, "已核对"));
        Assert.Empty(await server.StandsAgainstAsync(people[1].Person));
    }

    [Fact]
    public async Task A_complete_list_that_lacks_few_or_a_small_share_ends_their_hits_at_once()
    {
        using var clerk = await server.LogInAsync("clerk");
        const int many = 5 * (MatchLimits.MostEndedUnseen + 1);
        var rows = (await server.RegisterManyAsync(clerk, many)).Select(person => person.Listed).ToArray();
        await clerk.ListAsync("RealName", "2025-01-31", false, rows);
        // A fifth of them: 21 of 105.
        var share = await clerk.ListAsync("RealName", "2025-02-28", true, rows[(MatchLimits.MostEndedUnseen + 1)..]);
        Assert.Equal((many, 0), (share.Ended, share.Held));
        var standing = many - MatchLimits.MostEndedUnseen - 1;
        var shrunk = await clerk.ListAsync("RealName", "2025-03-31", true, rows[^MatchLimits.MostEndedUnseen..]);
        Assert.Equal((MatchLimits.MostEndedUnseen, standing - MatchLimits.MostEndedUnseen), (shrunk.Ended, shrunk.Held));
        var few = await clerk.ListAsync("RealName", "2025-04-30", true, rows[^(standing - MatchLimits.MostEndedUnseen)..]);
        Assert.Equal((standing, 0), (few.Ended, few.Held)); // Twenty are missing.
    }

    private async Task MoveAsync(Func<Npgsql.NpgsqlConnection, Npgsql.NpgsqlTransaction, Task> move)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await move(connection, transaction);
        await transaction.CommitAsync();
    }

    /// <summary>The one hit of the person that stands.</summary>
    private async Task DismissAsync(HttpClient reviewer, PersonId person)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var hit = await connection.QuerySingleAsync<long>($"select h.id from match_hit h where h.person_id = @person and {MatchBlockStore.Stands}", new { person });
        Assert.Equal(HttpStatusCode.OK, await reviewer.DismissAsync(person, [hit], "同名误报"));
    }

    private static async Task<HttpStatusCode> ConfirmAsync(HttpClient who, string path, string reason)
    {
        using var answer = await who.PostAsJsonAsync(path, new { reason });
        return answer.StatusCode;
    }
}
