using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Server.Register.Importing;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Tests.Register;

/// <summary>Another office's list against the register: who is in it, what differs, who is not; and a person who says that a hit is none.</summary>
public sealed class MatchingTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly string[] Header = ["姓名", "身份证号码", "乡镇", "参保单位"];

    [Fact]
    public async Task Hits_differences_strangers_and_unreadable_rows_are_told_apart()
    {
        using var clerk = await server.LogInAsync("clerk");
        var (same, renamed, moved, old) = (Roster.Row(), Roster.Row(), Roster.Row((Roster.Township, "锁南镇")), Roster.RowOfLastCentury());
        await clerk.ImportAsync("册.csv", Roster.Csv(Roster.Header, same, renamed, moved, old));
        var match = await clerk.MatchAsync("名单.xlsx", Roster.Xlsx(
            ["全县参保人员"], Header,
            [same[Roster.Name], same[Roster.IdNumber], "锁南", "x"],
            ["马改名", renamed[Roster.IdNumber], "", "x"],
            [moved[Roster.Name], moved[Roster.IdNumber], "达板镇", "x"],
            ["", old[Roster.IdNumber][..6] + old[Roster.IdNumber][8..17], "", "x"],
            [same[Roster.Name], same[Roster.IdNumber], "锁南", "名单里有两次"],
            ["马路人", Roster.NewNumber().Reveal(), "", "x"],
            ["马写错", "622926", "", "x"]), "EmployedInsured");
        Assert.Equal(("Finished", 7, 4, 2, 1, 1), (match.Status, match.Rows, match.Found, match.Differing, match.NotFound, match.Bad));
        var problem = Assert.Single(match.Problems);
        Assert.Equal((9, "身份证号码"), (problem.Row, problem.Column));
        var hits = (await clerk.GetFromJsonAsync<HitList>($"/api/register/matches/{match.Id}/hits"))!.Hits;
        Assert.Equal([(3, ""), (4, "姓名：马改名"), (5, "乡镇：达板镇"), (6, "")], hits.Select(hit => (hit.Row, hit.Difference)));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.True(await connection.QuerySingleAsync<bool>("select content is null from match_run where id = @Id", new { match.Id }));
    }

    [Fact]
    public async Task The_feedback_file_names_rows_and_results_and_no_whole_number()
    {
        using var clerk = await server.LogInAsync("clerk");
        var row = Roster.Row();
        await clerk.ImportAsync("册.csv", Roster.Csv(Roster.Header, row));
        var match = await clerk.MatchAsync("反馈.csv", Roster.Csv(Header, ["马不同", row[Roster.IdNumber], "", ""]), "School");
        var cells = RegisterFileCells(await clerk.GetByteArrayAsync($"/api/register/matches/{match.Id}/feedback.xlsx"));
        Assert.Contains("姓名：马不同", cells);
        Assert.Contains("在册，所载不同", cells);
        Assert.DoesNotContain(row[Roster.IdNumber], cells);
    }

    [Fact]
    public async Task A_hit_is_dismissed_once_by_a_reviewer_with_a_reason()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var reviewer = await server.LogInAsync("reviewer");
        var row = Roster.Row();
        await clerk.ImportAsync("册.csv", Roster.Csv(Roster.Header, row));
        var match = await clerk.MatchAsync("解除.csv", Roster.Csv(Header, [row[Roster.Name], row[Roster.IdNumber], "", ""]), "Pension");
        var hit = Assert.Single((await clerk.GetFromJsonAsync<HitList>($"/api/register/matches/{match.Id}/hits"))!.Hits);
        var path = $"/api/register/matches/{match.Id}/hits/{hit.Id}/dismiss";
        async Task<HttpStatusCode> DismissAsync(HttpClient who, string reason, string? at = null)
        {
            using var answer = await who.PostAsJsonAsync(at ?? path, new { reason });
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.Forbidden, await DismissAsync(clerk, "同名同号误报"));
        Assert.Equal(HttpStatusCode.Conflict, await DismissAsync(reviewer, " "));
        Assert.Equal(HttpStatusCode.BadRequest, await DismissAsync(reviewer, "电话15400000001"));
        Assert.Equal(HttpStatusCode.NotFound, await DismissAsync(reviewer, "没有", $"/api/register/matches/{match.Id + 1000}/hits/{hit.Id}/dismiss"));
        Assert.Equal(HttpStatusCode.NoContent, await DismissAsync(reviewer, "已核实，未领取养老金"));
        Assert.Equal(HttpStatusCode.Conflict, await DismissAsync(reviewer, "再来"));
        Assert.Equal(0, (await clerk.GetFromJsonAsync<Matched>($"/api/register/matches/{match.Id}"))!.Standing);
        using var portal = await server.OpenPortalAsync("reviewer");
        Assert.Contains("未领取养老金", await portal.GetStringAsync($"/register/matching/{match.Id}?filter=Dismissed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("source", "", "2020-01-01")]
    [InlineData("source", "Nobody", "2020-01-01")]
    [InlineData("asOf", "School", "")]
    [InlineData("asOf", "School", "2099-01-01")]
    [InlineData("asOf", "School", "01/02/2020")]
    [InlineData("complete", "School", "2020-01-01", "perhaps")]
    public async Task What_is_wrong_with_the_form_is_named(string field, string source, string asOf, string? complete = null)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.SendListAsync("a.csv", Roster.Csv(Header, ["马", "1", "", ""]), source, asOf, complete);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_fails_half_way_leaves_no_hit_behind_and_one_that_was_cut_off_is_matched_anew()
    {
        using var clerk = await server.LogInAsync("clerk");
        var rows = Enumerable.Range(0, 3).Select(_ => Roster.Row()).ToArray();
        await clerk.ImportAsync("册.csv", Roster.Csv([Roster.Header, .. rows]));
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            create sequence cuts;
            create function cut() returns trigger language plpgsql as $$
            begin
                if nextval('cuts') <= 1 then raise exception 'a replica for now' using errcode = '25006'; end if;
                return new;
            end $$;
            create trigger cut before insert on match_problem for each row execute function cut();
            """);
        // A first chunk of people who are known; in the second the database stumbles.
        var strangers = Enumerable.Range(0, MatchLimits.ChunkRows).Select(_ => new[] { "马路人", "x", "", "" });
        var file = Roster.Csv([Header, .. rows.Select(row => new[] { row[Roster.Name], row[Roster.IdNumber], "", "" }), .. strangers]);
        var match = await clerk.MatchAsync("断.csv", file, "School");
        Assert.Equal(("Finished", 3, MatchLimits.ChunkRows), (match.Status, match.Found, match.Bad));
        Assert.Equal(3, await connection.QuerySingleAsync<int>("select count(*) from match_hit where run_id = @Id", new { match.Id }));
        await connection.ExecuteAsync("drop trigger cut on match_problem; alter table match_hit add constraint never check (source <> 6) not valid");
        var failed = await clerk.MatchAsync("败.csv", file, "OtherDepartment");
        await connection.ExecuteAsync("alter table match_hit drop constraint never");
        Assert.Equal("Failed", failed.Status);
        Assert.Equal(0, await connection.QuerySingleAsync<int>("select count(*) from match_hit where run_id = @Id", new { failed.Id }));
    }

    [Fact]
    public async Task The_register_goes_out_masked_or_with_a_ground_in_full()
    {
        using var clerk = await server.LogInAsync("clerk");
        var row = Roster.Row();
        await clerk.ImportAsync("册.csv", Roster.Csv(Roster.Header, row));
        using var portal = await server.OpenPortalAsync("clerk");
        async Task<HttpResponseMessage> ExportAsync(string numbers, string reason) =>
            await portal.PostAsync("/register/matching", "Export", ("numbers", numbers), ("reason", reason), ("township", ""));
        using (var masked = await ExportAsync("masked", ""))
            Assert.DoesNotContain(row[Roster.IdNumber], RegisterFileCells(await masked.Content.ReadAsByteArrayAsync()));
        using (var refused = await ExportAsync("full", ""))
            Assert.Contains("请填写理由", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var full = await ExportAsync("full", "数据共享协议第三条"))
            Assert.Contains(row[Roster.IdNumber], RegisterFileCells(await full.Content.ReadAsByteArrayAsync()));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.True(await connection.QuerySingleAsync<bool>("select exists (select from audit_entry where action = 'register.export' and detail like 'full numbers%协议第三条')"));
    }

    [Fact]
    public async Task A_list_of_a_hundred_thousand_rows_is_matched_in_bounded_memory()
    {
        using var clerk = await server.LogInAsync("clerk");
        var row = Roster.Row();
        await clerk.ImportAsync("册.csv", Roster.Csv(Roster.Header, row));
        var text = new StringBuilder("姓名,身份证号码\n");
        for (var at = 0; at < 100_000; at++) text.Append("马路人,11010519491231002X\n");
        text.Append(row[Roster.Name]).Append(',').Append(row[Roster.IdNumber]).Append('\n');
        var match = await clerk.MatchAsync("大.csv", Encoding.UTF8.GetBytes(text.ToString()), "RealName");
        Assert.Equal(("Finished", 100_001, 1, 100_000), (match.Status, match.Rows, match.Found, match.NotFound));
    }

    private static List<string> RegisterFileCells(byte[] xlsx) =>
        [.. XlsxFile.Open(xlsx).SelectMany(sheet => sheet.Rows).SelectMany(row => row.Cells).Select(cell => cell.Text)];

    private sealed record HitList(int Total, IReadOnlyList<Hit> Hits);

    private sealed record Hit(long Id, long PersonId, string Name, int Row, string Difference, bool Stands);
}

/// <summary>What a matching came to, read through the API.</summary>
public sealed record Matched(
    long Id, string Status, int Rows, int DoneRows, int Found, int Differing, int NotFound, int Bad, int Standing, string Notes, string? Failure,
    IReadOnlyList<RowError> Problems, bool IsComplete, int Ended, int Carried, int Held, bool IsHeld);

/// <summary>Hands in lists through the API and waits for the worker.</summary>
public static class Matcher
{
    public static async Task<HttpResponseMessage> SendListAsync(this HttpClient client, string name, byte[] content, string source = "School", string asOf = "2026-01-31", string? complete = null) =>
        await client.PostAsync("/api/register/matches", new MultipartFormDataContent
        {
            { new ByteArrayContent(content), "file", name }, { new StringContent(source), "source" }, { new StringContent(asOf), "asOf" },
            { new StringContent(complete ?? ""), "complete" },
        });

    public static async Task<Matched> MatchAsync(
        this HttpClient client, string name, byte[] content, string source = "School", string asOf = "2026-01-31", string? complete = null)
    {
        using var answer = await client.SendListAsync(name, content, source, asOf, complete);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetInt64();
        while (true)
        {
            var match = (await client.GetFromJsonAsync<Matched>($"/api/register/matches/{id}"))!;
            if (match.Status is not ("Waiting" or "Running")) return match;
            await Task.Delay(20);
        }
    }
}
