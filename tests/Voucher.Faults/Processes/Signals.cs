using System.Runtime.InteropServices;

namespace Voucher.Faults.Processes;

/// <summary>The signals that faults are made of.</summary>
public enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

public static partial class Signals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal to one process by its id; false when there is no such process any more.</summary>
    public static bool Send(int process, Signal signal)
    {
        if (process <= 1) throw new ArgumentOutOfRangeException(nameof(process), process, "Not a process of ours.");
        if (kill(process, (int)signal) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new InvalidOperationException($"Signal {signal} to process {process} failed with error {error}.");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int sig);
}
