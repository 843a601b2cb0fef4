using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Dapper;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Issuing;

/// <summary>The page of a batch when some of it may no longer have a voucher, and drafting again one that came to nothing.</summary>
public sealed class DraftAgainTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_refused_batch_is_drafted_again_for_the_same_named_people_without_pasting_their_numbers()
    {
        using var clerk = await server.LogInAsync("clerk");
        // One is too old at first and gets nothing; the list names them all the same.
        var people = (long[])[.. await PeopleAsync(3), .. await PeopleAsync(1, birthYear: 1930)];
        var old = await clerk.DraftBatchAsync(new { ids = people }, "粘贴的名单");
        await server.RefuseBatchAsync(old);
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update person set birth_date = '1990-01-01' where id = @person", new { person = people[3] });

        using var portal = await server.OpenPortalAsync("clerk");
        using var page = await PageAsync(portal, $"/issuing/batches/{old}");
        var link = Assert.IsAssignableFrom<IHtmlAnchorElement>(page.QuerySelector("[data-testid=draft-again]")).GetAttribute("href")!;
        using var form = await PageAsync(portal, link);
        Assert.Equal("粘贴的名单", form.QuerySelector<IHtmlInputElement>("[name='f.Name']")!.Value);
        Assert.Equal($"{old}", form.QuerySelector<IHtmlInputElement>("[name='f.OfBatch']")!.Value);
        Assert.Equal("4", form.QuerySelector("[data-testid=eligible]")!.TextContent);
        foreach (var number in await NumbersAsync(people)) Assert.DoesNotContain(number, form.Source.Text, StringComparison.Ordinal);
        using var drafted = await portal.PostAsync("/issuing/new", new FormUrlEncodedContent(form.BatchFields()));
        Assert.Equal(HttpStatusCode.Redirect, drafted.StatusCode);
        var next = long.Parse(drafted.Headers.Location!.ToString().Split('/')[^1], CultureInfo.InvariantCulture);
        Assert.Equal(people.Order(), await server.PeopleOfBatchAsync(next));
        Assert.Equal((150_000L, 1), await connection.QuerySingleAsync<(long, int)>("select face_value_fen, budget_line_id from batch where id = @next", new { next }));

        // Refused once more it still has all of them, and by HTTP as well.
        await server.RefuseBatchAsync(next);
        Assert.Equal(people.Order(), await server.PeopleOfBatchAsync(await clerk.DraftBatchAsync(new { ofBatch = next }, "第三次")));
    }

    [Fact]
    public async Task A_batch_that_was_chosen_by_a_filter_is_drafted_again_by_the_same_filter()
    {
        using var clerk = await server.LogInAsync("clerk");
        var people = await PeopleAsync(2);
        var list = await TestPeople.AddListAsync(server.Database, people);
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update person set employment = 1 where id = any(@people)", new { people });
        var old = await clerk.DraftBatchAsync(new { lists = new[] { list }, employment = new[] { "Farming", "OutOfWork" } }, "按名单");
        using var portal = await server.OpenPortalAsync("clerk");
        using var form = await PageAsync(portal, $"/issuing/new?from={old}");
        Assert.Null(form.QuerySelector("[name='f.OfBatch']"));
        Assert.Equal([$"{list}"], form.QuerySelectorAll<IHtmlInputElement>("[name='f.Lists']").Where(box => box.IsChecked).Select(box => box.Value));
        Assert.Equal(["Farming", "OutOfWork"], form.QuerySelectorAll<IHtmlInputElement>("[name='f.Employment']").Where(box => box.IsChecked).Select(box => box.Value).Order());
        foreach (var nothing in new[] { "999999999", "abc", "99999999999999999999" })
        {
            using var none = await portal.GetAsync($"/issuing/new?from={nothing}");
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
        using var both = await clerk.PostAsJsonAsync("/api/batches", BatchesByHttp.Body(new { ofBatch = old, lists = new[] { list } }, "两种"));
        Assert.Equal(HttpStatusCode.BadRequest, both.StatusCode);
        using var unknown = await clerk.PostAsJsonAsync("/api/batches", BatchesByHttp.Body(new { ofBatch = 999_999_999L }, "没有"));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
    }

    [Fact]
    public async Task The_page_of_a_batch_that_cannot_be_approved_names_who_stands_against_it_and_approves_it_without_them()
    {
        using var clerk = await server.LogInAsync("clerk");
        var people = await PeopleAsync(3);
        var batch = await clerk.DraftBatchAsync(new { ids = people }, "一人去世");
        await HitAsync(people[0]);
        using var portal = await server.OpenPortalAsync("approver");
        using var page = await PageAsync(portal, $"/issuing/batches/{batch}");
        using var answer = await portal.PostAsync($"/issuing/batches/{batch}?handler=Approve", new FormUrlEncodedContent(Token(page)));
        using var refused = ExportClient.Read(await answer.Content.ReadAsStringAsync());
        Assert.Equal("860", refused.QuerySelector("[data-refusal]")!.GetAttribute("data-refusal"));
        Assert.Contains("死亡人员", Assert.Single(refused.QuerySelectorAll("[data-testid=ineligible-row]")).TextContent, StringComparison.Ordinal);
        Assert.Contains("2 人", refused.QuerySelector("[data-testid=left-after]")!.TextContent, StringComparison.Ordinal);
        using (var sheet = await portal.PressAsync(refused.QuerySelector<IHtmlFormElement>("form[data-export=batch-ineligible]")!))
            Assert.Single((await ExportClient.OpenAsync(sheet)).Rows);
        var mark = refused.QuerySelector<IHtmlInputElement>("[name=without]")!.Value;
        using (var approved = await portal.PostAsync($"/issuing/batches/{batch}?handler=Approve", new FormUrlEncodedContent([.. Token(refused), new("without", mark)])))
            Assert.Equal(HttpStatusCode.Redirect, approved.StatusCode);
        await WaitAsync(batch);
        using var left = await PageAsync(portal, $"/issuing/batches/{batch}/leave-out");
        Assert.Single(left.QuerySelectorAll("[data-testid=left-out-row]"));
        using (var sheet = await portal.PressAsync(left.QuerySelector<IHtmlFormElement>("form[data-export=batch-left-out]")!))
            Assert.Equal(["比对命中：死亡人员"], (await ExportClient.OpenAsync(sheet)).Column("原因"));
        using var after = await PageAsync(portal, $"/issuing/batches/{batch}");
        Assert.StartsWith("1", after.QuerySelector("[data-testid=left-out]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, after.QuerySelectorAll("[data-testid=voucher-row]").Length);

        using var auditor = await server.OpenPortalAsync("auditor");
        using var forbidden = await auditor.GetAsync($"/issuing/batches/{batch}/leave-out");
        Assert.NotEqual(HttpStatusCode.OK, forbidden.StatusCode);
    }

    [Fact]
    public async Task A_paused_batch_goes_on_by_the_page_once_a_clerk_has_asked_and_an_approver_has_decided()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var approver = await server.LogInAsync("approver");
        var people = await PeopleAsync(3);
        var batch = await PausedAsync(clerk, people);
        await HitAsync(people[2]);
        using var desk = await server.OpenPortalAsync("clerk");
        using var page = await PageAsync(desk, $"/issuing/batches/{batch}");
        using var resumed = await desk.PostAsync($"/issuing/batches/{batch}?handler=Resume", new FormUrlEncodedContent(Token(page)));
        using var refused = ExportClient.Read(await resumed.Content.ReadAsStringAsync());
        Assert.Equal("860", refused.QuerySelector("[data-refusal]")!.GetAttribute("data-refusal"));
        var mark = refused.QuerySelector<IHtmlInputElement>("[name=list]")!.Value;
        using (var asked = await desk.PostAsync($"/issuing/batches/{batch}/leave-out?handler=Ask", new FormUrlEncodedContent([.. Token(refused), new("list", mark), new("reason", "去世")])))
            Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        // Who asked is not offered the decision, and the approver's first page says that it waits.
        using var own = await PageAsync(desk, $"/issuing/batches/{batch}/leave-out");
        Assert.NotNull(own.QuerySelector("[data-testid=leave-out-open]"));
        Assert.Null(own.QuerySelector("[data-testid=leave-out-approve]"));
        using var portal = await server.OpenPortalAsync("approver");
        Assert.Contains("leave-outs-to-decide", await portal.GetStringAsync("/"), StringComparison.Ordinal);
        using (var list = await approver.GetAsync($"/api/batches/{batch}/ineligible"))
        {
            var read = await list.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((1, 2, mark, true), (read.GetProperty("total").GetInt32(), read.GetProperty("peopleAfter").GetInt32(), read.GetProperty("list").GetString(), read.GetProperty("isAsked").GetBoolean()));
            Assert.Contains('*', read.GetProperty("people")[0].GetProperty("name").GetString()!);
        }
        using var decide = await PageAsync(portal, $"/issuing/batches/{batch}/leave-out");
        using (var decided = await portal.PressAsync(decide.QuerySelector("[data-testid=leave-out-approve]")!.Closest("form") as IHtmlFormElement ?? throw new InvalidOperationException()))
            Assert.Equal(HttpStatusCode.Redirect, decided.StatusCode);
        await WaitAsync(batch);
        Assert.Equal(people[..2].Order(), await server.PeopleOfBatchAsync(batch));
        using (var late = await approver.GetAsync($"/api/batches/{batch}/ineligible")) Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task A_reason_that_was_typed_comes_back_and_its_box_is_marked_where_the_reason_is_at_fault()
    {
        using var clerk = await server.LogInAsync("clerk");
        var people = await PeopleAsync(3);
        var batch = await PausedAsync(clerk, people);
        await HitAsync(people[0]);
        using var desk = await server.OpenPortalAsync("clerk");
        using var page = await PageAsync(desk, $"/issuing/batches/{batch}/leave-out");
        var mark = page.QuerySelector<IHtmlInputElement>("[name=list]")!.Value;
        Assert.Equal(("两人去世", false), await TypedAsync(desk, batch, "Ask", "#leave-out-reason", new string('0', 64), "两人去世"));
        Assert.Equal(("", true), await TypedAsync(desk, batch, "Ask", "#leave-out-reason", mark, " "));
        var tooLong = new string('长', 201);
        Assert.Equal((tooLong, true), await TypedAsync(desk, batch, "Ask", "#leave-out-reason", mark, tooLong));

        using (await clerk.PostAsJsonAsync($"/api/batches/{batch}/ask-leave-out", new { list = mark, reason = "去世" })) { }
        using var portal = await server.OpenPortalAsync("approver");
        Assert.Equal((tooLong, true), await TypedAsync(portal, batch, "Refuse", "#keep-reason", mark, tooLong));
    }

    [Fact]
    public async Task Where_all_others_have_their_vouchers_the_page_says_that_the_batch_is_issued()
    {
        using var clerk = await server.LogInAsync("clerk");
        var people = await PeopleAsync(3);
        var batch = await clerk.DraftBatchAsync(new { ids = people[..2] }, "只差一人");
        using (var approver = await server.LogInAsync("approver")) using (await approver.PostAsync($"/api/batches/{batch}/approve", null)) { }
        await WaitAsync(batch);
        // As it stands when it was halted before its last person.
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update batch
            set status = 2, finished_at = null, people = people + 1, paused_at = now(), paused_by = drafted_by, paused_by_staff = drafted_by_staff, pause_reason = '核对'
            where id = @batch;
            insert into batch_person (batch_id, ordinal, person_id) values (@batch, 2, @last)
            """, new { batch, last = people[2] });
        await HitAsync(people[2]);
        using var list = await clerk.GetAsync($"/api/batches/{batch}/ineligible");
        var mark = (await list.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("list").GetString();
        using (await clerk.PostAsJsonAsync($"/api/batches/{batch}/ask-leave-out", new { list = mark, reason = "去世" })) { }

        using var portal = await server.OpenPortalAsync("approver");
        using var decide = await PageAsync(portal, $"/issuing/batches/{batch}/leave-out");
        using var decided = await portal.PressAsync(Assert.IsAssignableFrom<IHtmlFormElement>(decide.QuerySelector("[data-testid=leave-out-approve]")!.Closest("form")));
        Assert.Equal(HttpStatusCode.Redirect, decided.StatusCode);
        var said = await portal.GetStringAsync($"/issuing/batches/{batch}");
        Assert.Contains("本批次制券完成", said, StringComparison.Ordinal);
        Assert.DoesNotContain("继续制券", said, StringComparison.Ordinal);
    }

    /// <summary>What stands in the box of the form that comes back, and whether it is marked.</summary>
    private static async Task<(string Value, bool IsMarked)> TypedAsync(HttpClient portal, long batch, string handler, string box, string list, string reason)
    {
        using var page = await PageAsync(portal, $"/issuing/batches/{batch}/leave-out");
        using var answer = await portal.PostAsync(
            $"/issuing/batches/{batch}/leave-out?handler={handler}", new FormUrlEncodedContent([.. Token(page), new("list", list), new("reason", reason)]));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var back = ExportClient.Read(await answer.Content.ReadAsStringAsync());
        var field = back.QuerySelector<IHtmlInputElement>(box)!;
        return (field.Value, field.ClassList.Contains("is-invalid"));
    }

    /// <summary>A batch that was paused before its first voucher: with its approval, so that the worker finds nothing to write.</summary>
    private async Task<long> PausedAsync(HttpClient clerk, long[] people)
    {
        var batch = await clerk.DraftBatchAsync(new { ids = people }, "暂停的批次");
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            create or replace function pause_at_once() returns trigger language plpgsql as $$ begin
                if new.name = '暂停的批次' and old.status = 1 and new.status = 2 then
                    new.paused_at = now(); new.paused_by = new.drafted_by; new.paused_by_staff = new.drafted_by_staff; new.pause_reason = '核对';
                end if;
                return new;
            end $$;
            create or replace trigger pause_at_once before update on batch for each row execute function pause_at_once()
            """);
        using var approver = await server.LogInAsync("approver");
        using (await approver.PostAsync($"/api/batches/{batch}/approve", null)) { }
        return batch;
    }

    private async Task HitAsync(long person)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            with run as (
                insert into match_run (region, source, file_name, as_of, created_by, created_at) values (622926, 4, 'x', '2026-01-01', 1, now()) returning id)
            insert into match_hit (run_id, region, person_id, source) select id, 622926, @person, 4 from run
            """, new { person });
    }

    private async Task WaitAsync(long batch)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await Patience.UntilAsync(
            async () => await connection.ExecuteScalarAsync<int>("select status from batch where id = @batch", new { batch }) == 3, $"Batch {batch} was not issued.");
    }

    private Task<long[]> PeopleAsync(int count, int birthYear = 1990) =>
        TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), count, birthYear);

    private async Task<IReadOnlyList<string>> NumbersAsync(long[] people)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var secrets = server.Get<PersonalData>();
        return [.. (await connection.QueryAsync<byte[]>("select id_number_sealed from person where id = any(@people)", new { people })).Select(number => secrets.Open(number))];
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient portal, string path) => ExportClient.Read(await portal.GetStringAsync(path));

    private static KeyValuePair<string, string>[] Token(IHtmlDocument page) =>
        [new("__RequestVerificationToken", page.QuerySelector<IHtmlInputElement>("[name=__RequestVerificationToken]")!.Value)];
}
