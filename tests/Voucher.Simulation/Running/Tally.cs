namespace Voucher.Simulation.Running;

/// <summary>What was done, to show that a run has seen something.</summary>
internal sealed class Tally
{
    private readonly Dictionary<(ScanMode Mode, RefusalCode Code), long> _answers = [];

    public long Schedules { get; set; }

    /// <summary>Scans made at terminals.</summary>
    public long Scans { get; set; }

    /// <summary>Scans presented to an engine, each repeat counted.</summary>
    public long Presented { get; set; }

    /// <summary>Presentations that ended in a fault instead of an answer.</summary>
    public long Failed { get; set; }

    public long NetworkFaults { get; set; }
    public long StorageFaults { get; set; }
    public long Kills { get; set; }
    public long Restarts { get; set; }
    public long DeskActs { get; set; }

    public long Faults => NetworkFaults + StorageFaults + Kills;

    public IReadOnlyDictionary<(ScanMode Mode, RefusalCode Code), long> Answers => _answers;

    public void Count(ScanMode mode, RefusalCode code) => _answers[(mode, code)] = _answers.GetValueOrDefault((mode, code)) + 1;

    public long Told(RefusalCode code) => _answers.Where(pair => pair.Key.Code == code).Sum(pair => pair.Value);

    public void Add(Tally other)
    {
        Schedules += other.Schedules;
        Scans += other.Scans;
        Presented += other.Presented;
        Failed += other.Failed;
        NetworkFaults += other.NetworkFaults;
        StorageFaults += other.StorageFaults;
        Kills += other.Kills;
        Restarts += other.Restarts;
        DeskActs += other.DeskActs;
        foreach (var (key, count) in other._answers) _answers[key] = _answers.GetValueOrDefault(key) + count;
    }

    public override string ToString() =>
        $"{Presented:N0} operations ({Scans:N0} scans) in {Schedules:N0} schedules; {Faults:N0} faults injected ({NetworkFaults:N0} of the network, "
        + $"{StorageFaults:N0} of the storage, {Kills:N0} servers killed), {Restarts:N0} orderly restarts, {DeskActs:N0} acts of the desk; "
        + $"{Told(RefusalCode.None):N0} accepted, {Told(RefusalCode.TooBusy):N0} told to come again, {Failed:N0} failed";
}
