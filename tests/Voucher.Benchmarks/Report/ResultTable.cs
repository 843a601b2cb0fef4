using System.Globalization;
using System.Text;

namespace Voucher.Benchmarks.Report;

/// <summary>The comparisons as a Markdown table, which a terminal shows as well.</summary>
internal static class ResultTable
{
    private static readonly string[] Head =
        ["measure", "is", "beside", "is", "ratio", "of rounds", "aim", "", "CPU µs each (PostgreSQL + server + Redis + client)"];

    public static string Of(IEnumerable<Comparison> comparisons)
    {
        List<string[]> rows = [Head, .. comparisons.Select(Row)];
        var widths = Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Count; i++)
        {
            text.AppendLine("| " + string.Join(" | ", rows[i].Select((cell, column) => cell.PadRight(widths[column]))) + " |");
            if (i == 0) text.AppendLine("|" + string.Join('|', widths.Select(width => new string('-', width + 2))) + "|");
        }
        return text.ToString();
    }

    private static string[] Row(Comparison line) => line.Ratios.Count == 0 ? [line.Name, .. Enumerable.Repeat("failed", Head.Length - 1)] :
    [
        line.Name + (line.Measured.Note is { } note ? $" ({note})" : ""), Value(line.Measured), line.Beside.Name, Value(line.Beside),
        Text($"{line.Ratio:0.00}"), Text($"{line.Ratios.Min():0.00}–{line.Ratios.Max():0.00}"),
        line.Aim is { } aim ? Text($"{(line.AtMost ? "≤" : "≥")} {aim:0.0#}") : "report",
        line.IsMet switch { true => "met", false => "missed", null => "" },
        line.Measured.Cpu is { } cpu ? Text($"{cpu.Postgres:0} + {cpu.Server:0} + {cpu.Redis:0} + {cpu.Client:0}") : "",
    ];

    private static string Value(Probe probe) => probe.Unit == Unit.PerSecond ? Text($"{probe.Median:N0}/s") : Text($"{probe.Median:N0} µs");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
