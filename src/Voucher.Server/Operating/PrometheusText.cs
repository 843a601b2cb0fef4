using System.Globalization;
using System.Text;

namespace Voucher.Server.Operating;

/// <summary>Writes a <see cref="MetricBook"/> in Prometheus' text format 0.0.4.</summary>
public static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricPage> pages)
    {
        var text = new StringBuilder(16_384);
        foreach (var family in pages.GroupBy(NameOf).OrderBy(family => family.Key, StringComparer.Ordinal))
            WriteFamily(text, family.Key, [.. family]);
        return text.ToString();
    }

    /// <summary>Dots become underscores, the unit is written out, totals end in <c>_total</c>.</summary>
    public static string NameOf(MetricPage page)
    {
        var name = string.Create(page.Instrument.Name.Length, page.Instrument.Name, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        });
        var unit = page.Instrument.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return page.Kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static void WriteFamily(StringBuilder text, string name, IReadOnlyList<MetricPage> pages)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(pages[0].Instrument.Description ?? "")).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(pages[0].Kind.ToString().ToLowerInvariant()).Append('\n');
        foreach (var page in pages)
        foreach (var (tags, series) in page.All.OrderBy(pair => LabelsOf(pair.Key), StringComparer.Ordinal))
        {
            var labels = LabelsOf(tags);
            if (page.Kind == MetricKind.Histogram) WriteHistogram(text, name, labels, page.Bounds, series);
            else WriteLine(text, name, labels, series.Value);
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, double[] bounds, Series series)
    {
        var sum = series.Value;
        long count = 0;
        var buckets = series.Buckets();
        for (var i = 0; i < buckets.Length; i++)
        {
            count += buckets[i];
            var bound = i < bounds.Length ? Number(bounds[i]) : "+Inf";
            WriteLine(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", count);
        }
        WriteLine(text, name + "_sum", labels, sum);
        WriteLine(text, name + "_count", labels, count);
    }

    private static void WriteLine(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string LabelsOf(KeyValuePair<string, object?>[] tags) => string.Join(',', tags.Select(tag =>
        $"{string.Concat(tag.Key.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'))}=\"{EscapeLabel(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\""));

    private static string EscapeHelp(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture), // Also NaN, which Prometheus writes alike.
    };
}
