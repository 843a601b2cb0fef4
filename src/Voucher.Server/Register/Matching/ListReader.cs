using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register.Matching;

/// <summary>
/// Reads a row of an outside list: who is meant, by number, and what the list says of them. Other offices' lists are taken as
/// they are: only a number that cannot be read is an error.
/// </summary>
public sealed class ListReader(HeaderRow header, TownshipNames townships, PersonalData personalData)
{
    public (ListedPerson? Person, RowProblem? Problem) Read(SheetRow row)
    {
        if (NumberCell.Read(row.At(header.Columns[RegisterColumn.IdNumber]), out var number) is { } problem)
        {
            // Old lists of pensioners and pupils hold old numbers.
            if (NumberCell.ReadOld(row.At(header.Columns[RegisterColumn.IdNumber])) is not { } old)
                return (null, new(RegisterColumn.IdNumber.Title(), problem));
            number = old;
        }
        var name = PersonNames.Normalise(Text(row, RegisterColumn.Name) ?? "");
        var township = Text(row, RegisterColumn.Township);
        return (new(row.Number, personalData.LookupHash(number), name, township, township is null ? null : townships.Named(township)), null);
    }

    /// <summary>What the list says otherwise than the register; a cell that it leaves empty says nothing.</summary>
    public static string DifferenceOf(ListedPerson listed, FoundPerson known)
    {
        List<string> differences = [];
        if (listed.Name.Length > 0 && listed.Name != known.Name) differences.Add($"姓名：{Short(listed.Name)}");
        if (listed.TownshipText is { } text && (listed.Township is null || listed.Township != known.TownshipCode)) differences.Add($"乡镇：{Short(text)}");
        return string.Join('；', differences);
    }

    private string? Text(SheetRow row, RegisterColumn column) =>
        header.Columns.TryGetValue(column, out var at) && row.At(at).Clean() is { Length: > 0 } text ? text : null;

    private static string Short(string text) => string.Concat(text.EnumerateRunes().Take(MatchLimits.LongestSaying));
}
