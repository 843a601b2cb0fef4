using System.Globalization;

namespace Voucher.Benchmarks.Yardsticks;

/// <summary>How fast OpenSSL signs and verifies with P-256, by its own measure.</summary>
internal static class OpenSslSpeed
{
    private static readonly string Program = Tool.Find("openssl");

    /// <param name="processes">How many at once; 1: without <c>-multi</c>.</param>
    public static async Task<(double Signs, double Verifies)> RunAsync(int processes)
    {
        string[] multi = processes > 1 ? ["-multi", processes.ToString(CultureInfo.InvariantCulture)] : [];
        var said = await Tool.RunAsync(Program, ["speed", "-seconds", "1", .. multi, "ecdsap256"]);
        // 256 bits ecdsa (nistp256)   0.0000s   0.0001s  46227.8  14386.3
        var fields = said.Split('\n').Last(line => line.Contains("256 bits ecdsa", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (double.Parse(fields[^2], CultureInfo.InvariantCulture), double.Parse(fields[^1], CultureInfo.InvariantCulture));
    }
}
