using Voucher.Server.Redeeming;
using Voucher.Simulation.Oracles;
using Voucher.Simulation.Storage;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Running;

/// <summary>One presentation of a scan to an engine.</summary>
internal sealed record Presentation(PresentedScan Presented, int Version, DateTimeOffset At);

/// <summary>Sees every call of every engine with its answer, and says at once what cannot be.</summary>
internal sealed class Witness(World world, Ledger ledger, StorageFaults faults, EngineLimits limits)
{
    /// <summary>Time that may pass while what is ready waits to be run.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly Dictionary<PresentedScan, int> _versions = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Guid> _told = [];
    private readonly List<(Presentation Presentation, RefusalCode Code, int Version)> _turned = [];
    private readonly int _mostUnderWay = RedemptionEngine.Lanes * (limits.QueueLength + limits.LargestScanBatch) + limits.DirectUpTo + RedemptionEngine.MostPast + 1;

    public Finding? First { get; private set; }

    public Tally Tally { get; } = new();

    public void Report(Finding finding) => First ??= finding;

    private void Report(string rule, Presentation about, string what) =>
        Report(new Finding(rule, $"scan {about.Presented.Scan.Sequence} of terminal {about.Presented.Terminal}: {what}"));

    public int PresentedAt(PresentedScan presented) => _versions[presented];

    public Presentation Present(PresentedScan presented)
    {
        Tally.Presented++;
        _versions.Add(presented, ledger.Version);
        return new Presentation(presented, ledger.Version, world.Now);
    }

    public void Look(RedemptionEngine engine)
    {
        var most = RedemptionEngine.Lanes * limits.QueueLength;
        if (engine.Waiting > most) Report(new Finding("queue over its bound", $"{engine.Waiting} wait in queues of {limits.QueueLength}"));
        if (engine.UnderWay > _mostUnderWay) Report(new Finding("queue over its bound", $"{engine.UnderWay} under way, {_mostUnderWay} at most"));
    }

    public void Answered(Presentation presentation, ScanResult result)
    {
        CheckTime(presentation);
        if (result.Outcome is Outcome<ScanAnswer>.Done(var answer)) CheckAnswer(presentation, result, answer);
        else if (result.Outcome is Outcome<ScanAnswer>.Refused(var refusal)) Note(presentation, refusal.Code);
        else Report("no such answer", presentation, result.Outcome.ToString()!);
    }

    private void CheckTime(Presentation presentation)
    {
        var waited = world.Now - presentation.At;
        if (waited > RedemptionEngine.AnswerLimit + Slack) Report("waited too long", presentation, $"{waited.TotalSeconds:0.0} s for its answer");
    }

    private void CheckAnswer(Presentation presentation, ScanResult result, ScanAnswer answer)
    {
        Tally.Count(presentation.Presented.Scan.Mode, (RefusalCode)answer.Refusal);
        var presented = presentation.Presented;
        if (ledger.Find(presented.Scan.ScanId) is not { } recorded) Report("acknowledged but not there", presentation, $"told {answer.Refusal}");
        else if (recorded.Terminal != presented.Terminal || !recorded.ContentHash.AsSpan().SequenceEqual(presented.ContentHash))
            Report("another scan's answer", presentation, "the id belongs to other content");
        else if (recorded.Answer != answer) Report("same id, other answer", presentation, $"told {answer}, recorded {recorded.Answer}");
        if (result.IsNew && !_told.Add(presented.Scan.ScanId)) Report("new twice", presentation, "its answer was new a second time");
    }

    private void Note(Presentation presentation, RefusalCode code)
    {
        Tally.Count(presentation.Presented.Scan.Mode, code);
        if (code is RefusalCode.TooBusy) return;
        if (code is RefusalCode.TerminalNotActive or RefusalCode.ScanIdReused or RefusalCode.SequenceReused) _turned.Add((presentation, code, ledger.Version));
        else Report("no such answer", presentation, $"turned away with {code}");
    }

    /// <summary>Only what cannot be decided or written for a reason of its own may fail.</summary>
    public void Failed(Presentation presentation, Exception fault)
    {
        Tally.Failed++;
        CheckTime(presentation);
        if (fault is PoisonException && faults.WasPoisoned(presentation.Presented.Voucher)) return;
        if (fault is not RowNotAllowedException) Report("failed for no reason of its own", presentation, $"{fault.GetType().Name} {fault.Message}");
    }

    /// <summary>Those turned away without a record had been given a true reason.</summary>
    public void CheckTurned(KnownWorld known)
    {
        foreach (var (presentation, code, version) in _turned)
            if (!IsTrue(presentation, code, version, known)) Report("answer never true", presentation, $"turned away with {code}");
    }

    private bool IsTrue(Presentation presentation, RefusalCode code, int version, KnownWorld known) => code switch
    {
        RefusalCode.TerminalNotActive => known.IsRevoked(presentation.Presented.Terminal, version),
        RefusalCode.ScanIdReused => ledger.Find(presentation.Presented.Scan.ScanId) is { } recorded
            && !(recorded.Terminal == presentation.Presented.Terminal && recorded.ContentHash.AsSpan().SequenceEqual(presentation.Presented.ContentHash)),
        _ => ledger.FindBySequence(presentation.Presented.Terminal, presentation.Presented.Scan.Sequence) is { } id && id != presentation.Presented.Scan.ScanId,
    };
}
