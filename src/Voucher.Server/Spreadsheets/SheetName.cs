namespace Voucher.Server.Spreadsheets;

/// <summary>Names of sheets, by Excel's rules.</summary>
public static class SheetName
{
    public const int Longest = 31;

    /// <summary>The text without what a name cannot hold: <c>[ ] : * ? / \</c>, control characters, quotes at the ends.</summary>
    /// <param name="number">From 2 on it stands behind the name: the sheet goes on where the one before was full.</param>
    public static string Of(string text, int number = 1)
    {
        var name = new string([.. text.Select(c => char.IsControl(c) || char.IsSurrogate(c) || "[]:*?/\\".Contains(c, StringComparison.Ordinal) ? ' ' : c)]).Trim(' ', '\'');
        if (name.Length == 0 || name.Equals("History", StringComparison.OrdinalIgnoreCase)) name = "Sheet";
        var suffix = number > 1 ? $" ({number})" : "";
        return name[..Math.Min(name.Length, Longest - suffix.Length)].TrimEnd(' ', '\'') + suffix;
    }
}
