using Voucher.Core.Regions;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
using Voucher.Terminal.Journal;
using Voucher.Terminal.OfflineLists;
using Voucher.Terminal.Setup;

namespace Voucher.Terminal.Pairing;

/// <summary>One pairing at work: its key, its journal and what the server has told it. Lives as long as the pairing.</summary>
internal sealed class PairedTerminal : IDisposable
{
    /// <summary>What outlives a revocation: the journal for the county, and the key for as long as something waits in it.</summary>
    private static readonly string[] Kept = [TerminalHome.JournalFile, DeviceKey.FileName, TerminalHome.RecordFile];

    private readonly TerminalHome _home;
    private readonly string _folder;

    public PairedTerminal(TerminalHome home, TerminalPairing pairing, TimeProvider time)
    {
        _home = home;
        Pairing = pairing;
        _folder = home.FolderOf(pairing.Folder);
        Key = DeviceKey.Open(_folder, home.Seal);
        Journal = ScanJournal.Open(Path.Combine(_folder, TerminalHome.JournalFile), Key, time);
        Setup = new SetupCache(_folder, home.Seal);
        ServerClock = new ServerClock(_folder, time);
        if (ServerClock.LastHeard is { } heard) Journal.Heard(heard);
        if (pairing.RootPublicKey is { } root) Setup.Load(root);
        Statuses = new StatusListCache(_folder);
        if (Setup is { Keys: { } keys, Setup: { } setup }) Statuses.Load(keys, new RegionCode(setup.Region));
        Roster = new RosterCache(_folder, home.Seal, time);
    }

    public TerminalPairing Pairing { get; private set; }

    public DeviceKey Key { get; }

    public ScanJournal Journal { get; }

    public SetupCache Setup { get; }

    public ServerClock ServerClock { get; }

    public StatusListCache Statuses { get; }

    public RosterCache Roster { get; }

    /// <summary>The server is there, and its clock is at least at this.</summary>
    public void HeardServer(DateTimeOffset serverTime)
    {
        ServerClock.HeardAtLeast(serverTime);
        Journal.Heard(serverTime);
    }

    /// <summary>What the server said last of a quarantine, kept over restarts.</summary>
    public void KeepQuarantine(bool isQuarantined)
    {
        if (Pairing.IsQuarantined == isQuarantined) return;
        Pairing = Pairing with { IsQuarantined = isQuarantined };
        _home.WritePairing(Pairing);
    }

    /// <summary>Takes in what the server says; the first root seen is pinned, and any other is refused ever after.</summary>
    public SetupFault Accept(TerminalSetup setup)
    {
        var fault = Setup.Accept(setup, Pairing.RootPublicKey ?? setup.RootPublicKey);
        if (fault != SetupFault.None) return fault;
        Journal.ContinueAfter(setup.LastSequence);
        if (Pairing.RootPublicKey is null || Pairing.RevokedAt is not null)
        {
            Pairing = Pairing with { RootPublicKey = setup.RootPublicKey, RevokedAt = null };
            _home.WritePairing(Pairing);
        }
        return SetupFault.None;
    }

    /// <summary>
    /// The county has revoked this terminal: setup, lists and whatever else it was given are wiped; the journal stays. The key goes
    /// with the last scan that waits, since nobody could prove afterwards whose those are. Whether the key is gone.
    /// </summary>
    public bool WipeAsRevoked(DateTimeOffset now)
    {
        Setup.Clear();
        Statuses.Forget();
        Roster.Forget();
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(file => !IsKept(file)).ToList()) PrivateFile.Wipe(file);
        if (Pairing.RevokedAt is null)
        {
            Pairing = Pairing with { RevokedAt = now };
            _home.WritePairing(Pairing);
        }
        _home.TellRevoked();
        if (Journal.CountWaiting().Count > 0) return false;
        DeviceKey.Delete(_folder);
        return true;
    }

    /// <summary>SQLite keeps its log and index beside the journal, under its name.</summary>
    private static bool IsKept(string file) => Array.Exists(Kept, kept => Path.GetFileName(file).StartsWith(kept, StringComparison.Ordinal));

    public void Dispose()
    {
        Setup.Dispose();
        Journal.Dispose();
        Key.Dispose();
    }
}
