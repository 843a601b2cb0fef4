namespace Voucher.Server;

/// <summary>Where the server finds what it needs; from the environment, so that one build serves every county.</summary>
/// <param name="Postgres">Npgsql connection string of the ledger of record.</param>
/// <param name="Redis">host:port of the guard; empty: work without it.</param>
/// <param name="Home">Folder of keys and state; readable by the server's user only.</param>
/// <param name="Chromium">
/// Browser that renders PDFs, best the one without a window (a third less work for the same file); <c>null</c>: pages are printed
/// from the clerk's browser.
/// </param>
public sealed record ServerSettings(string Postgres, string Redis, string Home, string? Chromium)
{
    public static ServerSettings FromEnvironment(IConfiguration configuration) => new(
        configuration["VOUCHER_POSTGRES"] ?? throw new InvalidOperationException("VOUCHER_POSTGRES is not set: the connection string of the database."),
        configuration["VOUCHER_REDIS"] ?? "",
        Path.GetFullPath(configuration["VOUCHER_HOME"] ?? throw new InvalidOperationException("VOUCHER_HOME is not set: the folder of keys and state.")),
        configuration["CHROMIUM"] is { Length: > 0 } named ? named : FirstThatExists("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"));

    public string KeyFolder => Path.Combine(Home, "keys");

    private static string? FirstThatExists(params string[] paths) => paths.FirstOrDefault(File.Exists);
}
