using Dapper;
using Voucher.Server.Demo;
using Voucher.Server.Spreadsheets;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Spreadsheets;

/// <summary>A list that is longer than a page and from which rows go while it is exported.</summary>
public sealed class ChangingListTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Hits_that_are_dismissed_while_the_standing_ones_are_exported_take_no_other_row_with_them()
    {
        const int count = PagedRows.PageSize + 700;
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(SeededPeople.Insert, new { DemoCounty.Region, name = "长比对", count, categories = Array.Empty<string>(), now = server.Clock.GetUtcNow() });
        var run = await connection.QuerySingleAsync<long>("""
            with run as (
                insert into match_run (region, source, file_name, as_of, rows, created_by, created_at)
                select @Region, 6, '长名单.xlsx', '2026-01-31', @count, min(id), now() from account returning id)
            insert into match_hit (run_id, region, person_id, source, row_number)
            select run.id, @Region, p.id, 6, row_number() over (order by p.id) from run, person p where p.name like '长比对%';
            select max(id) from match_run
            """, new { DemoCounty.Region, count });
        var query = new ExportQuery(
            await SettledScene.ActorAsync(server, "clerk"), "zh-CN", server.Clock.GetUtcNow(),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["match"] = $"{run}", ["filter"] = "Standing" });
        var table = (await server.Get<ExportCatalogue>().All.Single(list => list.Key == "match-hits").OpenAsync(query))!;
        HashSet<SheetCell> rows = [];
        await foreach (var row in table.Rows)
        {
            Assert.True(rows.Add(row[0]), "A row came twice.");
            if (rows.Count == 1)
                await connection.ExecuteAsync(
                    "update match_hit set dismissed_at = now(), dismissed_by = 1, dismissed_reason = '核实' where run_id = @run and row_number between 1 and 300", new { run });
        }
        Assert.Equal(count, rows.Count);
    }
}
