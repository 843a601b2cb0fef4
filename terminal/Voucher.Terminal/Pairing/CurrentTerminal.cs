using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Pairing;

/// <summary>The pairing in use, if there is one; whoever needs the next one can wait for it.</summary>
internal sealed partial class CurrentTerminal : IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CurrentTerminal(TerminalHome home, IConfiguration configuration, TimeProvider time, ILogger<CurrentTerminal> log)
    {
        try
        {
            // A server that has moved is named anew in the environment; the pinned root keeps out any that is not the county's.
            var moved = new PairingOrder(configuration[TerminalHome.ServerVariable], Code: null, Name: null).ServerAddress();
            if (home.ReadPairing() is { } pairing) Value = new PairedTerminal(home, pairing with { Server = moved ?? pairing.Server }, time);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or SqliteException or InvalidOperationException)
        {
            // A terminal whose key or journal cannot be opened must still come up, and say that it has to be paired anew.
            LogDamaged(log, fault);
            IsDamaged = true;
        }
    }

    /// <summary>There is a pairing on the disk, but its key or journal cannot be opened.</summary>
    public bool IsDamaged { get; private set; }

    public PairedTerminal? Value { get; private set; }

    /// <summary>Completes at the next change of <see cref="Value"/>.</summary>
    public Task Changed
    {
        get { lock (_gate) return _changed.Task; }
    }

    /// <summary>Takes up a new pairing. The old one's journal stays open until the process ends: an answer may still be on its way.</summary>
    public void Replace(PairedTerminal next)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            Value = next;
            IsDamaged = false;
            told = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        told.SetResult();
    }

    public void Dispose() => Value?.Dispose();

    [LoggerMessage(3001, LogLevel.Error, "The pairing on the disk cannot be opened; the terminal has to be paired anew")]
    private static partial void LogDamaged(ILogger log, Exception fault);
}
