using System.Globalization;
using System.Text;

namespace Voucher.Server.Api;

/// <summary>
/// Reads the fields of a form or a request one by one and collects what is wrong with each, so that a person sees every
/// fault at once. After a fault the value returned only keeps the reading going; <see cref="Errors"/> decides.
/// </summary>
public sealed class FieldReader
{
    public List<FieldError> Errors { get; } = [];

    /// <summary>
    /// Trimmed text of at most <paramref name="longest"/> characters; empty is an error unless optional. A rare character of
    /// a name counts as one, as it does in the database, though .NET keeps it as two.
    /// </summary>
    public string Text(string field, string? given, int longest, bool isOptional = false, int shortest = 1)
    {
        var text = given?.Trim() ?? "";
        if (text.Length == 0 && isOptional) return "";
        var characters = text.EnumerateRunes().Count();
        if (text.Length == 0) Fault(field, new("请填写", "This is required"));
        else if (characters < shortest) Fault(field, new($"至少 {shortest} 个字", $"At least {shortest} characters"));
        else if (characters > longest) Fault(field, new($"最多 {longest} 个字", $"At most {longest} characters"));
        else if (!IsReadable(text)) Fault(field, new("含有不可用的字符", "Contains characters that cannot be used"));
        return text;
    }

    public int Number(string field, int? given, int smallest, int largest)
    {
        if (given is { } number && number >= smallest && number <= largest) return number;
        Fault(field, new($"请填写 {smallest} 到 {largest} 的整数", $"Give a whole number from {smallest} to {largest}"));
        return smallest;
    }

    /// <summary>A whole number that may be left out, as in the query of a list.</summary>
    public int? OptionalNumber(string field, string? given, int smallest, int largest)
    {
        if (string.IsNullOrEmpty(given)) return null;
        var isNumber = int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return Number(field, isNumber ? number : null, smallest, largest);
    }

    public DateOnly Day(string field, DateOnly? given)
    {
        if (given is { Year: >= 2016 and <= 2100 } day) return day;
        Fault(field, new("请选择日期（2016 至 2100 年）", "Give a date from 2016 to 2100"));
        return default;
    }

    public void Fault(string field, Words problem) => Errors.Add(new FieldError(field, problem));

    public bool IsClean(string field) => Errors.TrueForAll(error => error.Field != field);

    /// <summary>No control characters (PostgreSQL refuses U+0000) and no broken halves of characters.</summary>
    public static bool IsReadable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune) && rune.Value is not ('\n' or '\r' or '\t')) return false;
        return true;
    }
}
