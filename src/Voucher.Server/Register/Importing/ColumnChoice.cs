using System.Text.Json;
using System.Text.Json.Serialization;

namespace Voucher.Server.Register.Importing;

/// <summary>What a clerk has said of a file's columns, or what was guessed; kept with the import and with the layout.</summary>
/// <param name="Columns">Which of the file's columns (0 is the first) is which of the register.</param>
public sealed record ColumnChoice(IReadOnlyDictionary<RegisterColumn, int> Columns, DateOrder Dates)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static ColumnChoice FromJson(string json) =>
        JsonSerializer.Deserialize<ColumnChoice>(json, Json) ?? throw new InvalidOperationException("A layout has no columns.");
}

/// <summary>What the clerk who confirms a file's columns is shown of it.</summary>
/// <param name="Sample">Cells of the first rows, numbers of people masked.</param>
/// <param name="LastHeaderRow">Where the data begin below.</param>
public sealed record FileScreen(
    string Sheet, int LastHeaderRow, bool IsDemo, IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Sample, int Hidden,
    IReadOnlyList<string> OtherSheets)
{
    private const int SampleRows = 4;
    private const int LongestSample = 24;

    public static FileScreen Of(RegisterFile file, int hidden)
    {
        var header = file.Header;
        var sample = file.SampleRows(SampleRows)
            .Select(row => (IReadOnlyList<string>)[.. header.Titles.Select((_, at) => Masked(row.At(at).Clean() ?? "?"))]);
        return new(file.SheetName, header.LastRow, header.IsDemo, header.Titles, [.. sample], hidden, file.OtherSheets);
    }

    public string ToJson() => JsonSerializer.Serialize(this, ColumnChoice.Json);

    public static FileScreen FromJson(string json) =>
        JsonSerializer.Deserialize<FileScreen>(json, ColumnChoice.Json) ?? throw new InvalidOperationException("An upload has no screen.");

    /// <summary>The header as it was found, with the chosen columns.</summary>
    public HeaderRow HeaderWith(ColumnChoice choice) => new HeaderRow(LastHeaderRow, choice.Columns, Titles, IsDemo).With(choice);

    public Words NotesWith(ColumnChoice choice) => FileNotes.Of(Hidden, HeaderWith(choice).NotUsed, OtherSheets, IsDemo);

    /// <summary>The text, cut; what may be a number of a person or a phone shows its ends only.</summary>
    private static string Masked(string text)
    {
        var shown = string.Concat(text.EnumerateRunes().Take(LongestSample));
        if (shown.Count(char.IsDigit) <= PlainReason.MostDigitsInRow) return shown;
        var digits = shown.Count(char.IsDigit);
        var at = 0;
        return string.Concat(shown.Select(c => !char.IsDigit(c) ? c : ++at <= 3 || at > digits - 2 ? c : '*'));
    }
}
