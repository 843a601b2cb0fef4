using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace Voucher.Testing;

/// <summary>
/// What a test cannot do without. Missing on somebody's machine, the test is skipped and says why; missing where
/// <c>CI=true</c>, it fails, so that a build machine never turns green by skipping.
/// </summary>
public static class Requires
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>PostgreSQL runs.</summary>
    public static async Task Services()
    {
        try
        {
            await PrivateServices.AddressesAsync();
        }
        catch (ServicesNotHereException missing)
        {
            Missing(missing.Message);
        }
    }

    /// <summary>Redis runs; many tests do without, because the server must.</summary>
    public static async Task Redis()
    {
        await Services();
        if ((await PrivateServices.AddressesAsync()).Redis.Length == 0) Missing("Redis is not installed: scripts/install-needs test");
    }

    /// <summary>Path of the browser.</summary>
    public static string Chromium()
    {
        if (FindChromium() is { } path) return path;
        Missing("Chromium is not installed: scripts/install-needs test, or give its path in CHROMIUM");
        return "";
    }

    /// <summary>Path of a command-line tool, such as <c>pdftoppm</c>.</summary>
    public static string Program(string name)
    {
        if (FindOnPath(name) is { } path) return path;
        Missing($"{name} is not installed: scripts/install-needs test");
        return "";
    }

    /// <summary>
    /// Path of a Redis server. Debian's redis-tools holds the same program under another name, and it goes by the name it is
    /// called by: then <paramref name="folder"/> gets a link.
    /// </summary>
    public static string RedisServer(string folder)
    {
        if (FindOnPath("redis-server") is { } server) return server;
        var link = Path.Combine(folder, "redis-server");
        File.CreateSymbolicLink(link, Program("redis-check-rdb"));
        return link;
    }

    private static string? FindChromium() => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } given
        ? (File.Exists(given) ? given : FindOnPath(given))
        : Browsers.Select(FindOnPath).FirstOrDefault(path => path is not null);

    private static string? FindOnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    [DoesNotReturn]
    private static void Missing(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase)) Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
