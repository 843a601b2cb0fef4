using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Voucher.Benchmarks;

/// <summary>What the numbers were measured on, and how much else was going on there.</summary>
internal static partial class Machine
{
    private const int Syncs = 300;
    private const int PageBytes = 8_192;
    private const int FilePages = 2_048;

    public static string Processor() =>
        Value("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    public static int MemoryGigabytes() =>
        Value("/proc/meminfo", "MemTotal") is { } text ? (int)Math.Round(long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) / 1048576.0) : 0;

    /// <summary>Load average of the last minute.</summary>
    public static double Load() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static string? Value(string file, string name) => File.ReadLines(file)
        .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();

    /// <summary>Median time in microseconds of writing one page of 8 KiB and waiting until the disk has it.</summary>
    public static double SyncMicroseconds(string folder)
    {
        var path = Path.Combine(folder, "sync-probe");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        var page = new byte[PageBytes];
        for (var i = 0; i < FilePages; i++) file.Write(page);
        file.Flush(flushToDisk: true);
        var times = new double[Syncs];
        for (var i = 0; i < Syncs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            RandomAccess.Write(file.SafeFileHandle, page, (long)i * PageBytes);
            if (SyncData(file.SafeFileHandle.DangerousGetHandle().ToInt32()) != 0) throw new IOException("fdatasync failed.");
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        return Statistics.Median(times);
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncData(int file);
}
