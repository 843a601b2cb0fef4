using System.Numerics;
using Voucher.Server.Redeeming;
using Voucher.Simulation.Storage;

namespace Voucher.Simulation.Oracles;

/// <summary>A voucher as its committed history says that it must be.</summary>
internal sealed record KnownVoucher(TrainingVoucher Voucher, bool IsReserved, int Events, uint CheckedIn = 0, uint CheckedOut = 0, bool? HasPassed = null)
{
    public VoucherState State => Voucher.State;
}

/// <summary>
/// The world at every version, built from the committed entries alone: what each scan should have been told is asked of it,
/// not of the storage and not of the engine.
/// </summary>
internal sealed class KnownWorld
{
    private sealed record Identity(Paper Paper, Past<KnownVoucher> Past);

    private readonly Dictionary<VoucherId, Identity> _vouchers = [];
    private readonly Dictionary<PersonId, List<Identity>> _persons = [];
    private readonly Dictionary<ClassId, (TaughtClass Taught, Past<int> Enrolled)> _classes = [];
    private readonly Dictionary<InstitutionId, Past<bool>> _suspended = [];
    private readonly Dictionary<TerminalId, (ScanningTerminal Terminal, Past<bool> IsRevoked)> _terminals = [];

    public KnownWorld(CountyFile county)
    {
        foreach (var taught in county.Classes) _classes.Add(taught.Offer.Id, (taught, new Past<int>(0, 0)));
        foreach (var terminal in county.Terminals) _terminals.Add(terminal.Id, (terminal, new Past<bool>(0, first: false)));
        foreach (var institution in county.Institutions) _suspended.Add(institution, new Past<bool>(0, first: false));
        foreach (var paper in county.Papers) Add(paper, 0, Fresh(paper, VoucherState.Claimed, events: 2));
    }

    public IEnumerable<(VoucherId Id, KnownVoucher Now)> Vouchers => _vouchers.Select(pair => (pair.Key, pair.Value.Past.Now));

    public IEnumerable<(TaughtClass Taught, int Enrolled)> Classes => _classes.Values.Select(known => (known.Taught, known.Enrolled.Now));

    public static KnownVoucher Fresh(Paper paper, VoucherState state, int events) => new(
        new TrainingVoucher(paper.Id, VoucherKind.General, VoucherScope.Any, CountyFile.Day.AddDays(-10), paper.ValidUntil, state), paper.IsReserved, events);

    public void Add(Paper paper, int version, KnownVoucher voucher)
    {
        var identity = new Identity(paper, new Past<KnownVoucher>(version, voucher));
        _vouchers.Add(paper.Id, identity);
        if (!_persons.TryGetValue(paper.Person, out var held)) _persons.Add(paper.Person, held = []);
        held.Add(identity);
    }

    public KnownVoucher Now(VoucherId id) => _vouchers[id].Past.Now;

    public PersonId HolderOf(VoucherId id) => _vouchers[id].Paper.Person;

    public TaughtClass Taught(ClassId id) => _classes[id].Taught;

    public void Set(VoucherId id, int version, KnownVoucher voucher) => _vouchers[id].Past.Set(version, voucher);

    public int Seat(ClassId id, int version, int change)
    {
        var enrolled = _classes[id].Enrolled;
        enrolled.Set(version, enrolled.Now + change);
        return enrolled.Now;
    }

    public void Suspend(InstitutionId id, int version, bool isSuspended) => _suspended[id].Set(version, isSuspended);

    public void Revoke(TerminalId id, int version) => _terminals[id].IsRevoked.Set(version, value: true);

    public bool IsRevoked(TerminalId id, int version) => _terminals[id].IsRevoked.AsOf(version);

    /// <summary>Another enrolment of the holder that overlaps, at the present version.</summary>
    public bool HasOverlap(VoucherId id, ClassId wanted, int version) =>
        OtherClass(_vouchers[id], _classes[wanted].Taught.Offer, version) is not null;

    /// <summary>What the scan had to be told if it was decided at this version; <see cref="RefusalCode.None"/> when accepted.</summary>
    public RefusalCode Judge(PresentedScan presented, int version)
    {
        var (terminal, isRevoked) = _terminals[presented.Terminal];
        if (isRevoked.AsOf(version)) return RefusalCode.TerminalNotActive;
        if (presented.Refusal is { } unread) return unread.Code;
        if (!_vouchers.TryGetValue(presented.Voucher!.Value, out var identity) || identity.Past.Begins > version
            || !identity.Paper.Token.SignedBytes.SequenceEqual(presented.Token!.SignedBytes)) return RefusalCode.VoucherNotKnown;
        if (!_classes.TryGetValue(presented.Class, out var known)) return RefusalCode.ClassNotKnown;
        var isOwn = known.Taught.Offer.Institution == terminal.Institution;
        if (!isOwn && presented.Scan.Mode != ScanMode.Enrol) return RefusalCode.ClassNotKnown;
        var voucher = identity.Past.AsOf(version);
        var command = CommandOf(presented, terminal, identity, voucher, known.Taught, version);
        var decision = VoucherMachine.Decide(voucher.Voucher, command, presented.ReceivedAt, presented.Policy);
        if (decision is Decision.Refused(var refusal)) return refusal.Code;
        return presented.Scan.Mode == ScanMode.Enrol && !voucher.IsReserved ? RefusalCode.VoucherExpired : RefusalCode.None;
    }

    private VoucherCommand CommandOf(
        PresentedScan presented, ScanningTerminal terminal, Identity identity, KnownVoucher voucher, TaughtClass taught, int version) => presented.Scan.Mode switch
        {
            ScanMode.Enrol => new VoucherCommand.Enrol(OfferAsOf(taught, terminal, version), Standing(presented, identity, taught, version)),
            ScanMode.CheckIn => new VoucherCommand.CheckIn(taught.Offer.Id, SessionClock.ForCheckIn(Sessions(presented, voucher, taught), presented.ReceivedAt, presented.Policy.Parameters.SessionMargin)),
            ScanMode.CheckOut => new VoucherCommand.CheckOut(taught.Offer.Id, SessionClock.ForCheckOut(Sessions(presented, voucher, taught), presented.ReceivedAt, presented.Policy.Parameters.SessionMargin)),
            _ => new VoucherCommand.Complete(
                taught.Offer.Id, new CompletionStanding(BitOperations.PopCount(voucher.CheckedOut), taught.Sessions.Count, voucher.HasPassed, taught.Offer.EndsOn)),
        };

    private ClassOffer OfferAsOf(TaughtClass taught, ScanningTerminal terminal, int version)
    {
        var offer = taught.Offer;
        var now = offer with { Enrolled = _classes[offer.Id].Enrolled.AsOf(version), IsAccredited = !_suspended[offer.Institution].AsOf(version) };
        return now.ToOffer(terminal.Institution);
    }

    private HolderStanding Standing(PresentedScan presented, Identity identity, TaughtClass taught, int version) => new(
        presented.Scan.HolderCheck is not { } shown ? HolderMatch.NotShown : shown == identity.Paper.Holder.Value ? HolderMatch.Matches : HolderMatch.Differs,
        OtherClass(identity, taught.Offer, version));

    private string? OtherClass(Identity identity, ScannedClass wanted, int version)
    {
        foreach (var other in _persons[identity.Paper.Person])
        {
            if (other == identity || other.Past.Begins > version) continue;
            if (other.Past.AsOf(version) is not { State: VoucherState.Enrolled, Voucher.Enrolment: { } enrolment }) continue;
            var offer = _classes[enrolment.Class].Taught.Offer;
            if (offer.StartsOn <= wanted.EndsOn && offer.EndsOn >= wanted.StartsOn) return offer.Name;
        }
        return null;
    }

    /// <summary>Of the class scanned at; the marks are those of the voucher's own class.</summary>
    private static List<NearbySession> Sessions(PresentedScan presented, KnownVoucher voucher, TaughtClass taught)
    {
        var isOwn = voucher.Voucher.Enrolment?.Class == taught.Offer.Id;
        return taught.Near(presented.Today, isOwn ? voucher.CheckedIn : 0, isOwn ? voucher.CheckedOut : 0);
    }
}
