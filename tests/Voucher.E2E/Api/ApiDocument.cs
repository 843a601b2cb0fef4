namespace Voucher.E2E.Api;

/// <summary>The lines of docs/api.md that a reader would type.</summary>
public static class ApiDocument
{
    private const string BlockBegins = "```sh";
    private const string BlockEnds = "```";

    public static string Path { get; } = RepositoryRoot.PathTo("docs", "api.md");

    /// <summary>All lines of all shell blocks, in order and unchanged.</summary>
    public static async Task<string> ReadLinesAsync()
    {
        var lines = new List<string>();
        var isInside = false;
        foreach (var line in await File.ReadAllLinesAsync(Path))
        {
            if (line == BlockBegins) isInside = true;
            else if (line == BlockEnds) isInside = false;
            else if (isInside) lines.Add(line);
        }
        return string.Join('\n', lines) + '\n';
    }
}
