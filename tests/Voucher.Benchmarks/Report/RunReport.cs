using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Voucher.Benchmarks.Report;

/// <summary>What the box was like before a round.</summary>
internal sealed record Noise(double Load, double SyncMicroseconds);

/// <summary>A whole run: on what, how noisy, and what came out.</summary>
internal sealed record RunReport(
    DateTimeOffset At, string Kind, string Processor, int Cores, int MemoryGigabytes, string PostgresVersion, IReadOnlyList<Noise> Noise,
    IReadOnlyList<Comparison> Comparisons, IReadOnlyList<string> Broken)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>One line on the machine and its noise.</summary>
    public string Machine() => string.Create(CultureInfo.InvariantCulture,
        $"{At:yyyy-MM-dd HH:mm} UTC, {Kind} run of {Noise.Count} rounds; {Cores} cores of {Processor}, {MemoryGigabytes} GB; PostgreSQL {PostgresVersion}, .NET {Environment.Version}; "
        + $"load average at the start {Noise[0].Load:0.0}, highest before a round {Noise.Max(noise => noise.Load):0.0}; "
        + $"write of 8 KiB and fdatasync: median {Statistics.Median([.. Noise.Select(noise => noise.SyncMicroseconds)]):0} µs ({Noise.Min(noise => noise.SyncMicroseconds):0}–{Noise.Max(noise => noise.SyncMicroseconds):0})");

    public string Markdown() => $"{Machine()}.\n\n{ResultTable.Of(Comparisons)}";

    public string Json() => JsonSerializer.Serialize(new
    {
        At, Kind, Processor, Cores, MemoryGigabytes, PostgresVersion, DotNetVersion = Environment.Version.ToString(), Noise, Broken,
        Measures = Comparisons.Select(line => new
        {
            line.Name, Beside = line.Beside.Name, line.Ratio, line.Ratios, line.Aim, line.AtMost, line.IsMet,
            Measured = Show(line.Measured), Limit = Show(line.Beside),
        }),
    }, Format);

    private static object Show(Probe probe) => new
    {
        probe.Name, Unit = probe.Unit == Unit.PerSecond ? "per second" : "microseconds", probe.Median, probe.Note, CpuMicrosecondsEach = probe.Cpu,
        Rounds = probe.Samples.OfType<Sample>().Select(sample => sample.Value),
    };
}
