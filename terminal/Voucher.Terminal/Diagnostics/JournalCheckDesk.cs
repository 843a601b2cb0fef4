using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Voucher.Terminal.Home;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Diagnostics;

/// <summary>Checks the journals of this machine in the background, beside the scans, one run at a time.</summary>
internal sealed class JournalCheckDesk(TerminalHome home, CurrentTerminal current, TimeProvider time)
{
    private readonly Lock _gate = new();
    private JournalProgress _progress = new(Running: false, 0, 0, Broken: null, At: null);

    public JournalProgress Progress
    {
        get { lock (_gate) return _progress; }
    }

    /// <summary>Begins a check; one that runs already goes on.</summary>
    public void Begin()
    {
        var terminals = current.All.ToList();
        lock (_gate)
        {
            if (_progress.Running) return;
            _progress = new JournalProgress(Running: true, 0, terminals.Sum(one => one.Journal.LastSequence), Broken: null, At: null);
        }
        _ = Task.Run(() => Check(terminals));
    }

    private void Check(List<PairedTerminal> terminals)
    {
        string? broken = null;
        var before = 0L;
        foreach (var terminal in terminals)
        {
            var (entries, why) = CheckOne(terminal, before);
            broken ??= why;
            before += entries;
        }
        Tell(progress => progress with { Running = false, Checked = before, Broken = broken, At = time.GetUtcNow() });
    }

    private (long Entries, string? Broken) CheckOne(PairedTerminal terminal, long before)
    {
        var path = Path.Combine(home.FolderOf(terminal.Pairing.Folder), TerminalHome.JournalFile);
        try
        {
            using var store = JournalStore.OpenToRead(path);
            var report = JournalCheck.Check(store, sofar => Tell(progress => progress with { Checked = before + sofar }));
            return (report.Entries, report.Broken is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at.Sequence}: {at.Why}") : null);
        }
        catch (Exception fault) when (fault is SqliteException or InvalidOperationException or CryptographicException)
        {
            return (0, "the journal cannot be read");
        }
    }

    private void Tell(Func<JournalProgress, JournalProgress> change)
    {
        lock (_gate) _progress = change(_progress);
    }
}
