using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Drafting and approving by HTTP, as a county's own software would.</summary>
public sealed class BatchTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_batch_is_drafted_approved_and_its_vouchers_listed()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var approver = await server.LogInAsync("approver");
        var id = await DraftAsync(clerk, await PeopleAsync(5));
        var reservedBefore = await ReservedAsync();
        using var approved = await approver.PostAsync($"/api/batches/{id}/approve", null);
        Assert.Equal(HttpStatusCode.OK, approved.StatusCode);
        Assert.Equal(reservedBefore + 5 * 150_000, await ReservedAsync());
        await WaitForIssueAsync(clerk, id);
        var vouchers = await clerk.GetFromJsonAsync<JsonElement>($"/api/batches/{id}/vouchers");
        Assert.Equal(5, vouchers.GetProperty("total").GetInt32());
        var first = vouchers.GetProperty("vouchers")[0];
        Assert.Equal(202, first.GetProperty("digits").GetString()!.Length);
        Assert.Contains('*', first.GetProperty("holder").GetString()!);
        Assert.Equal("Issued", first.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Whoever_drafted_a_batch_cannot_approve_it_even_with_the_role()
    {
        using var clerk = await server.LogInAsync("clerk");
        var id = await DraftAsync(clerk, await PeopleAsync(2));
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("insert into account_role (account_id, role) select id, 2 from account where login = 'clerk' on conflict do nothing");
        try
        {
            using var both = await server.LogInAsync("clerk");
            using var answer = await both.PostAsync($"/api/batches/{id}/approve", null);
            Assert.Equal(706, await CodeAsync(answer));
        }
        finally
        {
            await using var connection = await server.Database.OpenConnectionAsync();
            await connection.ExecuteAsync("delete from account_role where role = 2 and account_id = (select id from account where login = 'clerk')");
        }
    }

    [Fact]
    public async Task A_clerk_without_the_role_may_not_approve_and_an_institution_sees_no_batch()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var manager = await server.LogInAsync("manager");
        var id = await DraftAsync(clerk, await PeopleAsync(2));
        using var approve = await clerk.PostAsync($"/api/batches/{id}/approve", null);
        Assert.Equal(HttpStatusCode.Forbidden, approve.StatusCode);
        using var read = await manager.GetAsync($"/api/batches/{id}");
        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
        using var auditor = await server.LogInAsync("auditor");
        using var digits = await auditor.GetAsync($"/api/batches/{id}/vouchers");
        Assert.Equal(HttpStatusCode.Forbidden, digits.StatusCode);
    }

    [Fact]
    public async Task A_short_budget_leaves_nothing_behind()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var approver = await server.LogInAsync("approver");
        var people = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 1000);
        var list = await TestPeople.AddListAsync(server.Database, people);
        var id = await DraftAsync(clerk, list, faceValueFen: 10_000_000);
        var before = await TraceAsync();
        using var answer = await approver.PostAsync($"/api/batches/{id}/approve", null);
        Assert.Equal(707, await CodeAsync(answer));
        Assert.Equal(before, await TraceAsync());
        var batch = await clerk.GetFromJsonAsync<JsonElement>($"/api/batches/{id}");
        Assert.Equal("Drafted", batch.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_batch_whose_validity_is_over_is_not_approved_and_an_expired_one_not_printed()
    {
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        using var clerk = await server.LogInAsync("clerk");
        using var approver = await server.LogInAsync("approver");
        var waiting = await DraftAsync(clerk, await PeopleAsync(2));
        var issued = await DraftAsync(clerk, await PeopleAsync(2));
        using (await approver.PostAsync($"/api/batches/{issued}/approve", null)) { }
        await WaitForIssueAsync(clerk, issued);
        await using (var connection = await server.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                "update batch set valid_from = @from, valid_until = @until where id = any(@ids)",
                new { from = today.AddDays(-9), until = today.AddDays(-1), ids = new[] { waiting, issued } });
            await connection.ExecuteAsync(
                "update voucher set valid_from = @from, valid_until = @until where batch_id = @issued",
                new { from = today.AddDays(-9), until = today.AddDays(-1), issued });
        }
        using var late = await approver.PostAsync($"/api/batches/{waiting}/approve", null);
        Assert.Equal(811, await CodeAsync(late));
        await using var reading = await server.Database.OpenConnectionAsync();
        Assert.Empty(await BatchVoucherStore.UsableAsync(reading, new BatchId(issued), township: null, today));
        Assert.Equal(2, (await BatchVoucherStore.UsableAsync(reading, new BatchId(issued), township: null, today.AddDays(-1))).Count);
    }

    [Fact]
    public async Task A_batch_is_approved_once_by_however_many_at_once()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var approver = await server.LogInAsync("approver");
        var id = await DraftAsync(clerk, await PeopleAsync(3));
        var before = await ReservedAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => approver.PostAsync($"/api/batches/{id}/approve", null)));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK), answer => Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode));
        Assert.Equal(before + 3 * 150_000, await ReservedAsync());
        foreach (var answer in answers) answer.Dispose();
        await WaitForIssueAsync(clerk, id);
    }

    [Fact]
    public async Task A_person_gets_one_live_voucher_and_the_preview_says_why_others_get_none()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var approver = await server.LogInAsync("approver");
        var holders = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 2);
        var issued = await DraftAsync(clerk, await TestPeople.AddListAsync(server.Database, holders));
        using (await approver.PostAsync($"/api/batches/{issued}/approve", null)) { }
        await WaitForIssueAsync(clerk, issued);
        var drafted = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 3);
        await DraftAsync(clerk, await TestPeople.AddListAsync(server.Database, drafted));
        var children = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 4, birthYear: 2020);
        var elders = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 5, birthYear: 1930);
        var free = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 6);
        var list = await TestPeople.AddListAsync(server.Database, [.. holders, .. drafted, .. children, .. elders, .. free]);

        using var answer = await clerk.PostAsJsonAsync("/api/batches/preview", Body(list));
        var preview = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(20, preview.GetProperty("chosen").GetInt32());
        Assert.Equal(6, preview.GetProperty("eligible").GetInt32());
        var excluded = preview.GetProperty("excluded");
        Assert.Equal((4, 5, 2, 3), (
            excluded.GetProperty("TooYoung").GetInt32(), excluded.GetProperty("TooOld").GetInt32(),
            excluded.GetProperty("HasLiveVoucher").GetInt32(), excluded.GetProperty("InOtherBatch").GetInt32()));
        var batch = await clerk.GetFromJsonAsync<JsonElement>($"/api/batches/{await DraftAsync(clerk, list)}");
        Assert.Equal(6, batch.GetProperty("people").GetInt32());
    }

    [Fact]
    public async Task Two_drafts_at_once_do_not_share_a_person()
    {
        using var clerk = await server.LogInAsync("clerk");
        var list = await PeopleAsync(50);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => clerk.PostAsJsonAsync("/api/batches", Body(list))));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK)) Assert.Equal(801, await CodeAsync(answer));
    }

    [Fact]
    public async Task A_refused_batch_says_why_and_frees_its_people()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var approver = await server.LogInAsync("approver");
        var list = await PeopleAsync(2);
        var id = await DraftAsync(clerk, list);
        using var silent = await approver.PostAsJsonAsync($"/api/batches/{id}/refuse", new { reason = " " });
        Assert.Equal(804, await CodeAsync(silent));
        using var refused = await approver.PostAsJsonAsync($"/api/batches/{id}/refuse", new { reason = "人员未公示" });
        Assert.Equal("人员未公示", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("closingReason").GetString());
        using var late = await approver.PostAsync($"/api/batches/{id}/approve", null);
        Assert.Equal(802, await CodeAsync(late));
        await DraftAsync(clerk, list);
    }

    [Fact]
    public async Task Bad_input_names_every_field_and_drafts_nothing()
    {
        using var clerk = await server.LogInAsync("clerk");
        var before = (await clerk.GetFromJsonAsync<JsonElement>("/api/batches")).GetProperty("total").GetInt32();
        var body = new
        {
            name = new string('长', 61), kind = "Directed", scope = 0, faceValueFen = 0, validFrom = "2999-01-01", validUntil = "2000-01-01",
            people = new { townships = new[] { 1 }, ids = new[] { 1 } },
        };
        Assert.Equal(
            ["budgetLineId", "faceValueFen", "name", "people", "scope", "validFrom"], await FieldsAsync(clerk, body));
        var today = Core.CountyTime.DayOf(server.Clock.GetUtcNow());
        var list = await PeopleAsync(1);
        Assert.Equal(["validUntil"], await FieldsAsync(clerk, Body(list, until: today.AddDays(-1))));
        Assert.Equal(["validUntil"], await FieldsAsync(clerk, Body(list, until: today.AddDays(400))));
        Assert.Equal(["faceValueFen"], await FieldsAsync(clerk, Body(list, faceValueFen: -5)));
        Assert.Equal(["faceValueFen"], await FieldsAsync(clerk, Body(list, faceValueFen: long.MaxValue)));
        Assert.Equal(["people.lists"], await FieldsAsync(clerk, Body(987654)));
        Assert.Equal(["people.townships"], await FieldsAsync(clerk, With(new { townships = new[] { 110000001 } })));
        Assert.Equal(["people.ids"], await FieldsAsync(clerk, With(new { ids = new[] { -1L } })));
        Assert.Equal(["people.ids"], await FieldsAsync(clerk, With(new { ids = Enumerable.Range(0, 5001) })));
        Assert.Equal(["people"], await FieldsAsync(clerk, With(new { })));
        Assert.Equal(["scope"], await FieldsAsync(clerk, new { name = "x", kind = "FaceValue", scope = 999, faceValueFen = 1, budgetLineId = 1, people = new { lists = new[] { list } } }));
        Assert.Equal(["faceValueFen"], await FieldsAsync(clerk, new { name = "x", faceValueFen = "many" }));
        Assert.Equal(before, (await clerk.GetFromJsonAsync<JsonElement>("/api/batches")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_unknown_batch_is_not_found()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.GetAsync("/api/batches/999999");
        Assert.Equal(902, await CodeAsync(answer));
        using var page = await clerk.GetAsync("/api/batches?page=0");
        Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
    }

    private static object With(object people) => new { name = "x", kind = "General", faceValueFen = 1, budgetLineId = 1, people };

    private static object Body(int list, long faceValueFen = 150_000, DateOnly? until = null) => new
    {
        name = "测试批次", kind = "FaceValue", scope = 0, faceValueFen, validUntil = until, budgetLineId = 1, people = new { lists = new[] { list } },
    };

    private static async Task<string[]> FieldsAsync(HttpClient clerk, object body)
    {
        using var answer = await clerk.PostAsJsonAsync("/api/batches", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return [.. problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)];
    }

    private async Task<int> PeopleAsync(int count) => await TestPeople.AddListAsync(
        server.Database, await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), count));

    private static async Task<long> DraftAsync(HttpClient clerk, int list, long faceValueFen = 150_000)
    {
        using var answer = await clerk.PostAsJsonAsync("/api/batches", Body(list, faceValueFen));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    private static async Task WaitForIssueAsync(HttpClient clerk, long id)
    {
        for (var i = 0; i < 300; i++)
        {
            var batch = await clerk.GetFromJsonAsync<JsonElement>($"/api/batches/{id}");
            if (batch.GetProperty("status").GetString() == "Issued") return;
            await Task.Delay(100);
        }
        Assert.Fail("The batch was not issued within 30 seconds.");
    }

    private static async Task<int> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetInt32();

    private async Task<long> ReservedAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select coalesce(sum(balance_fen), 0) from ledger_account where kind = 3");
    }

    private async Task<string> TraceAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<string>("""
            select concat_ws('|', (select sum(balance_fen) from ledger_account where kind = 3), (select count(*) from ledger_transaction),
                (select coalesce(sum(next_serial), 0) from voucher_serial), (select count(*) from audit_entry where action = 'batch.approve'))
            """))!;
    }
}
