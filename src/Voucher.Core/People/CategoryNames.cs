namespace Voucher.Core.People;

/// <summary>
/// Categories of people (人员类别) as they are typed into a form or a cell: several, parted by whatever hands and spreadsheets
/// use. Register, packs and purposes of money read them alike, since a category counts only where the names are the same.
/// </summary>
public static class CategoryNames
{
    private static readonly char[] Separators = ['、', '，', ',', '；', ';', '/', '／', '|', '｜', ' ', '\u3000', '\u00a0', '\t', '\r', '\n'];

    /// <summary>The names as they were typed, one twice when it was typed twice; none for an empty text.</summary>
    public static string[] Split(string? typed) =>
        (typed ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
