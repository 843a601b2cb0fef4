using System.Diagnostics;
using System.Globalization;
using Voucher.Terminal.Home;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.PowerLoss;

/// <param name="Cuts">In all; half of them with the writer frozen, half in the middle of whatever it did.</param>
/// <param name="Torn">Cuts that left half a transaction at the journal's end.</param>
/// <param name="Acknowledged">Scans that the screen was told to be saved.</param>
/// <param name="Lost">Of them, those that were missing after a cut, each cut counted for itself.</param>
internal sealed record CutsResult(int Cuts, int Torn, long Acknowledged, long Lost)
{
    public static CutsResult None => new(0, 0, 0, 0);

    public CutsResult And(CutsResult other) => new(Cuts + other.Cuts, Torn + other.Torn, Acknowledged + other.Acknowledged, Lost + other.Lost);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"power cuts {Cuts}, torn {Torn}, acknowledged {Acknowledged}, lost {Lost}");
}

/// <summary>
/// Cuts the power of a terminal at work. It lives on a disk in a file; the cut takes what that file holds at the moment, with
/// nothing flushed first. First the writer is frozen and the file copied, and it goes on; then the disk is cut off from its
/// file in the middle of the work, comes back, and the terminal starts again on what is there.
/// </summary>
/// <param name="home">Of a paired terminal, to begin with.</param>
/// <param name="preload">A library that takes the place of the system's calls; <c>null</c> for none.</param>
internal sealed class PowerCuts(string home, IReadOnlyList<string> vouchers, int seed, string? preload = null)
{
    private const int DiskMegabytes = 32;
    private const int CutsPerDisk = 10;
    private const int LongestWorkMs = 220;
    private const int LongestWaitMs = 10_000;

    /// <summary>Scans between two cuts, at least.</summary>
    public const int LeastAtStake = 3;

    private readonly Random _random = new(seed);

    public async Task<CutsResult> Run(int cuts)
    {
        var sum = CutsResult.None;
        while (sum.Cuts < cuts) sum = sum.And(await RunDisk(Math.Min(CutsPerDisk, cuts - sum.Cuts)));
        return sum;
    }

    /// <summary>A new disk now and then, so that the chain does not get long to check.</summary>
    private async Task<CutsResult> RunDisk(int cuts)
    {
        using var disk = LoopDisk.Make(DiskMegabytes);
        Copy(home, disk.Mount);
        disk.Flush();
        var sum = CutsResult.None;
        var known = new HashSet<long>();
        while (sum.Cuts < cuts) sum = sum.And(await RunTerminal(disk, known));
        return sum;
    }

    /// <summary>One start of the terminal, which is cut twice.</summary>
    private async Task<CutsResult> RunTerminal(LoopDisk disk, HashSet<long> known)
    {
        CutsResult frozen, off;
        using (var terminal = await OwnTerminal.Start(HomeOn(disk), preload))
        {
            terminal.BeginScanning(vouchers);
            await Work(terminal);
            Unix.Freeze(terminal.Id);
            frozen = await Look(disk, [.. known, .. terminal.Acknowledged]);
            Unix.Thaw(terminal.Id);
            await Work(terminal);
            // What is said after the cut comes from a machine that would be dead: it counts for nothing.
            long[] before = [.. terminal.Acknowledged];
            disk.CutOff();
            terminal.Kill();
            known.UnionWith(before);
            off = (await Look(disk, known)) with { Acknowledged = before.Length };
        }
        disk.ComeBack();
        // What has been counted as lost is not to be counted again.
        if (off.Lost > 0) known.IntersectWith(Present(HomeOn(disk)));
        return frozen.And(off);
    }

    /// <summary>For a while, and until something new is at stake.</summary>
    private async Task Work(OwnTerminal terminal)
    {
        var before = terminal.Acknowledged.Count;
        await Task.Delay(_random.Next(LongestWorkMs));
        for (var waited = 0; terminal.Acknowledged.Count < before + LeastAtStake && waited < LongestWaitMs; waited += 5) await Task.Delay(5);
    }

    private static async Task<CutsResult> Look(LoopDisk disk, HashSet<long> acknowledged)
    {
        using var copy = disk.CopyOfDevice();
        var kept = HomeOn(copy);
        var isTorn = WalTail.IsTorn(JournalIn(kept) + "-wal");
        var present = Recover(kept);
        var lost = acknowledged.Count(sequence => !present.Contains(sequence));
        await StartsByItself(kept, present.Count);
        return new CutsResult(1, isTorn ? 1 : 0, 0, lost);
    }

    /// <summary>Opens the journal as the terminal does: the torn tail is cut once, and a second time changes nothing.</summary>
    private static HashSet<long> Recover(string home)
    {
        var first = Present(home);
        var bytes = File.ReadAllBytes(JournalIn(home));
        Assert.Equal(first, Present(home));
        Assert.Equal(bytes, File.ReadAllBytes(JournalIn(home)));
        return first;
    }

    /// <summary>The sequences that are there: from 1 without a gap, in a whole chain.</summary>
    private static HashSet<long> Present(string home)
    {
        using var key = DeviceKey.Open(FolderOf(home), TestSeal.Of(home));
        using (var journal = ScanJournal.Open(JournalIn(home), key, TimeProvider.System)) Assert.Null(journal.FirstBroken());
        using var store = JournalStore.OpenToRead(JournalIn(home));
        var sequences = store.After(0, int.MaxValue).Select(entry => entry.Request.Sequence).ToList();
        Assert.Equal(Enumerable.Range(1, sequences.Count).Select(n => (long)n), sequences);
        return [.. sequences];
    }

    private static async Task StartsByItself(string home, int entries)
    {
        await using var kiosk = await Server.Kiosk.Start(home);
        kiosk.IsKept = true;
        var state = await kiosk.Until(state => state.Standing() == "active");
        Assert.False(state.GetProperty("damaged").GetBoolean());
        Assert.Equal(entries, kiosk.Journal.LastSequence);
    }

    private static string HomeOn(LoopDisk disk) => Path.Combine(disk.Mount, "home");

    private static string FolderOf(string home) => new TerminalHome(home, TestSeal.Of(home)) is var there ? there.FolderOf(there.ReadPairing()!.Folder) : "";

    private static string JournalIn(string home) => Path.Combine(FolderOf(home), TerminalHome.JournalFile);

    /// <summary>With the machine's sealing secret, which lies beside it.</summary>
    private static void Copy(string home, string mount)
    {
        foreach (var (from, to) in new[] { (home, Path.Combine(mount, "home")), (Server.Kiosk.SealOf(home), Server.Kiosk.SealOf(Path.Combine(mount, "home"))) })
        {
            using var copy = Process.Start("cp", ["-a", from, to]);
            copy.WaitForExit();
            Assert.Equal(0, copy.ExitCode);
        }
    }
}
