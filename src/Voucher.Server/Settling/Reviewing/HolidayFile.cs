using System.Text.Json;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>
/// A year's holidays as a file: JSON (<c>{"year":2027,"notice":"…","days":[{"kind":"off","from":"2027-01-01","until":"2027-01-03","name":"元旦"}]}</c>),
/// or a sheet (.xlsx, .csv) with the columns 休或班, 起日, 止日, 名称, 文号, of which the last is filled in at least once.
/// </summary>
public static class HolidayFile
{
    public const int LargestBytes = 256 * 1024;

    private const string Kind = "休或班", From = "起日", Until = "止日", Name = "名称", Notice = "文号";

    private static readonly string[] Needed = [Kind, From, Until, Notice];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private sealed record Day(string? From, string? Until, string? Kind, string? Name);

    private sealed record Document(int? Year, string? Notice, List<Day?>? Days);

    public static Outcome<HolidayYear> Read(UploadedFile file) =>
        Path.GetExtension(file.Name).Equals(".json", StringComparison.OrdinalIgnoreCase) ? ReadJson(file.Content) : ReadSheet(file);

    private static Outcome<HolidayYear> ReadJson(byte[] content)
    {
        try
        {
            if (JsonSerializer.Deserialize<Document>(content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? content.AsSpan(3) : content, Json) is not { } document)
                return Bad(new("文件是空的", "The file is empty"));
            return HolidayTable.Read(document.Year, document.Notice, [.. (document.Days ?? []).Select((day, at) => new HolidayLine(at + 1, day?.From, day?.Until, day?.Kind, day?.Name))]);
        }
        catch (JsonException fault)
        {
            // Where it is wrong, as the reader counts; its own words are English and for programmers.
            return Bad(new(
                $"不是可读的 JSON：第 {fault.LineNumber + 1} 行，{fault.Path ?? "$"}", $"No readable JSON: line {fault.LineNumber + 1}, {fault.Path ?? "$"}"));
        }
    }

    private static Outcome<HolidayYear> ReadSheet(UploadedFile file)
    {
        try
        {
            var rows = RegisterFile.SheetsOf(file.Name, file.Content)[0].Rows.Take(UploadLimits.HeaderWithinRows + HolidayTable.MostRows + 1).ToList();
            var header = rows.Take(UploadLimits.HeaderWithinRows).FirstOrDefault(row => Needed.All(title => At(row, title) >= 0));
            if (header is null) return Bad(new($"没有找到表头：要有“{string.Join("、", Needed)}”", $"No header found: {string.Join(", ", Needed)}"));
            List<SheetRow> filled = [.. rows.Where(row => row.Number > header.Number && row.Cells.Any(cell => !cell.IsBlank))];
            string? Of(SheetRow row, string title) => At(header, title) is >= 0 and var at ? row.At(at).Clean() : null;
            return HolidayTable.Read(
                null, filled.Select(row => Of(row, Notice)).FirstOrDefault(notice => !string.IsNullOrEmpty(notice)),
                [.. filled.Select(row => new HolidayLine(row.Number, Of(row, From), Of(row, Until), Of(row, Kind), Of(row, Name)))]);
        }
        catch (UnusableFileException unusable)
        {
            return Bad(unusable.Problem);
        }
    }

    private static int At(SheetRow header, string title)
    {
        for (var at = 0; at < header.Cells.Count; at++)
            if (header.Cells[at].Clean() == title) return at;
        return -1;
    }

    private static List<FieldError> Bad(Words problem) => [new("file", problem)];
}
