using System.Net;
using System.Net.Http.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Dapper;
using Voucher.Server.Register.Importing;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Register;

/// <summary>A whole import can be taken out again, but for those to whom something has happened since.</summary>
public sealed class UndoTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Reason = "传错了文件";

    [Fact]
    public async Task People_whom_an_import_brought_leave_and_fields_that_it_changed_are_as_before()
    {
        using var clerk = await server.LogInAsync("clerk");
        var known = Roster.Row((Roster.Education, "初中"), (Roster.Township, "锁南镇"));
        await clerk.ImportAsync("先.csv", Roster.Csv(Roster.Header, known));
        var changed = known.ToArray();
        (changed[Roster.Education], changed[Roster.Phone], changed[Roster.Township], changed[Roster.Categories]) = ("大专", "15400000077", "达板镇", "青年");
        var added = Roster.Row();
        var import = await clerk.ImportAsync("后.csv", Roster.Csv(Roster.Header, changed, added), "撤销名单");

        var report = await UndoAsync(clerk, import.Id);
        Assert.Equal((1, 1, 0), (report.Withdrawn, report.Restored, report.KeptCount));
        var person = await server.FindAsync(known[Roster.IdNumber]);
        Assert.Equal(("初中", "锁南镇", "154****0001"), (person.Education, person.Township, person.PhoneMasked));
        Assert.Equal(["妇女", "建档立卡"], person.Categories.Order(StringComparer.Ordinal));
        using var found = await clerk.PostAsJsonAsync("/api/register/people/search", new { listId = await ListAsync("撤销名单") });
        Assert.Contains("\"total\":0", await found.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(await WithdrawnAsync(added));

        // The same file once more brings them back: who had left counts as added.
        var again = await clerk.ImportAsync("后.csv", Roster.Csv(Roster.Header, changed, added), "撤销名单");
        Assert.Equal((1, 1), (again.Added, again.Changed));
        Assert.Null(await WithdrawnAsync(added));
        Assert.Equal((1, 1, 0), (await UndoAsync(clerk, again.Id)) is var twice ? (twice.Withdrawn, twice.Restored, twice.KeptCount) : default);
        Assert.NotNull(await WithdrawnAsync(added));
    }

    [Fact]
    public async Task Whoever_holds_a_voucher_stands_in_a_batch_or_was_changed_since_stays_and_is_named()
    {
        using var clerk = await server.LogInAsync("clerk");
        var (holder, batched, later, plain) = (Roster.Row(), Roster.Row(), Roster.Row(), Roster.Row());
        var import = await clerk.ImportAsync("有券.csv", Roster.Csv(Roster.Header, holder, batched, later, plain));
        await IssueAsync(holder, status: 3, withVoucher: true);
        await IssueAsync(batched, status: 1, withVoucher: false);
        later[Roster.Education] = "本科";
        await clerk.ImportAsync("再改.csv", Roster.Csv(Roster.Header, later));

        var foreseen = await clerk.GetFromJsonAsync<Report>($"/api/register/imports/{import.Id}/undo");
        Assert.Equal((1, 0, 3), (foreseen!.Withdrawn, foreseen.Restored, foreseen.KeptCount));
        var report = await UndoAsync(clerk, import.Id);
        Assert.Equal((1, 0, 3), (report.Withdrawn, report.Restored, report.KeptCount));
        Assert.Equal(["HoldsVoucher", "InBatch", "ChangedSince"], report.Kept.Select(kept => kept.Why));
        Assert.Null(await WithdrawnAsync(holder));
        Assert.Null(await WithdrawnAsync(batched));
        Assert.Equal("本科", (await server.FindAsync(later[Roster.IdNumber])).Education);
        Assert.NotNull(await WithdrawnAsync(plain));
    }

    [Fact]
    public async Task Everybody_who_stays_is_in_the_spreadsheet_with_the_reason_also_beyond_those_whom_the_page_names()
    {
        using var clerk = await server.LogInAsync("clerk");
        var rows = Enumerable.Range(0, UndoReport.MostNamed + 30).Select(_ => Roster.Row()).ToArray();
        var import = await clerk.ImportAsync("多人.csv", Roster.Csv([Roster.Header, .. rows]));
        foreach (var row in rows) row[Roster.Education] = "本科";
        await clerk.ImportAsync("再改.csv", Roster.Csv([Roster.Header, .. rows]));
        using var portal = await server.OpenPortalAsync("clerk");
        async Task<SheetFile> ExportAsync(string path)
        {
            using var page = await portal.PageAsync(path);
            Assert.Equal(UndoReport.MostNamed, page.QuerySelectorAll("[data-testid=undo-kept-person]").Length);
            using var answer = await portal.PressAsync((IHtmlFormElement)page.QuerySelector("form[data-export=import-kept]")!);
            return await ExportClient.OpenAsync(answer);
        }
        var foreseen = await ExportAsync($"/register/imports/{import.Id}/undo");
        Assert.Equal(rows.Length, foreseen.Rows.Count);
        await AssertNoSnapshotWhileStreamingAsync(import.Id);
        await UndoAsync(clerk, import.Id);
        // Afterwards the reason is the one for which they were kept, whatever happens to them later.
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update person set withdrawn_at = now() where id = (select max(person_id) from import_kept where import_id = @Id)", new { import.Id });
        var kept = await ExportAsync($"/register/imports/{import.Id}");
        Assert.Equal(rows.Length, kept.Rows.Count);
        Assert.All(kept.Column("保留的原因"), why => Assert.Equal("此后又有更改", why));
        Assert.All(kept.Column("身份证号码"), number => Assert.Contains('*', (string)number!));
    }

    /// <summary>However long a download takes, the database may tidy up meanwhile.</summary>
    private async Task AssertNoSnapshotWhileStreamingAsync(long import)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await foreach (var _ in server.Get<UndoStore>().KeptAsync(import))
        {
            Assert.Equal(0, await connection.QuerySingleAsync<int>("""
                select count(*)::int from pg_stat_activity
                where datname = current_database() and state = 'idle in transaction' and (query like '%import_kept%' or query like '%array_position(p.imports%')
                """));
            return;
        }
        Assert.Fail("Nobody is kept.");
    }

    [Fact]
    public async Task People_and_places_on_a_list_that_a_later_import_has_too_stay_until_that_is_undone()
    {
        using var clerk = await server.LogInAsync("clerk");
        var (both, changed, alone, known) = (Roster.Row(), Roster.Row(), Roster.Row(), Roster.Row());
        await clerk.ImportAsync("底册.csv", Roster.Csv(Roster.Header, changed, known));
        changed[Roster.Education] = "大专";
        var first = await clerk.ImportAsync("甲.csv", Roster.Csv(Roster.Header, both, changed, alone, known), "共用名单");
        var mistake = await clerk.ImportAsync("误.csv", Roster.Csv(Roster.Header, Roster.Row(), alone), "共用名单");
        await UndoAsync(clerk, mistake.Id); // It had them all the same; it does not count any more.
        var second = await clerk.ImportAsync("乙.csv", Roster.Csv(Roster.Header, Roster.Row(), both, changed, known), "共用名单");
        Assert.Equal((1, 3), (second.Added, second.Unchanged));

        var report = await UndoAsync(clerk, first.Id);
        Assert.Equal((1, 0, 2), (report.Withdrawn, report.Restored, report.KeptCount));
        Assert.All(report.Kept, kept => Assert.Equal("ConfirmedSince", kept.Why));
        Assert.Null(await WithdrawnAsync(both));
        Assert.NotNull(await WithdrawnAsync(alone));
        Assert.Equal("大专", (await server.FindAsync(changed[Roster.IdNumber])).Education);
        Assert.Equal(4, await MembersAsync("共用名单"));
        await UndoAsync(clerk, second.Id);
        Assert.Equal(2, await MembersAsync("共用名单")); // The two of whom the first import was kept.
    }

    [Fact]
    public async Task An_undo_goes_on_where_it_stopped_and_keeps_whom_another_was_merged_into()
    {
        using var clerk = await server.LogInAsync("clerk");
        var rows = Enumerable.Range(0, 3).Select(_ => Roster.Row()).ToArray();
        await clerk.ImportAsync("另一人.csv", Roster.Csv(Roster.Header, Roster.Row()));
        var import = await clerk.ImportAsync("三人.csv", Roster.Csv([Roster.Header, .. rows]));
        var ids = new List<long>();
        foreach (var row in rows) ids.Add((await server.FindAsync(row[Roster.IdNumber])).Id.Value);
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update person set withdrawn_at = now(), merged_into = @into
            where id = (select id from person where merged_into is null and withdrawn_at is null and id <> all(@ids) and not is_bait order by id limit 1);
            update register_import set undo_after = @first, undo_report = '{"withdrawn": 7, "restored": 0, "keptCount": 0, "kept": []}' where id = @Id
            """, new { import.Id, ids = ids.ToArray(), first = ids.Min(), into = ids.Max() });
        var report = await UndoAsync(clerk, import.Id);
        Assert.Equal((8, "MergedWith"), (report.Withdrawn, Assert.Single(report.Kept).Why));
        await using var after = await server.Database.OpenConnectionAsync(); // Before where it had stopped nobody is looked at again.
        Assert.True(await after.QuerySingleAsync<bool>("select withdrawn_at is null from person where id = @first", new { first = ids.Min() }));
    }

    /// <summary>The import was wrong, not the row: nobody has decided anything.</summary>
    [Fact]
    public async Task A_doubtful_row_of_an_undone_import_is_asked_about_anew_and_stays_open_where_another_import_has_it()
    {
        using var clerk = await server.LogInAsync("clerk");
        var known = Roster.Row();
        await clerk.ImportAsync("底册.csv", Roster.Csv(Roster.Header, known));
        var renamed = known.ToArray();
        renamed[Roster.Name] = "马晓梅";
        byte[] File() => Roster.Csv(Roster.Header, Roster.Row(), renamed);
        var first = await clerk.ImportAsync("一.csv", File());
        await UndoAsync(clerk, first.Id);
        var second = await clerk.ImportAsync("二.csv", File());
        Assert.Equal(0, second.Bad);
        var third = await clerk.ImportAsync("三.csv", File());
        await UndoAsync(clerk, second.Id);
        await using var connection = await server.Database.OpenConnectionAsync();
        var person = (await server.FindAsync(known[Roster.IdNumber])).Id;
        var cases = (await connection.QueryAsync<(long, int?, bool)>(
            "select import_id, decision::int, row_sealed is not null from duplicate_case where person_id = @person order by id", new { person })).ToList();
        Assert.Equal([(first.Id, 5, false), (third.Id, null, true)], cases);
        await UndoAsync(clerk, third.Id);
        Assert.Equal(0, await connection.QuerySingleAsync<int>("select count(*) from duplicate_case where person_id = @person and decision is null", new { person }));
    }

    [Fact]
    public async Task An_undo_wants_a_reason_happens_once_and_is_in_the_trail()
    {
        using var clerk = await server.LogInAsync("clerk");
        var import = await clerk.ImportAsync("理由.csv", Roster.Csv(Roster.Header, Roster.Row()));
        foreach (var (reason, status) in new[] { ("", HttpStatusCode.Conflict), ("号码622926198503120167错", HttpStatusCode.BadRequest), (new string('长', 201), HttpStatusCode.BadRequest) })
            using (var refused = await clerk.PostAsJsonAsync($"/api/register/imports/{import.Id}/undo", new { reason }))
                Assert.Equal(status, refused.StatusCode);
        await UndoAsync(clerk, import.Id);
        using var twice = await clerk.PostAsJsonAsync($"/api/register/imports/{import.Id}/undo", new { reason = Reason });
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(Reason, await connection.QuerySingleAsync<string>("select detail from audit_entry where action = 'import.undo' and subject = @subject", new { subject = $"import:{import.Id}" }));
    }

    [Fact]
    public async Task The_portal_shows_what_an_undo_comes_to_before_it_asks_for_the_reason()
    {
        using var clerk = await server.LogInAsync("clerk");
        var import = await clerk.ImportAsync("门户.csv", Roster.Csv(Roster.Header, Roster.Row(), Roster.Row()));
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains($"/register/imports/{import.Id}/undo", await portal.GetStringAsync($"/register/imports/{import.Id}"), StringComparison.Ordinal);
        Assert.Contains("data-testid=\"undo-withdrawn\">2<", await portal.GetStringAsync($"/register/imports/{import.Id}/undo"), StringComparison.Ordinal);
        await portal.PressAsync($"/register/imports/{import.Id}/undo", "", ("reason", Reason));
        var page = await portal.UntilAsync($"/register/imports/{import.Id}", "Undone");
        Assert.Contains("data-testid=\"undo-withdrawn\">2<", page, StringComparison.Ordinal);
        Assert.Contains(Reason, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_of_the_register_can_be_deleted()
    {
        using var clerk = await server.LogInAsync("clerk");
        await clerk.ImportAsync("留.csv", Roster.Csv(Roster.Header, Roster.Row()));
        await using var connection = await server.Database.OpenConnectionAsync();
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.ExecuteAsync("delete from person"));
    }

    private sealed record Kept(long Id, string Name, string Why);

    private sealed record Report(int Withdrawn, int Restored, int KeptCount, IReadOnlyList<Kept> Kept);

    private static async Task<Report> UndoAsync(HttpClient clerk, long import)
    {
        using var answer = await clerk.PostAsJsonAsync($"/api/register/imports/{import}/undo", new { reason = Reason });
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
        while ((await clerk.GetFromJsonAsync<Imported>($"/api/register/imports/{import}"))!.Status == "Undoing") await Task.Delay(20);
        return (await clerk.GetFromJsonAsync<Report>($"/api/register/imports/{import}/undo"))!;
    }

    private async Task<DateTime?> WithdrawnAsync(string[] row)
    {
        var id = (await server.FindAsync(row[Roster.IdNumber])).Id;
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<DateTime?>("select withdrawn_at from person where id = @id", new { id });
    }

    private async Task<int> MembersAsync(string list)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<int>("select count(*) from person_list_member m join person_list l on l.id = m.list_id where l.name = @list", new { list });
    }

    private async Task<int> ListAsync(string name)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<int>("select id from person_list where name = @name", new { name });
    }

    private async Task IssueAsync(string[] row, int status, bool withVoucher)
    {
        var person = (await server.FindAsync(row[Roster.IdNumber])).Id;
        await VoucherSeed.IssueAsync(server, person, status, withVoucher);
    }
}
