using Voucher.Core.Money;
using Voucher.Server.Redeeming;
using Voucher.Simulation.Oracles;

namespace Voucher.Simulation.Storage;

/// <summary>
/// What PostgreSQL holds, with the same rules: reads of one instant, batches that stand as a whole, and every unique index
/// and guard that the statement and the schema have.
/// </summary>
internal sealed partial class Ledger
{
    private readonly Broken _broken;
    private readonly Dictionary<VoucherId, VoucherRow> _vouchers = [];
    private readonly Dictionary<PersonId, List<EnrolmentRow>> _enrolments = [];
    private readonly Dictionary<ClassId, (TaughtClass Taught, int Enrolled)> _classes = [];
    private readonly Dictionary<TerminalId, ScanningTerminal> _terminals = [];
    private readonly HashSet<InstitutionId> _suspended = [];
    private readonly Dictionary<Guid, RecordedScan> _scans = [];
    private readonly Dictionary<(TerminalId, long), Guid> _sequences = [];
    private readonly List<Committed> _log = [];
    private long _enrolmentIds;
    private int _writes;

    public Ledger(CountyFile county, Broken broken = Broken.Nothing)
    {
        _broken = broken;
        foreach (var taught in county.Classes) _classes.Add(taught.Offer.Id, (taught, 0));
        foreach (var terminal in county.Terminals) _terminals.Add(terminal.Id, terminal);
        foreach (var paper in county.Papers) Add(paper, VoucherState.Claimed, events: 2);
    }

    /// <summary>All that was committed, in order.</summary>
    public IReadOnlyList<Committed> Log => _log;

    public int Version => _log.Count;

    public RecordedScan? Find(Guid scan) => _scans.GetValueOrDefault(scan);

    public Guid? FindBySequence(TerminalId terminal, long sequence) => _sequences.TryGetValue((terminal, sequence), out var id) ? id : null;

    /// <summary>Where the rows are not what the history says; <c>null</c> when they agree.</summary>
    public string? Compare(KnownWorld known)
    {
        foreach (var (id, now) in known.Vouchers)
        {
            var row = _vouchers[id];
            var (stored, place) = (row.Stored, row.Enrolment);
            if (stored.Voucher.State != now.State || stored.Events != now.Events || stored.IsReserved != now.IsReserved)
                return $"voucher {id} is {stored.Voucher.State} after {stored.Events} events, its history says {now.State} after {now.Events}";
            if ((place?.CheckedIn ?? 0) != now.CheckedIn || (place?.CheckedOut ?? 0) != now.CheckedOut) return $"attendance of voucher {id}";
        }
        foreach (var (taught, enrolled) in known.Classes)
            if (_classes[taught.Offer.Id].Enrolled != enrolled) return $"class {taught.Offer.Id} has {_classes[taught.Offer.Id].Enrolled} trainees, its history says {enrolled}";
        return null;
    }

    private VoucherRow Add(Paper paper, VoucherState state, int events)
    {
        var voucher = new TrainingVoucher(
            paper.Id, VoucherKind.General, VoucherScope.Any, CountyFile.Day.AddDays(-10), paper.ValidUntil, state,
            LastUse: new VoucherUse(VoucherEventKind.HandedOver, CountyFile.Morning, "", null, null));
        var row = new VoucherRow(new StoredVoucher(
            voucher, paper.Person, "马小梅", paper.Holder, EnrolmentId: null, events, new Fen(200_000), new BudgetLineId(1),
            paper.IsReserved, new BatchId(1), paper.Token.SignedBytes.ToArray()));
        _vouchers.Add(paper.Id, row);
        return row;
    }

    public ScanBatchFacts Read(IReadOnlyList<PresentedScan> scans)
    {
        var facts = new ScanBatchFacts(scans.Count);
        for (var n = 0; n < scans.Count; n++) Read(scans[n], n, facts);
        return facts;
    }

    private void Read(PresentedScan presented, int n, ScanBatchFacts facts)
    {
        var scan = presented.Scan;
        if (_broken != Broken.EarlierAnswersAreFound) facts.Recorded[n] = _scans.GetValueOrDefault(scan.ScanId);
        facts.SequenceUsed[n] = _sequences.TryGetValue((presented.Terminal, scan.Sequence), out var other) && other != scan.ScanId;
        facts.Terminals[n] = _terminals.GetValueOrDefault(presented.Terminal);
        if (presented.Voucher is not { } id) return;
        if (_classes.TryGetValue(presented.Class, out var found)) facts.Classes.TryAdd((presented.Class, presented.Today), OfferNow(found.Taught, found.Enrolled));
        if (!_vouchers.TryGetValue(id, out var row))
        {
            if (scan.Mode is ScanMode.CheckIn or ScanMode.CheckOut) facts.Sessions[n] = [];
            if (scan.Mode is ScanMode.Complete) facts.Completion[n] = new CompletionFacts(0, 0, null);
            return;
        }
        facts.Vouchers.TryAdd(id, _broken == Broken.ReadsAreFresh ? row.Outdated : row.Stored);
        ReadDetails(presented, n, row, found.Taught, facts);
    }

    private void ReadDetails(PresentedScan presented, int n, VoucherRow row, TaughtClass? taught, ScanBatchFacts facts)
    {
        switch (presented.Scan.Mode)
        {
            case ScanMode.Enrol when taught is not null:
                facts.Enrolment[n] = new EnrolmentFacts(OtherClass(row.Stored, taught.Offer), NextNumber(row.Stored.Person));
                break;
            case ScanMode.CheckIn or ScanMode.CheckOut:
                var own = row.Enrolment is { } place && place.Taught == taught ? place : null;
                facts.Sessions[n] = taught?.Near(presented.Today, own?.CheckedIn ?? 0, own?.CheckedOut ?? 0) ?? [];
                break;
            case ScanMode.Complete:
                var attended = System.Numerics.BitOperations.PopCount(row.Enrolment?.CheckedOut ?? 0);
                facts.Completion[n] = new CompletionFacts(attended, taught?.Sessions.Count ?? 0, row.Enrolment?.HasPassed);
                break;
        }
    }

    private ScannedClass OfferNow(TaughtClass taught, int enrolled) =>
        taught.Offer with { Enrolled = enrolled, IsAccredited = !_suspended.Contains(taught.Offer.Institution) };

    private string? OtherClass(StoredVoucher stored, ScannedClass wanted)
    {
        if (!_enrolments.TryGetValue(stored.Person, out var places)) return null;
        foreach (var place in places)
        {
            var offer = place.Taught.Offer;
            if (place.IsActive && place.Voucher != stored.Voucher.Id && _vouchers[place.Voucher].Stored.Voucher.State == VoucherState.Enrolled
                && offer.StartsOn <= wanted.EndsOn && offer.EndsOn >= wanted.StartsOn) return offer.Name;
        }
        return null;
    }

    private int NextNumber(PersonId person) => _enrolments.TryGetValue(person, out var places) ? places.Count + 1 : 1;
}
