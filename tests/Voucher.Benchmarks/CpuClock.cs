using System.Globalization;
using Voucher.Benchmarks.Report;

namespace Voucher.Benchmarks;

/// <summary>Reads from /proc how much processor time each group of processes has spent so far.</summary>
/// <param name="postmaster">With all its children, those that have ended among them.</param>
internal sealed class CpuClock(int postmaster, int redis)
{
    private const double MicrosecondsPerTick = 10_000; // Linux counts in hundredths of a second for everybody.

    /// <summary>The server process; 0 before it is started.</summary>
    public int Server { get; set; }

    public static int ParentOf(int process) => Stat(Name(process))?.Parent ?? throw new InvalidOperationException($"Process {process} is not on this machine.");

    public CpuUse Read()
    {
        var postgres = Directory.EnumerateDirectories("/proc", "*")
            .Select(path => Path.GetFileName(path)).Where(name => name.All(char.IsAsciiDigit))
            .Select(name => Stat(name)).Where(stat => stat?.Parent == postmaster).Sum(stat => stat!.Own);
        var master = Stat(Name(postmaster));
        var client = Stat("self");
        return new CpuUse(
            postgres + (master?.Own ?? 0) + (master?.Children ?? 0),
            Server == 0 ? 0 : Stat(Name(Server))?.Own ?? 0,
            Stat(Name(redis))?.Own ?? 0,
            client!.Own + client.Children);
    }

    private static string Name(int process) => process.ToString(CultureInfo.InvariantCulture);

    private sealed record Times(int Parent, double Own, double Children);

    private static Times? Stat(string process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            // The name in brackets may hold anything; numbers follow the last bracket.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            double Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture) * MicrosecondsPerTick;
            return new Times(int.Parse(fields[1], CultureInfo.InvariantCulture), Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null; // It has just ended.
        }
    }
}
