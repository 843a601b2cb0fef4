using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Voucher.Terminal.Home;
using Voucher.Terminal.Journal;

namespace Voucher.Terminal.Pairing;

/// <summary>The pairing in use, if there is one; whoever needs the next one can wait for it.</summary>
internal sealed partial class CurrentTerminal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<TerminalPairing, PairedTerminal> _open;
    private readonly Func<string, string> _folderOf;
    private volatile IReadOnlyList<OlderPairing> _older = [];
    private TerminalPairing? _notOpened;
    private bool _lacksRoom;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CurrentTerminal(TerminalHome home, IConfiguration configuration, TimeProvider time, ILogger<CurrentTerminal> log)
    {
        // A server that has moved is named anew in the environment; the pinned root keeps out any that is not the county's.
        var moved = new PairingOrder(configuration[TerminalHome.ServerVariable], Code: null, Name: null).ServerAddress();
        _open = pairing => new PairedTerminal(home, pairing with { Server = moved ?? pairing.Server }, time);
        _folderOf = home.FolderOf;
        TerminalPairing? inUse = null;
        try
        {
            inUse = home.ReadPairing();
            IsWiped = inUse is { RevokedAt: not null } && !DeviceKey.Exists(_folderOf(inUse.Folder));
            if (inUse is not null && !IsWiped) Value = _open(inUse);
        }
        catch (Exception fault) when (CannotBeOpened(fault))
        {
            // A terminal whose key or journal cannot be opened must still come up, and say that it has to be paired anew.
            LogDamaged(log, fault);
            (IsDamaged, _lacksRoom) = (true, CanBeWantOfRoom(fault));
            _notOpened = inUse;
        }
        foreach (var folder in home.RecordedPairings()) OpenOlder(folder, inUse, log);
    }

    /// <summary>There is a pairing on the disk, but its key or journal cannot be opened.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>It failed while a file was written or read, not for what the file holds: on a full disk for want of room.</summary>
    public bool LacksRoom => IsDamaged && _lacksRoom;

    /// <summary>The county has revoked the pairing on the disk, and nothing is left of it but the journal.</summary>
    public bool IsWiped { get; private set; }

    /// <summary>The county has revoked the pairing in use, whatever is left of it.</summary>
    public bool IsRevoked => IsWiped || (Value?.Pairing ?? _notOpened)?.RevokedAt is not null;

    public PairedTerminal? Value { get; private set; }

    /// <summary>Pairings that were replaced while something in their journals was not done with.</summary>
    public IReadOnlyList<OlderPairing> Older => _older;

    /// <summary>The pairing in use, then the older ones.</summary>
    public IEnumerable<PairedTerminal> All => [.. Value is { } inUse ? [inUse] : Array.Empty<PairedTerminal>(), .. _older.Select(older => older.Terminal)];

    /// <summary>Everything that waits on this machine, whichever pairing it belongs to.</summary>
    public WaitingScans CountWaiting()
    {
        var counts = All.Select(terminal => terminal.Journal.CountWaiting()).ToList();
        return new WaitingScans(counts.Sum(one => one.Count), counts.Min(one => one.Since));
    }

    /// <summary>Completes at the next change of <see cref="Value"/>.</summary>
    public Task Changed
    {
        get { lock (_gate) return _changed.Task; }
    }

    /// <summary>
    /// Takes up a new pairing. The old one's journal stays open until the process ends: an answer may still be on its way, and
    /// what waits in it goes on to be sent.
    /// </summary>
    public void Replace(PairedTerminal next)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            if (Value is { } old && IsUnfinished(old)) _older = [.. _older, new OlderPairing(old, _folderOf(old.Pairing.Folder))];
            Value?.Roster.Forget();
            Value = next;
            IsDamaged = IsWiped = false;
            _notOpened = null;
            told = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        told.SetResult();
    }

    /// <summary>Tries once more what could not be opened at the start: a disk may have room again.</summary>
    /// <returns>Whether the pairing is open now and was not before.</returns>
    public bool OpenAgain()
    {
        if (!IsDamaged || _notOpened is not { } pairing) return false;
        try
        {
            Replace(_open(pairing));
            return true;
        }
        catch (Exception fault) when (CannotBeOpened(fault))
        {
            return false;
        }
    }

    public void Dispose()
    {
        Value?.Dispose();
        foreach (var older in _older) older.Dispose();
    }

    private static bool IsUnfinished(PairedTerminal terminal) => terminal.Journal.CountWaiting().Count > 0 || terminal.Journal.UnseenRefusals(1).Count > 0;

    private static bool CanBeWantOfRoom(Exception fault) =>
        fault is SqliteException or IOException and not (FileNotFoundException or DirectoryNotFoundException);

    private static bool CannotBeOpened(Exception fault) =>
        fault is CryptographicException or IOException or UnauthorizedAccessException or SqliteException or InvalidOperationException
        or JsonException or FormatException;

    private void OpenOlder(string folder, TerminalPairing? inUse, ILogger log)
    {
        try
        {
            var pairing = TerminalHome.ReadRecord(folder);
            if (pairing.Folder == inUse?.Folder || pairing.RevokedAt is not null && !DeviceKey.Exists(folder)) return;
            var terminal = _open(pairing);
            if (IsUnfinished(terminal)) _older = [.. _older, new OlderPairing(terminal, folder)];
            else terminal.Dispose();
        }
        catch (Exception fault) when (CannotBeOpened(fault))
        {
            LogOlderDamaged(log, Path.GetFileName(folder), fault);
        }
    }

    [LoggerMessage(3002, LogLevel.Error, "The older pairing in {Folder} cannot be opened; what waits in its journal is not sent")]
    private static partial void LogOlderDamaged(ILogger log, string folder, Exception fault);

    [LoggerMessage(3001, LogLevel.Error, "The pairing on the disk cannot be opened; the terminal has to be paired anew")]
    private static partial void LogDamaged(ILogger log, Exception fault);
}
