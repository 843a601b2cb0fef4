namespace Voucher.Testing;

/// <summary>The folder of this clone, wherever the tests were started from.</summary>
public static class RepositoryRoot
{
    private const string Mark = "Voucher.sln";

    /// <summary>Absolute, without a closing slash.</summary>
    public static string Folder { get; } = Find();

    public static string PathTo(params ReadOnlySpan<string> parts) => Path.Combine([Folder, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
                return folder.FullName;
        throw new InvalidOperationException($"No {Mark} above {AppContext.BaseDirectory}: the tests must run inside the clone.");
    }
}
