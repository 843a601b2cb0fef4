using System.Text;
using Dapper;
using Microsoft.AspNetCore.Http;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Promises;
using Voucher.Core.Refusals;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Promises;
using Voucher.Server.Register;
using Voucher.Server.Tests.Issuing;
using Voucher.Server.Tests.Settling;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Promises;

/// <summary>Who may have what is promised, who was told, who received it; nobody twice and nobody too much.</summary>
public sealed class PromiseTrackerTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Grant = "startup-enterprise", Student = "student-year", Hiring = "hiring-award";
    private readonly Desk _desk = new(server);

    private DateOnly Today => CountyTime.DayOf(server.Clock.GetUtcNow());

    [Fact]
    public async Task From_a_recorded_fact_to_a_receipt_every_condition_is_shown_and_the_second_receipt_refused()
    {
        var person = (await PeopleAsync(1))[0];
        Assert.Equal(
            [PromiseVerdict.Met, PromiseVerdict.NotKnown, PromiseVerdict.NotKnown], (await JudgeAsync(Grant, person)).Standing.Conditions.Select(each => each.Verdict));
        await FactAsync(Grant, person, PromiseFactKind.MicroEnterprise, Today.AddMonths(-5));
        Desk.ExpectRefusal(RefusalCode.PromiseConditionNotMet, await ReceiveAsync(Grant, person, "10000"));
        await FactAsync(Grant, person, PromiseFactKind.MicroEnterprise, Today.AddMonths(-7));
        await FactAsync(Grant, person, PromiseFactKind.FirstBusiness, null);
        Assert.Equal(PromiseVerdict.Met, (await JudgeAsync(Grant, person)).Standing.Verdict);
        Desk.ExpectRefusal(RefusalCode.PromiseExceeded, await ReceiveAsync(Grant, person, "10000.01"));
        Desk.ExpectBadField("documentNo", await ReceiveAsync(Grant, person, "10000", document: ""));
        (await ReceiveAsync(Grant, person, "10000")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PromiseReceivedBefore, await ReceiveAsync(Grant, person, "1"));
        var receipt = (await JudgeAsync(Grant, person)).Person.Last(PromiseStepKind.Received)!;
        (await Record.AnnulAsync(await _desk.WhoAsync("clerk"), receipt.Id, "登错了人")).OrThrow();
        (await ReceiveAsync(Grant, person, "10000")).OrThrow();
    }

    [Fact]
    public async Task A_receipt_recorded_in_parallel_is_recorded_once()
    {
        var person = (await PeopleAsync(1))[0];
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => ReceiveAsync(Grant, person, "10000"))));
        Assert.Single(outcomes.OfType<Outcome<Nothing>.Done>());
        Assert.All(outcomes.OfType<Outcome<Nothing>.Refused>(), refused => Assert.Equal(RefusalCode.PromiseReceivedBefore, refused.Refusal.Code));
        Assert.Single((await JudgeAsync(Grant, person)).Person.Steps);
    }

    [Fact]
    public async Task Whoever_was_two_entries_of_the_register_has_received_what_either_has()
    {
        var people = await PeopleAsync(2);
        await FactAsync(Grant, people[0], PromiseFactKind.FirstBusiness, null);
        (await ReceiveAsync(Grant, people[0], "10000")).OrThrow();
        await RowsAsync<int>("update person set merged_into = @to, withdrawn_at = now() where id = @from returning 1", new { from = people[0], to = people[1] });
        var judged = await JudgeAsync(Grant, people[1]);
        Assert.NotNull(judged.Person.Last(PromiseStepKind.Received));
        Assert.Equal(PromiseFactKind.FirstBusiness, Assert.Single(judged.Person.Facts.Facts).Kind);
        Desk.ExpectRefusal(RefusalCode.PromiseReceivedBefore, await ReceiveAsync(Grant, people[1], "10000"));
        Desk.ExpectRefusal(RefusalCode.NotFound, await ReceiveAsync(Grant, people[0], "10000"));
        var numbers = await NumbersAsync(people);
        Assert.Equal(
            ["A2", "A3"],
            (await ImportAsync($"身份证号码,金额,日期,文号\n{numbers[0]},10000,{Today:yyyy-MM-dd},文2\n{numbers[1]},10000,{Today:yyyy-MM-dd},文3\n")).Problems.Select(problem => problem.Cell).Order());
        // Listed among all, too: the entry that stands is there with what the other had.
        Assert.Contains(
            await server.Get<PromiseReading>().PeopleAsync(await _desk.WhoAsync("clerk"), server.Get<PromiseCatalogue>().Find(Grant)!, null),
            person => person.Person.Id.Value == people[1] && person.Person.Last(PromiseStepKind.Received) is not null);
    }

    [Fact]
    public async Task A_yearly_promise_is_received_once_a_year_and_an_employer_s_names_the_employer()
    {
        var person = (await PeopleAsync(1))[0];
        (await ReceiveAsync(Student, person, "3000", year: 2025)).OrThrow();
        (await ReceiveAsync(Student, person, "3000", year: 2026)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PromiseReceivedBefore, await ReceiveAsync(Student, person, "3000", year: 2026));
        Desk.ExpectBadField("recipient", await ReceiveAsync(Hiring, person, "1000"));
        (await ReceiveAsync(Hiring, person, "1000", recipient: "东乡养殖合作社")).OrThrow();
    }

    [Fact]
    public async Task A_list_of_receipts_is_taken_whole_or_every_wrong_cell_is_named()
    {
        var people = await PeopleAsync(2);
        var numbers = await NumbersAsync(people);
        var bad = await ImportAsync($"身份证号码,金额,日期,文号\n{numbers[0]},10001,{Today:yyyy-MM-dd},文1\n11010519491231002X,5,2026-13-01,\n");
        Assert.Equal(["A3", "C3", "D3"], bad.Problems.Select(problem => problem.Cell).Order());
        Assert.Empty((await JudgeAsync(Grant, people[0])).Person.Steps);
        Assert.Equal("B2", Assert.Single((await ImportAsync($"身份证号码,金额,日期,文号\n{numbers[0]},10001,{Today:yyyy-MM-dd},文1\n")).Problems).Cell);
        var good = await ImportAsync($"身份证号码,金额,日期,文号\n{numbers[0]},10000,{Today:yyyy-MM-dd},文1\n{numbers[1]},10000,{Today:yyyy-MM-dd},文1\n");
        Assert.Equal((2, 0), (good.Recorded, good.Problems.Count));
        Assert.Equal(["A2", "A3"], (await ImportAsync($"身份证号码,金额,日期,文号\n{numbers[0]},10000,{Today:yyyy-MM-dd},文1\n{numbers[1]},1,{Today:yyyy-MM-dd},文2\n")).Problems.Select(problem => problem.Cell).Order());
    }

    [Fact]
    public async Task Many_are_told_at_once_and_page_and_file_show_the_same_people()
    {
        var people = await PeopleAsync(3);
        foreach (var person in people) await FactAsync(Grant, person, PromiseFactKind.FirstBusiness, null);
        var clerk = await _desk.WhoAsync("clerk");
        Assert.Equal(3, (await Record.TellAsync(clerk, Grant, people, Today, nameof(PromiseTelling.AtHome))).OrThrow());
        Assert.Equal(0, (await Record.TellAsync(clerk, Grant, people, Today, nameof(PromiseTelling.Telephone))).OrThrow());
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("data-testid=\"promise-step\"", await portal.GetStringAsync("/promises"), StringComparison.Ordinal);
        Assert.Contains("data-testid=\"promise-person\"", await portal.GetStringAsync($"/promises/{Grant}"), StringComparison.Ordinal);
        Assert.Contains("待核实", await portal.GetStringAsync($"/promises/{Grant}/people/{people[0]}"), StringComparison.Ordinal);
        var all = await server.Get<PromiseReading>().PeopleAsync(clerk, server.Get<PromiseCatalogue>().Find(Grant)!, null);
        using var answer = await portal.ExportAsync("promise-people", ("key", Grant));
        Assert.Equal(all.Count, (await ExportClient.OpenAsync(answer)).Rows.Count);
        using var promises = await portal.ExportAsync("promises");
        Assert.Equal(5, (await ExportClient.OpenAsync(promises)).Rows.Count);
        // A township's scope sees its own people only.
        var scope = new RegisterScope(all[0].Person.Township is null ? null : (await RowsAsync<int>("select township_code from person where id = @id", new { id = people[0] }))[0], null, null);
        var own = await server.Get<PromiseStore>().PeopleAsync(server.Get<PromiseCatalogue>().Find(Grant)!, scope, null);
        Assert.Single(own.Select(person => person.Township).Distinct());
    }

    [Fact]
    public void The_shipped_catalogue_has_the_texts_amounts_and_a_wrong_file_says_why()
    {
        var all = server.Get<PromiseCatalogue>().All.ToDictionary(promise => promise.Key, promise => promise.Amount);
        Assert.Equal(
            [Fen.FromYuan(10_000), Fen.FromYuan(5_000), Fen.FromYuan(1_000), Fen.FromYuan(150_000), Fen.FromYuan(3_000)],
            new[] { Grant, "startup-individual", Hiring, "startup-loan", Student }.Select(key => all[key]));
        Assert.Contains("promises.json", Assert.Throws<InvalidOperationException>(() => PromiseCatalogue.Parse("[{}]")).Message, StringComparison.Ordinal);
    }

    private RecordPromises Record => server.Get<RecordPromises>();

    private async Task<long[]> PeopleAsync(int count) => await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), count);

    private async Task<JudgedPerson> JudgeAsync(string key, long person) => Assert.Single(
        await server.Get<PromiseReading>().PeopleAsync(await _desk.WhoAsync("clerk"), server.Get<PromiseCatalogue>().Find(key)!, null, new PersonId(person)));

    private async Task FactAsync(string key, long person, PromiseFactKind kind, DateOnly? since) =>
        (await Record.FactAsync(await _desk.WhoAsync("clerk"), key, new PersonId(person), new FactForm(kind.ToString(), true, since, null, "小店", "执照1"))).OrThrow();

    private async Task<Outcome<Nothing>> ReceiveAsync(string key, long person, string amount, int? year = null, string document = "文1", string? recipient = null) =>
        await Record.StepAsync(
            await _desk.WhoAsync("clerk"), key, new PersonId(person), new StepForm(nameof(PromiseStepKind.Received), year, Today, null, amount, recipient, document));

    private async Task<ReceiptImport> ImportAsync(string csv)
    {
        var bytes = Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(csv)).ToArray();
        var file = new FormFile(new MemoryStream(bytes), 0, bytes.Length, "file", "领取名单.csv");
        return (await server.Get<ImportReceipts>().RunAsync(await _desk.WhoAsync("clerk"), Grant, file, CancellationToken.None)).OrThrow();
    }

    private async Task<string[]> NumbersAsync(long[] people) =>
        [.. (await RowsAsync<byte[]>("select id_number_sealed from person where id = any(@people) order by id", new { people })).Select(kept => server.Get<PersonalData>().Open(kept))];

    private async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, object parameters)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }
}
