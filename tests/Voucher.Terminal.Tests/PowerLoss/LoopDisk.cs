using System.Diagnostics;
using System.Globalization;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.PowerLoss;

/// <summary>
/// A disk of its own: a small ext4 in an image file, mounted through a loop device. The image holds what was flushed; what only
/// the system's memory knows of is not in it, as after a power cut. Unmounted and removed when disposed, and at the end of the
/// process if that never happened.
/// </summary>
internal sealed class LoopDisk : IDisposable
{
    private const string Prefix = "voucher-disk-";
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Mounted = [];
    private static bool _isSwept;

    private readonly string _folder;

    private LoopDisk(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(Mount);
    }

    public string Mount => Path.Combine(_folder, "mount");

    private string Image => Path.Combine(_folder, "image");

    /// <summary>Skips the test where a disk cannot be made, and fails it on a build machine.</summary>
    public static void Require()
    {
        Requires.Program("mkfs.ext4");
        if (WhyNot() is not { } reason) return;
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase)) Assert.Fail(reason);
        Assert.Skip(reason);
    }

    public static LoopDisk Make(int megabytes)
    {
        Sweep();
        var disk = New();
        using (var image = File.Create(disk.Image)) image.SetLength(megabytes * 1024L * 1024);
        Run("mkfs.ext4", "-q", "-m", "0", disk.Image);
        disk.MountAgain();
        return disk;
    }

    /// <summary>What the device holds, as a disk of its own. Whoever writes is frozen, but the system may still be flushing: copied until it is still.</summary>
    public LoopDisk CopyOfDevice()
    {
        var copy = New();
        do Run("cp", "--sparse=always", Image, copy.Image);
        while (!IsSame(Image, copy.Image));
        copy.MountAgain();
        return copy;
    }

    /// <summary>The power fails: nothing written from now on reaches the device.</summary>
    public void CutOff() => Unix.CutOff(Mount);

    /// <summary>The power comes back. No file may be open.</summary>
    public void ComeBack()
    {
        Unmount();
        MountAgain();
    }

    public void Flush() => Run("sync", "-f", Mount);

    /// <summary>Takes all room that is left, to the last block: <c>dd</c> ends with "no space left", as it should.</summary>
    public void Fill() => Run(
        "sh", "-c", "fallocate -l $(df --output=avail -B1 \"$0\" | tail -n 1) \"$0/filler\"; dd if=/dev/zero bs=4k oflag=append conv=notrunc of=\"$0/filler\" || true", Mount);

    public void Free() => File.Delete(Path.Combine(Mount, "filler"));

    public void Dispose()
    {
        Unmount();
        Directory.Delete(_folder, recursive: true);
    }

    private static LoopDisk New() =>
        new(Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-")).FullName);

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return "A disk in a file needs Linux and root.";
        try
        {
            using var disk = Make(8);
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return $"A disk in a file cannot be mounted here: {refused.Message}";
        }
    }

    private void MountAgain()
    {
        // Names before contents, and a flush of the system's own every second: so a cut tears more than it would elsewhere.
        Run("mount", "-o", "loop,data=writeback,nodelalloc,commit=1", Image, Mount);
        lock (Gate) Mounted.Add(Mount);
    }

    private void Unmount()
    {
        lock (Gate)
            if (!Mounted.Remove(Mount))
                return;
        // Somebody may just be looking in, and a lazy unmount would leave the device in use for the next mount.
        for (var tries = 0; tries < 50; tries++)
        {
            if (TryRun("umount", Mount) is null) return;
            Thread.Sleep(50);
        }
        Run("umount", "--lazy", Mount);
    }

    /// <summary>What a run that was killed has left mounted, and what this one leaves when it ends in disorder.</summary>
    private static void Sweep()
    {
        lock (Gate)
        {
            if (_isSwept) return;
            _isSwept = true;
        }
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            lock (Gate)
                foreach (var mount in Mounted) TryRun("umount", "--lazy", mount);
        };
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (Directory.Exists($"/proc/{owner}")) continue;
            TryRun("umount", "--lazy", Path.Combine(folder, "mount"));
            TryRun("rm", "-rf", "--one-file-system", folder);
        }
    }

    private static bool IsSame(string one, string other) => TryRun("cmp", "-s", one, other) is null;

    private static void Run(string program, params string[] arguments)
    {
        if (TryRun(program, arguments) is { } problem) throw new InvalidOperationException(problem);
    }

    /// <returns>What went wrong; <c>null</c> when nothing did.</returns>
    private static string? TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{program}: {said.Trim()}";
    }
}
