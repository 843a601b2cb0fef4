using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Server.Demo;

namespace Voucher.Server.Tests.Register;

/// <summary>A large file with errors here and there: all of them are found, and everyone else is in.</summary>
public sealed class ImportScaleTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_20_000_rows_every_planted_error_is_found(bool asCsv)
    {
        const int people = 20_000;
        var sheet = new DemoSpreadsheet(people, badPercent: 1, CountyTime.DayOf(server.Clock.GetUtcNow()));
        using var file = new MemoryStream();
        sheet.Save(file, asCsv);
        using var clerk = await server.LogInAsync("clerk");
        var import = await clerk.ImportAsync(asCsv ? "大表.csv" : "大表.xlsx", file.ToArray(), "大表");
        Assert.Equal(200, sheet.Planted.Count);
        Assert.Equal(("Finished", people, people - 200, 200), (import.Status, import.TotalRows, import.Added + import.Unchanged, import.Bad));
        Assert.Equal(
            sheet.Planted.Select(error => (error.Row, Roster.Header[(int)error.Column])),
            import.Errors.Select(error => (error.Row, error.Column)));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal((people - 200, true), await connection.QuerySingleAsync<(int, bool)>("select count(*)::int, bool_and(is_demo) from person"));
        var lists = await JsonSerializer.DeserializeAsync<JsonElement>(await clerk.GetStreamAsync("/api/register/lists"));
        Assert.Equal(people - 200, lists[0].GetProperty("people").GetInt32());
    }
}
