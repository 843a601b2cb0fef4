using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.Yardsticks;

/// <summary>The memory of repeats' command from Redis's own load generator.</summary>
internal static partial class RedisBenchmark
{
    private static readonly string Program = Tool.Find("redis-benchmark");

    /// <summary>Commands a second over one connection, so many sent at a time; every key is another.</summary>
    public static async Task<double> RunAsync(string address, int commands, int pipelined)
    {
        var (host, port) = Parts(address);
        var said = await Tool.RunAsync(Program,
        [
            "-h", host, "-p", port, "-n", Number(commands), "-c", "1", "-P", Number(pipelined), "-r", "1000000000", "-q",
            "SET", "scan:{__rand_int__}:1", new string('7', 32), "NX", "GET", "EX", Number((int)RepeatMemory.Memory.TotalSeconds),
        ]);
        return double.Parse(PerSecond().Matches(said)[^1].Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>The id of the server's process.</summary>
    public static async Task<int> ProcessAsync(string address)
    {
        var (host, port) = Parts(address);
        using var client = new TcpClient(host, int.Parse(port, CultureInfo.InvariantCulture));
        await client.GetStream().WriteAsync("INFO server\r\nQUIT\r\n"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        return int.Parse(ProcessId().Match(await reader.ReadToEndAsync()).Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static (string Host, string Port) Parts(string address) => address.Split(':') is [var host, var port] ? (host, port) : throw new ArgumentException(address);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<number>[\d.]+) requests per second", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"process_id:(?<number>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ProcessId();
}
