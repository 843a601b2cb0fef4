using System.Globalization;
using System.Text;

namespace Voucher.Benchmarks.Report;

/// <param name="BytesEach">By the runtime's own count, of everything in the process.</param>
/// <param name="Samples">Random samples by type; their shares are the types' shares of the bytes.</param>
internal sealed record Allocations(double BytesEach, IReadOnlyDictionary<string, int> Samples)
{
    private double Total => Math.Max(1, Samples.Values.Sum());

    public double BytesOf(string type) => Samples.GetValueOrDefault(type) / Total * BytesEach;
}

/// <summary>Bytes a scan, by type, of two runs beside each other.</summary>
internal static class AllocationTable
{
    public static string Of((string Name, Allocations Found) one, (string Name, Allocations Found) other, int typesShown)
    {
        var types = one.Found.Samples.Keys.Union(other.Found.Samples.Keys, StringComparer.Ordinal)
            .OrderByDescending(type => one.Found.BytesOf(type) + other.Found.BytesOf(type)).ToList();
        var text = new StringBuilder(Text($"| bytes a scan | {one.Name} | {other.Name} |\n|---|---|---|\n| all | {one.Found.BytesEach:N0} | {other.Found.BytesEach:N0} |\n"));
        foreach (var type in types.Take(typesShown)) text.Append(Row($"`{type}`", [type]));
        return text.Append(Row("others", types.Skip(typesShown))).ToString();

        string Row(string name, IEnumerable<string> of) => Text($"| {name} | {of.Sum(one.Found.BytesOf):N0} | {of.Sum(other.Found.BytesOf):N0} |\n");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
