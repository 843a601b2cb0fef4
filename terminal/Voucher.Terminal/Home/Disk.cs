using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Voucher.Terminal.Home;

/// <summary>Names on the disk that outlive a power cut: .NET flushes what is in a file, but not under which name it stands.</summary>
internal static class Disk
{
    private const uint ReplaceExisting = 1;
    private const uint WriteThrough = 8;

    /// <summary>Puts a flushed file in the place of another. When this returns, the new name is on the disk.</summary>
    public static void Rename(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            RenameOnWindows(from, to);
            return;
        }
        File.Move(from, to, overwrite: true);
        FlushNames(Path.GetDirectoryName(to)!);
    }

    /// <summary>The names in a folder; Windows keeps them in its own journal.</summary>
    public static void FlushNames(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = open(folder, 0);
        // Some file systems (a USB stick's) know no such flush, and nothing can be done about that.
        if (handle < 0) return;
        _ = fsync(handle);
        _ = close(handle);
    }

    [SupportedOSPlatform("windows")]
    private static void RenameOnWindows(string from, string to)
    {
        if (!MoveFileEx(from, to, ReplaceExisting | WriteThrough))
            throw new IOException($"{Path.GetFileName(to)} cannot be replaced.", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int handle);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int handle);

    [DllImport("kernel32", EntryPoint = "MoveFileExW", SetLastError = true, CharSet = CharSet.Unicode), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool MoveFileEx(string from, string to, uint flags);
}
