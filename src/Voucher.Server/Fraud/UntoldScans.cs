namespace Voucher.Server.Fraud;

/// <summary>
/// Scans that Redis did not answer in time: its windows may lack them. They are told again when it answers (telling twice
/// changes nothing); until then the windows of their terminals and holders are not relied on. Safe from any thread.
/// </summary>
public sealed class UntoldScans
{
    /// <summary>Scans that are kept, a few megabytes; beyond, the oldest are lost, and the windows are rebuilt from PostgreSQL.</summary>
    public const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<WindowScan> _scans = new();
    private readonly Dictionary<TerminalId, int> _ofTerminal = [];
    private readonly Dictionary<HolderCheck, int> _ofHolder = [];
    private volatile bool _isNothing = true;
    private bool _someAreLost;

    public void Add(WindowScan scan)
    {
        lock (_gate)
        {
            _isNothing = false;
            _scans.Enqueue(scan);
            Count(scan, 1);
            if (_scans.Count <= Most) return;
            Count(_scans.Dequeue(), -1);
            _someAreLost = true;
        }
    }

    /// <summary>Whether a window that the scan is judged by may lack a scan.</summary>
    public bool Concern(WindowScan scan)
    {
        if (_isNothing) return false;
        lock (_gate) return _someAreLost || _ofTerminal.ContainsKey(scan.Terminal) || _ofHolder.ContainsKey(scan.Holder);
    }

    /// <summary>Those that wait, the oldest first.</summary>
    public IReadOnlyList<WindowScan> Waiting()
    {
        lock (_gate) return [.. _scans];
    }

    /// <summary>These, the oldest of those that wait, have been told.</summary>
    public void Told(IEnumerable<WindowScan> scans)
    {
        lock (_gate)
        {
            foreach (var scan in scans)
                if (_scans.TryPeek(out var oldest) && ReferenceEquals(oldest, scan)) Count(_scans.Dequeue(), -1);
            _isNothing = _scans.Count == 0 && !_someAreLost;
        }
    }

    /// <summary>Whether there were more than are kept.</summary>
    public bool SomeAreLost
    {
        get { lock (_gate) return _someAreLost; }
    }

    /// <summary>The windows are going to be rebuilt, and nobody relies on them until then.</summary>
    public void ForgetLost()
    {
        lock (_gate)
        {
            _someAreLost = false;
            _isNothing = _scans.Count == 0;
        }
    }

    private void Count(WindowScan scan, int change)
    {
        if ((_ofTerminal[scan.Terminal] = _ofTerminal.GetValueOrDefault(scan.Terminal) + change) == 0) _ofTerminal.Remove(scan.Terminal);
        if ((_ofHolder[scan.Holder] = _ofHolder.GetValueOrDefault(scan.Holder) + change) == 0) _ofHolder.Remove(scan.Holder);
    }
}
