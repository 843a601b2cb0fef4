namespace Voucher.Faults.Processes;

/// <summary>The children of a process, as <c>/proc</c> tells: PostgreSQL's backends are its postmaster's children.</summary>
public static class Descendants
{
    /// <summary>Ids with the title each shows in a list of processes, in the order of their ids.</summary>
    public static IReadOnlyList<(int Id, string Title)> Of(int parent) =>
        [.. Processes().Where(id => ParentOf(id) == parent).Order().Select(id => (id, TitleOf(id)))];

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0);

    /// <summary>The fourth word of <c>stat</c>; the second, the name, stands in brackets and may hold anything.</summary>
    private static int ParentOf(int id) => Read(id, "stat") is { Length: > 0 } text
        ? int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture)
        : 0;

    private static string TitleOf(int id) => Read(id, "cmdline").Replace('\0', ' ').Trim();

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
