using AngleSharp.Dom;
using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;
using Voucher.Server.Tests.Register;
using Voucher.Server.Tests.Settling;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Whom a batch may be for.</summary>
public sealed class SelectionTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int Wished = 6, NotWished = 7;

    [Fact]
    public async Task Employment_wishes_and_the_demand_list_narrow_each_other_down()
    {
        var people = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 5);
        var list = await TestPeople.AddListAsync(server.Database, people);
        await SayAsync(people[0], employment: 6, [Wished]);
        await SayAsync(people[1], employment: 6, [NotWished]);
        await SayAsync(people[2], employment: 1, [Wished, NotWished]);
        await SayAsync(people[3], employment: 6, []);
        Assert.Equal(people[..2].Append(people[3]), await ChosenAsync(list, Selected(list) with { Employment = ["OutOfWork"] }));
        Assert.Equal(people[..4], await ChosenAsync(list, Selected(list) with { Employment = ["OutOfWork", "Farming"] }));
        Assert.Equal([people[0], people[2]], await ChosenAsync(list, Selected(list) with { Wishes = [Wished] }));
        Assert.Equal(people[..3], await ChosenAsync(list, Selected(list) with { OnDemandList = true }));
        Assert.Equal([people[0]], await ChosenAsync(list, Selected(list) with { OnDemandList = true, Wishes = [Wished], Employment = ["OutOfWork"] }));
        Assert.Equal(people, await ChosenAsync(list, Selected(list)));
    }

    [Theory]
    [InlineData("Employment")]
    [InlineData("Wishes")]
    [InlineData("OnDemandList")]
    public async Task Each_of_them_suffices_alone(string only)
    {
        var someone = (await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 1))[0];
        await SayAsync(someone, employment: 4, [Wished]);
        var request = only switch
        {
            "Employment" => Nobody with { Employment = ["OwnBusiness"] },
            "Wishes" => Nobody with { Wishes = [Wished] },
            _ => Nobody with { OnDemandList = true },
        };
        Assert.Contains(someone, await ChosenAsync(list: null, request));
    }

    [Fact]
    public async Task Whoever_has_completed_a_training_this_year_is_no_longer_on_the_demand_list()
    {
        var scene = await SettledScene.BuildAsync(server);
        await using var connection = await server.Database.OpenConnectionAsync();
        var trained = await connection.QuerySingleAsync<long>(
            "select person_id from voucher where id = @id", new { id = (await scene.CompletedVouchersAsync(1))[0].Value });
        await SayAsync(trained, employment: 6, [Wished]);
        // The class was over some days before the test's day: in January that may have been last year.
        var isThisYear = await connection.ExecuteScalarAsync<bool>(
            "select completed_at >= @since from completion d join voucher v on v.id = d.voucher_id where v.person_id = @trained",
            new { trained, since = PeopleQuery.DemandSince(CountyTime.DayOf(server.Clock.GetUtcNow())) });
        var list = await TestPeople.AddListAsync(server.Database, [trained]);
        Assert.Equal(isThisYear ? [] : [trained], await ChosenAsync(list, Selected(list) with { OnDemandList = true }));
        Assert.Equal([trained], await ChosenAsync(list, Selected(list) with { Wishes = [Wished] }));
    }

    [Fact]
    public async Task Whoever_was_trained_this_year_under_an_entry_that_was_merged_is_not_on_the_demand_list_either()
    {
        var scene = await SettledScene.BuildAsync(server);
        var trained = (await scene.EnrolledVouchersAsync(1))[0];
        await MergedPeople.CompleteAsync(server, trained, server.Clock.GetUtcNow());
        var stays = (await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 1))[0];
        await SayAsync(stays, employment: 6, [Wished]);
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update person set withdrawn_at = @now, merged_into = @stays, wish_trades = array[@Wished] where id = (select person_id from voucher where id = @trained)
            """, new { now = server.Clock.GetUtcNow(), trained, stays, Wished });
        var left = await connection.QuerySingleAsync<long>("select person_id from voucher where id = @trained", new { trained });
        var list = await TestPeople.AddListAsync(server.Database, [stays, left]);
        Assert.Empty(await ChosenAsync(list, Selected(list) with { OnDemandList = true }));
        Assert.Contains(stays, await ChosenAsync(list, Selected(list) with { Wishes = [Wished] }));
    }

    [Fact]
    public async Task What_is_no_state_of_employment_and_no_trade_is_named()
    {
        Assert.Equal(["people.employment"], await FaultsAsync(Nobody with { Employment = ["Farming", "Sleeping"] }));
        Assert.Equal(["people.employment"], await FaultsAsync(Nobody with { Employment = ["6"] }));
        Assert.Equal(["people.wishes"], await FaultsAsync(Nobody with { Wishes = [Wished, 998] }));
        Assert.Equal(["people"], await FaultsAsync(Nobody with { Everyone = true, OnDemandList = true }));
        Assert.Equal(["people"], await FaultsAsync(Nobody with { Ids = [1], Employment = ["Farming"] }));
    }

    [Fact]
    public async Task The_batch_keeps_what_was_chosen()
    {
        var people = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 1);
        var list = await TestPeople.AddListAsync(server.Database, people);
        await SayAsync(people[0], employment: 5, [Wished]);
        var clerk = await SettledScene.ActorAsync(server, "clerk");
        var batch = (await server.Get<DraftBatch>().RunAsync(Asked(Selected(list) with { Employment = ["WelfarePost"], Wishes = [Wished], OnDemandList = true }), clerk)).OrThrow();
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.True(await connection.ExecuteScalarAsync<bool>("""
            select selection @> '{"employment": [5], "wishes": [6], "onDemandList": true}' and people = 1 from batch where id = @batch
            """, new { batch }));
    }

    [Fact]
    public async Task Whoever_approves_sees_whom_the_batch_is_for()
    {
        var people = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 1);
        var list = await TestPeople.AddListAsync(server.Database, people);
        await SayAsync(people[0], employment: 5, [Wished]);
        await using var connection = await server.Database.OpenConnectionAsync();
        var (township, code, trade, listName) = await connection.QuerySingleAsync<(string, int, string, string)>("""
            select t.name, t.code, (select name from trade where code = 6), (select name from person_list where id = @list)
            from person p join township t on t.code = p.township_code where p.id = @person
            """, new { person = people[0], list });
        var clerk = await SettledScene.ActorAsync(server, "clerk");
        var asked = Selected(list) with { Townships = [code], Employment = ["WelfarePost"], Wishes = [Wished], OnDemandList = true };
        var batch = (await server.Get<DraftBatch>().RunAsync(Asked(asked), clerk)).OrThrow();
        using var approver = await server.OpenPortalAsync("approver");
        using var page = await approver.PageAsync($"/issuing/batches/{batch}");
        Assert.Equal(
            [$"乡镇：{township}", $"名单：{listName}", "就业状态：公益性岗位", "需求清单：登记了培训意愿、今年还没有结业的人", $"想学的工种：{trade}"],
            page.QuerySelectorAll("[data-testid=chosen-by] div").Select(line => line.TextContent));
    }

    private static readonly PeopleRequest Nobody = new(null, null, null, null, null);

    private static PeopleRequest Selected(int list) => Nobody with { Lists = [list] };

    private static BatchRequest Asked(PeopleRequest people) => TestPeople.Request(0) with { People = people };

    /// <summary>All who were judged, whatever the judgement, of one list.</summary>
    private async Task<long[]> ChosenAsync(int? list, PeopleRequest people)
    {
        var page = (await server.Get<DraftBatch>().ListAsync(Asked(people), new JudgedFilter(true), 1)).OrThrow();
        var run = (await server.Get<DraftBatch>().PreviewAsync(Asked(people))).OrThrow();
        var against = new List<long>();
        foreach (var reason in run.Reasons) against.AddRange((await server.Get<DraftBatch>().ListAsync(Asked(people), new JudgedFilter(false, reason.Reason), 1)).OrThrow().People.Select(person => person.Id.Value));
        var chosen = page.People.Select(person => person.Id.Value).Union(against).Order().ToArray();
        if (list is not null) Assert.Equal(run.Chosen, chosen.Length);
        return chosen;
    }

    private async Task<IEnumerable<string>> FaultsAsync(PeopleRequest people) =>
        Assert.IsType<Outcome<DryRun>.BadInput>(await server.Get<DraftBatch>().PreviewAsync(Asked(people))).Errors.Select(error => error.Field);

    private async Task SayAsync(long person, short employment, int[] wishes)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update person set employment = @employment, wish_trades = @wishes where id = @person", new { person, employment, wishes });
    }
}
