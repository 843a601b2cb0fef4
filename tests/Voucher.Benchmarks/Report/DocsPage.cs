namespace Voucher.Benchmarks.Report;

/// <summary>Puts the table of a run into the page between its two marks; all else there is written by hand.</summary>
internal static class DocsPage
{
    private const string Start = "<!-- table: written by scripts/bench --write-docs -->";
    private const string End = "<!-- end of table -->";

    public static void Write(string path, RunReport report)
    {
        var page = File.ReadAllText(path);
        var (start, end) = (page.IndexOf(Start, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (start < 0 || end < start) throw new InvalidOperationException($"{path} has lost the marks of its table.");
        File.WriteAllText(path, $"{page[..(start + Start.Length)]}\n{report.Markdown()}{page[end..]}");
    }
}
