using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Voucher.Terminal.Tests.PowerLoss;

/// <summary>What the cuts ask of Linux itself.</summary>
internal static class Unix
{
    private const int Stop = 19;
    private const int Continue = 18;

    /// <summary>FS_IOC_SHUTDOWN of ext4 and xfs: from this moment nothing reaches the device any more.</summary>
    private const uint ShutDown = 0x8004587d;
    private const uint WithoutFlushing = 2;

    /// <summary>Stops a process of ours and waits until none of its threads runs.</summary>
    public static void Freeze(int process)
    {
        Check(kill(process, Stop));
        while (Directory.GetDirectories($"/proc/{process}/task").Any(Runs)) Thread.Sleep(1);
    }

    public static void Thaw(int process) => Check(kill(process, Continue));

    /// <summary>Cuts a mounted file system off from its device at this very moment, whatever is under way.</summary>
    public static void CutOff(string mount)
    {
        var handle = open(mount, 0);
        Check(handle);
        try
        {
            var how = WithoutFlushing;
            Check(ioctl(handle, ShutDown, ref how));
        }
        finally
        {
            _ = close(handle);
        }
    }

    /// <summary>By the letter after the name, which stands in brackets. A thread that has ended since it was listed runs no more.</summary>
    private static bool Runs(string task)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(task, "stat"));
            return line[line.LastIndexOf(')') + 2] != 'T';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Check(int result)
    {
        if (result < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int handle);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int handle, nuint request, ref uint value);
}
