using System.Globalization;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>A year's holidays as they count.</summary>
/// <param name="SavedBy">Empty for those that are shipped.</param>
public sealed record CountedYear(HolidayYear Year, string? SavedBy, DateTimeOffset? SavedAt);

/// <summary>
/// Public holidays and made-up working days: those that are shipped with the program, and over them those that the county has
/// entered. What was entered is never changed: the newest of a year counts.
/// </summary>
public sealed class HolidayStore(NpgsqlDataSource database)
{
    private const string Prefix = "Voucher.Server.Holidays.";

    private static readonly Lazy<IReadOnlyList<HolidayYear>> Shipped = new(ReadShipped);

    private sealed record Row(int Year, string Content, string SavedBy, DateTimeOffset SavedAt);

    public async Task<WorkingDays> CalendarAsync() => new((await ListAsync()).Select(counted => counted.Year));

    /// <summary>Newest year first.</summary>
    public async Task<IReadOnlyList<CountedYear>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>("""
            select distinct on (n.year) n.year::int as year, n.content, s.name as saved_by, n.saved_at
            from holiday_notice n join staff s on s.id = n.saved_by_staff order by n.year, n.id desc
            """);
        var years = Shipped.Value.ToDictionary(year => year.Year, year => new CountedYear(year, null, null));
        foreach (var row in rows) years[row.Year] = new(HolidayText.Read(row.Year, row.Content).OrThrow(), row.SavedBy, row.SavedAt);
        return [.. years.Values.OrderByDescending(counted => counted.Year.Year)];
    }

    public static Task SaveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, HolidayYear year, Actor actor, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into holiday_notice (year, content, saved_by, saved_by_staff, saved_at) values (@Year, @content, @Account, @Staff, @now)
            """, new { year.Year, content = HolidayText.Write(year), actor.Account, actor.Staff, now }, transaction);

    private static List<HolidayYear> ReadShipped()
    {
        var program = typeof(HolidayStore).Assembly;
        return [.. program.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name =>
        {
            using var reader = new StreamReader(program.GetManifestResourceStream(name)!);
            return HolidayText.Read(int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture), reader.ReadToEnd()).OrThrow();
        })];
    }
}
