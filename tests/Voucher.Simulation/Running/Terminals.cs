using Voucher.Server.Redeeming;
using Voucher.Simulation.Oracles;
using Voucher.Simulation.Schedules;
using Voucher.Simulation.Storage;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Running;

/// <summary>
/// The terminals and the network between them and the servers. A terminal asks with the same id until it has a final
/// answer; whatever comes after that must say the same.
/// </summary>
internal sealed class Terminals(World world, CountyFile county, Ledger ledger, IReadOnlyList<Server> servers, Witness witness)
{
    /// <summary>A terminal waits so long before it asks again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>When nothing goes wrong with servers and storage, a scan has its answer within this time, whatever the network does.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(4);

    private DateTimeOffset? _calmSince;

    private readonly Dictionary<int, Queue<ScanStep>> _inTurn = [];
    private readonly List<OpenScan> _scans = [];

    /// <summary>Scans without a final answer, made or still to be made in turn.</summary>
    public int Open { get; private set; }

    public IReadOnlyList<OpenScan> Scans => _scans;

    /// <summary>From now on nothing goes wrong with servers and storage.</summary>
    public void BeCalm() => _calmSince = world.Now;

    public void Make(ScanStep step)
    {
        Open++;
        if (!step.IsSequential) Begin(step);
        else if (_inTurn.TryGetValue(step.Terminal, out var waiting)) waiting.Enqueue(step);
        else
        {
            _inTurn.Add(step.Terminal, []);
            Begin(step);
        }
    }

    private void Begin(ScanStep step)
    {
        var paper = county.Papers[step.Voucher];
        var open = new OpenScan(step, step.UseSuccessor ? ledger.LatestOf(paper) : paper, world.Now);
        _scans.Add(open);
        witness.Tally.Scans++;
        Ask(open);
        world.After(LongestWait, () => LookAfter(open));
    }

    private void LookAfter(OpenScan open)
    {
        if (open.IsDone) return;
        if (_calmSince + LongestWait <= world.Now) witness.Report(new Finding("waits for ever", $"scan {open.Step.Number}"));
        else world.After(LongestWait, () => LookAfter(open));
    }

    private void Ask(OpenScan open)
    {
        if (open.IsDone) return;
        var attempt = ++open.Attempts;
        var passage = Passage.Of(open.Step, attempt);
        witness.Tally.NetworkFaults += passage.Faults;
        if (!passage.IsRequestLost) world.After(passage.There, () => Arrive(open, attempt, passage, isCopy: false));
        if (passage.SecondCopyAfter is { } later) world.After(passage.There + later, () => Arrive(open, attempt + 1, passage, isCopy: true));
        world.After(Patience, () =>
        {
            if (open.Attempts == attempt) Ask(open);
        });
    }

    private void Arrive(OpenScan open, int attempt, Passage passage, bool isCopy)
    {
        var server = servers[(open.Step.Terminal + attempt - 1) % servers.Count];
        if (server.Life is { } life) _ = ServeAsync(open, attempt, life, server.Skew, passage, isCopy);
        else if (!isCopy) world.After(TimeSpan.FromMilliseconds(300), () => AskAgain(open, attempt)); // Nobody listens there.
    }

    private async Task ServeAsync(OpenScan open, int attempt, ServerLife life, TimeSpan skew, Passage passage, bool isCopy)
    {
        var presentation = witness.Present(new PresentedScan(
            county.Terminals[open.Step.Terminal].Id, open.Request, open.Token, open.Refusal, open.ContentHash, world.Now + skew, CountyFile.Policy));
        ScanResult? result = null;
        try
        {
            result = await life.Engine.RedeemAsync(presentation.Presented, open.Step.IsRepeat);
            if (life.IsDead) return;
            witness.Answered(presentation, result);
        }
        catch (Exception fault)
        {
            if (life.IsDead) return;
            witness.Failed(presentation, fault);
        }
        witness.Look(life.Engine);
        if (passage.IsAnswerLost && !isCopy) return;
        world.After(passage.Back, () => Hear(open, attempt, result));
    }

    private void Hear(OpenScan open, int attempt, ScanResult? result)
    {
        if (result?.Outcome is Outcome<ScanAnswer>.Done(var answer)) Finish(open, answer, turned: null);
        else if (result?.Outcome is Outcome<ScanAnswer>.Refused({ Code: not RefusalCode.TooBusy } refusal)) Finish(open, answer: null, refusal.Code);
        else world.After(TimeSpan.FromMilliseconds(50 << Math.Min(attempt, 6)), () => AskAgain(open, attempt));
    }

    /// <summary>Unless it has asked already.</summary>
    private void AskAgain(OpenScan open, int attempt)
    {
        if (open.Attempts == attempt) Ask(open);
    }

    private void Finish(OpenScan open, ScanAnswer? answer, RefusalCode? turned)
    {
        if (open.IsDone)
        {
            if (open.Answer is not null && answer is not null && open.Answer != answer)
                witness.Report(new Finding("same id, other answer", $"scan {open.Step.Number} heard {open.Answer} and then {answer}"));
            return;
        }
        (open.Answer, open.Turned) = (answer, turned);
        Open--;
        if (!open.Step.IsSequential) return;
        if (_inTurn[open.Step.Terminal].TryDequeue(out var next)) Begin(next);
        else _inTurn.Remove(open.Step.Terminal);
    }
}
