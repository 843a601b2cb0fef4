using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Server.Demo;

namespace Voucher.Server.Tests.Register;

/// <summary>A large file with errors here and there: all of them are found, and everyone else is in.</summary>
public sealed class ImportScaleTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    /// <summary>The county's three-year plan as a workbook, and a third of it once more as CSV.</summary>
    [Theory]
    [InlineData(false, 54_115)]
    [InlineData(true, 18_039)]
    public async Task Every_planted_error_is_found_and_no_good_row_is_lost(bool asCsv, int people)
    {
        var sheet = new DemoSpreadsheet(people, badPercent: 1, CountyTime.DayOf(server.Clock.GetUtcNow()));
        using var file = new MemoryStream();
        sheet.Save(file, asCsv);
        using var clerk = await server.LogInAsync("clerk");
        var name = asCsv ? "大表.csv" : "大表.xlsx";
        var import = await clerk.ImportAsync(name, file.ToArray(), name);
        var planted = sheet.Planted.Count;
        Assert.Equal(people / 100, planted);
        Assert.Equal(("Finished", people, people - planted, planted), (import.Status, import.TotalRows, import.Added + import.Unchanged, import.Bad));
        Assert.Equal(
            sheet.Planted.Select(error => (error.Row, Roster.TitleOf(error.Column))),
            import.Errors.Select(error => (error.Row, error.Column)));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.True(await connection.QuerySingleAsync<bool>("select bool_and(is_demo) from person"));
        var lists = await JsonSerializer.DeserializeAsync<JsonElement>(await clerk.GetStreamAsync("/api/register/lists"));
        var list = lists.EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
        Assert.Equal(people - planted, list.GetProperty("people").GetInt32());
    }
}
