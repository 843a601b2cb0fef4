using System.Globalization;

namespace Voucher.Server.Planning.Breakdown;

/// <summary>What is wrong with one cell.</summary>
/// <param name="Cell">As Excel names it, such as <c>C5</c>.</param>
public sealed record CellProblem(string Cell, Words Problem)
{
    public static CellProblem At(int row, int column, Words problem) => new(NameOf(row, column), problem);

    /// <param name="column">Counted from 0.</param>
    public static string NameOf(int row, int column)
    {
        var letters = "";
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26) letters = (char)('A' + ((rest - 1) % 26)) + letters;
        return letters + row.ToString(CultureInfo.InvariantCulture);
    }
}
