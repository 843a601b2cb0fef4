using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Register;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Register;

/// <summary>Who was in the register twice is one person, with all that was done under either entry.</summary>
public sealed class MergedEntriesTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int OwnTownship = 622_926_100; // Of the demo log-in “township”.
    private const int OtherTownship = 622_926_101;

    /// <summary>甲 has completed a class of the scene, 乙 holds a voucher: 乙 stays.</summary>
    private async Task<(PersonId Stays, PersonId Leaves, VoucherId Completed)> MergedAsync(SettledScene scene, int township = OwnTownship)
    {
        var (leaves, completed) = await MergedPeople.TrainedAsync(server, scene, township);
        var stays = await MergedPeople.HolderAsync(server);
        Assert.Null(await MergedPeople.MergeAsync(server, leaves, stays));
        return (stays, leaves, completed);
    }

    private static async Task<JsonElement> FileAsync(HttpClient api, PersonId person) =>
        await api.GetFromJsonAsync<JsonElement>($"/api/register/people/{person}/file");

    private static long[] Numbers(JsonElement file, string name) => [.. file.GetProperty(name).EnumerateArray().Select(number => number.GetInt64())];

    [Fact]
    public async Task The_training_file_holds_what_was_done_under_the_merged_entry_and_names_it()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (stays, leaves, completed) = await MergedAsync(scene);
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into hold (region, voucher_id, reason, opened_at, due_at, alarmed_at, scan_id, terminal_id, evidence)
            select 622926, @completed, 2, now(), now(), now(), e.scan_id, e.terminal_id, '{}'
            from voucher_event e where e.voucher_id = @completed and e.scan_id is not null order by e.number limit 1
            """, new { completed });
        using var clerk = await server.LogInAsync("clerk");
        var file = await FileAsync(clerk, stays);
        Assert.Equal(2, file.GetProperty("vouchers").GetArrayLength());
        var one = Assert.Single(file.GetProperty("classes").EnumerateArray());
        Assert.Equal((completed.ToString(), true), (one.GetProperty("voucher").GetString(), one.GetProperty("hasPassed").GetBoolean()));
        Assert.Single(file.GetProperty("spotChecks").EnumerateArray());
        Assert.Equal(completed.ToString(), Assert.Single(file.GetProperty("holds").EnumerateArray()).GetProperty("voucher").GetString());
        Assert.Equal([leaves.Value], Numbers(file, "mergedEntries"));
        Assert.Equal(stays.Value, (await FileAsync(clerk, leaves)).GetProperty("mergedInto").GetInt64());

        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync($"/register/people/{stays}/file");
        Assert.Contains("并入的条目", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/register/people/{leaves}/file\"", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/register/people/{stays}/file\" data-testid=\"merged-into\"", await portal.GetStringAsync($"/register/people/{leaves}/file"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_persons_page_lists_vouchers_of_the_merged_entry_and_links_to_it()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (stays, leaves, completed) = await MergedAsync(scene);
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync($"/register/people/{stays}");
        Assert.Contains($"href=\"/issuing/vouchers/{completed.Value}\"", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/register/people/{leaves}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-testid=\"merged-entries\"", await portal.GetStringAsync($"/register/people/{leaves}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_merged_twice_has_the_past_of_both()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (second, first, completed) = await MergedAsync(scene);
        await ExpireAsync(second);
        var third = await MergedPeople.HolderAsync(server);
        Assert.Null(await MergedPeople.MergeAsync(server, second, third));
        using var clerk = await server.LogInAsync("clerk");
        var file = await FileAsync(clerk, third);
        Assert.Equal(3, file.GetProperty("vouchers").GetArrayLength());
        Assert.Equal(completed.ToString(), Assert.Single(file.GetProperty("classes").EnumerateArray()).GetProperty("voucher").GetString());
        Assert.Equal([first.Value, second.Value], Numbers(file, "mergedEntries").Order());
    }

    [Fact]
    public async Task A_hit_that_the_merge_copied_stands_once_in_the_file_and_one_dismissed_before_is_in_it()
    {
        var leaves = await MergedPeople.AddAsync(server);
        var stays = await MergedPeople.HolderAsync(server);
        await using var connection = await server.Database.OpenConnectionAsync();
        foreach (var difference in new[] { "已排除的", "有效的" })
            await connection.ExecuteAsync("""
                insert into match_run (region, source, file_name, as_of, created_by, created_at) select 622926, 4, 'x', '2026-01-01', min(id), now() from account;
                insert into match_hit (run_id, region, person_id, source, difference) select max(id), 622926, @leaves, 4, @difference from match_run
                """, new { leaves, difference });
        await connection.ExecuteAsync("""
            update match_hit set dismissed_at = now(), dismissed_reason = '同名', dismissed_by = (select min(id) from account)
            where person_id = @leaves and difference = '已排除的'
            """, new { leaves });
        Assert.Null(await MergedPeople.MergeAsync(server, leaves, stays));
        using var clerk = await server.LogInAsync("clerk");
        async Task<(string?, bool)[]> HitsAsync() => [.. (await FileAsync(clerk, stays)).GetProperty("matches").EnumerateArray()
            .Select(hit => (hit.GetProperty("difference").GetString(), hit.GetProperty("isDismissed").GetBoolean()))];
        Assert.Equal([("有效的", false), ("已排除的", true)], await HitsAsync());
    }

    [Fact]
    public async Task A_township_is_told_of_an_entry_of_another_place_without_its_name()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (stays, leaves, _) = await MergedAsync(scene, OtherTownship);
        using var api = await server.LogInAsync("township");
        var file = await FileAsync(api, stays);
        Assert.Single(file.GetProperty("classes").EnumerateArray());
        Assert.Empty(Numbers(file, "mergedEntries"));
        using var portal = await server.OpenPortalAsync("township");
        foreach (var path in new[] { $"/register/people/{stays}", $"/register/people/{stays}/file" })
        {
            var page = await portal.GetStringAsync(path);
            Assert.Contains("另有 1 条", page, StringComparison.Ordinal);
            Assert.DoesNotContain($"/register/people/{leaves}", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_institution_keeps_its_trainee_when_the_entry_is_merged_and_sees_its_own_part_alone()
    {
        var mine = await SettledScene.BuildAsync(server);
        var other = await SettledScene.BuildAsync(server, manager: "manager2");
        var (stays, leaves, completed) = await MergedAsync(mine);
        await MergedPeople.GiveAsync(server, stays, (await other.EnrolledVouchersAsync(1))[0]);
        using var manager = await server.LogInAsync("manager");
        var people = (await manager.GetFromJsonAsync<JsonElement>("/api/register/people")).GetProperty("people").EnumerateArray().Select(person => person.GetProperty("id").GetInt64());
        Assert.Contains(stays.Value, people);
        var file = await FileAsync(manager, stays);
        Assert.Equal(completed.ToString(), Assert.Single(file.GetProperty("vouchers").EnumerateArray()).GetProperty("number").GetString());
        Assert.Equal(mine.Class.Value, Assert.Single(file.GetProperty("classes").EnumerateArray()).GetProperty("id").GetInt64());
        Assert.Equal([leaves.Value], Numbers(file, "mergedEntries"));
        using var second = await server.LogInAsync("manager2");
        var theirs = await FileAsync(second, stays);
        Assert.Equal(other.Class.Value, Assert.Single(theirs.GetProperty("classes").EnumerateArray()).GetProperty("id").GetInt64());
        Assert.Empty(Numbers(theirs, "mergedEntries"));
    }

    /// <summary>A late offline scan may make a voucher of the merged entry one in use again.</summary>
    [Fact]
    public async Task A_voucher_in_use_under_a_merged_entry_keeps_its_person_from_being_merged_with_another_holder()
    {
        var (leaves, stays) = (await MergedPeople.AddAsync(server), await MergedPeople.HolderAsync(server));
        Assert.Null(await MergedPeople.MergeAsync(server, leaves, stays));
        await ExpireAsync(stays);
        await MergedPeople.GiveAsync(server, leaves, (await (await SettledScene.BuildAsync(server)).EnrolledVouchersAsync(1))[0]);
        Assert.Equal(RefusalCode.BothHoldVouchers, (await MergedPeople.MergeAsync(server, stays, await MergedPeople.HolderAsync(server)))?.Code);
        var empty = await MergedPeople.AddAsync(server);
        Assert.Null(await MergedPeople.MergeAsync(server, stays, empty));
        Assert.Equal(stays, (await server.Get<PersonStore>().GetAsync(RegisterScope.County, empty))!.MergedInto);
    }

    private async Task ExpireAsync(PersonId person)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update voucher set valid_from = '2020-01-01', valid_until = '2020-01-02' where person_id = @person", new { person });
    }
}
