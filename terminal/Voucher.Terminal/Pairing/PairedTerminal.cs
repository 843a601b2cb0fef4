using Voucher.Core.Regions;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Lists;
using Voucher.Terminal.Setup;

namespace Voucher.Terminal.Pairing;

/// <summary>One pairing at work: its key, its journal and what the server has told it. Lives as long as the pairing.</summary>
internal sealed class PairedTerminal : IDisposable
{
    private readonly TerminalHome _home;

    public PairedTerminal(TerminalHome home, TerminalPairing pairing, TimeProvider time)
    {
        _home = home;
        Pairing = pairing;
        var folder = home.FolderOf(pairing.Folder);
        Key = DeviceKey.Open(folder);
        Journal = ScanJournal.Open(Path.Combine(folder, TerminalHome.JournalFile), Key, time);
        Setup = new SetupCache(folder);
        ServerClock = new ServerClock(folder, time);
        if (pairing.RootPublicKey is { } root) Setup.Load(root);
        Statuses = new StatusListCache(folder);
        if (Setup is { Keys: { } keys, Setup: { } setup }) Statuses.Load(keys, new RegionCode(setup.Region));
        Roster = new RosterCache(folder, home.Seal, time);
    }

    public TerminalPairing Pairing { get; private set; }

    public DeviceKey Key { get; }

    public ScanJournal Journal { get; }

    public SetupCache Setup { get; }

    public ServerClock ServerClock { get; }

    public StatusListCache Statuses { get; }

    public RosterCache Roster { get; }

    /// <summary>Takes in what the server says; the first root seen is pinned, and any other is refused ever after.</summary>
    public SetupFault Accept(TerminalSetup setup)
    {
        var fault = Setup.Accept(setup, Pairing.RootPublicKey ?? setup.RootPublicKey);
        if (fault != SetupFault.None) return fault;
        Journal.ContinueAfter(setup.LastSequence);
        if (Pairing.RootPublicKey is null)
        {
            Pairing = Pairing with { RootPublicKey = setup.RootPublicKey };
            _home.WritePairing(Pairing);
        }
        return SetupFault.None;
    }

    public void Dispose()
    {
        Setup.Dispose();
        Journal.Dispose();
        Key.Dispose();
    }
}
