using Voucher.Core.Classes;
using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Server.Redeeming;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Journals;

/// <summary>What happens to a voucher's case.</summary>
public enum CaseTurn
{
    None = 0,
    Open = 1,

    /// <summary>An earlier claim has cleared it up.</summary>
    Close = 2,

    /// <summary>Somebody was told that they had it, and an earlier claim came: the number is for both desks, and nothing is left to decide.</summary>
    OpenClosed = 3,
}

/// <summary>How one voucher comes out of the contest.</summary>
/// <param name="TakeBack">Its present enrolment is taken back.</param>
/// <param name="EnrolBy">The claim by which it is enrolled now.</param>
/// <param name="Claims">Those that the case is about.</param>
public sealed record VoucherTurn(StoredVoucher Stored, bool TakeBack, MergedScan? EnrolBy, bool InConflict, CaseTurn Case, IReadOnlyList<Guid> Claims)
{
    public VoucherId Id => Stored.Voucher.Id;

    /// <summary>It was at a desk, so its holder has it, though nobody holds an enrolment by it.</summary>
    public MergedScan? ShownAt { get; init; }

    /// <summary>An earlier claim for the class in which it is enrolled: the enrolment rests on it now.</summary>
    public MergedScan? RestOn { get; init; }
}

/// <param name="Refused">Enrolments that the rules do not allow, each for itself.</param>
/// <param name="Standing">Of every allowed claim.</param>
public sealed record ContestOutcome(
    IReadOnlyList<VoucherTurn> Turns, IReadOnlyDictionary<Guid, Refusal> Refused, IReadOnlyDictionary<Guid, ClaimStanding> Standing);

/// <summary>
/// Who holds the enrolments of one person's vouchers after all that is known. Pure: made anew from all facts each time, so that
/// it does not matter in which order they came.
/// </summary>
/// <param name="policyOn">The rules of a day.</param>
public sealed class HolderContest(HolderFacts facts, Func<DateOnly, Policy> policyOn)
{
    private readonly Dictionary<Guid, Refusal> _refused = [];

    public ContestOutcome Run()
    {
        var claims = facts.Scans.Where(scan => scan.Scan.Mode == ScanMode.Enrol && IsOpen(scan.Voucher) && IsAllowed(scan)).ToList();
        var standing = Contest.Of(claims.Select(ToClaim).Concat(Online(claims)));
        var turns = facts.Vouchers.Values.Where(stored => IsOpen(stored.Voucher.Id)).Select(stored => TurnOf(stored, claims, standing)).ToList();
        return new ContestOutcome(turns, _refused, standing);
    }

    /// <summary>A voucher that is out of use is contested by nobody.</summary>
    private bool IsOpen(VoucherId id) =>
        facts.Vouchers.TryGetValue(id, out var stored)
        && stored.Voucher.State is VoucherState.Issued or VoucherState.Claimed or VoucherState.Enrolled or VoucherState.Completed;

    private bool IsAllowed(MergedScan scan)
    {
        if (scan.IsClaim) return true;
        if (scan.State != OfflineScanState.ToMerge) return false;
        if (RefusalOf(scan) is not { } refusal) return true;
        _refused[scan.Id] = refusal;
        return false;
    }

    /// <summary>Whether the machine would have enrolled the voucher at that time, had nobody else claimed it.</summary>
    private Refusal? RefusalOf(MergedScan scan)
    {
        var policy = policyOn(scan.Day);
        var stored = facts.Vouchers[scan.Voucher];
        if (!facts.Classes.TryGetValue((new ClassId(scan.Scan.ClassId), scan.Day), out var scanned)) return Refusal.Under(policy, RefusalCode.ClassNotKnown);
        if (stored is { IsReserved: false, Voucher.State: VoucherState.Issued or VoucherState.Claimed })
            return Refusal.Under(policy, RefusalCode.VoucherExpired, CountyTime.Show(stored.Voucher.ValidUntil));
        // Seats are counted when the claims are known; a hold stops completion, not the record of who came.
        var offer = scanned.ToOffer(scan.Terminal.Institution) with { Capacity = int.MaxValue, IsAccredited = scan.WasAccredited ?? scanned.IsAccredited };
        var unclaimed = stored.Voucher with { State = VoucherState.Claimed, Enrolment = null, InConflict = false, Hold = null };
        var command = new VoucherCommand.Enrol(offer, new HolderStanding(MatchOf(scan.Scan.HolderCheck, stored.HolderCheck)));
        return VoucherMachine.Decide(unclaimed, command, scan.MadeAt, policy) is Decision.Refused(var refusal) ? refusal : null;
    }

    private static HolderMatch MatchOf(int? shown, HolderCheck holder) =>
        shown is not { } value ? HolderMatch.NotShown : value == holder.Value ? HolderMatch.Matches : HolderMatch.Differs;

    private EnrolmentClaim ToClaim(MergedScan scan)
    {
        var scanned = facts.Classes[(new ClassId(scan.Scan.ClassId), scan.Day)];
        return new EnrolmentClaim(scan.Id, scan.Voucher, scanned.Id, scanned.StartsOn, scanned.EndsOn, scan.Bounds, scan.Ruling);
    }

    /// <summary>Enrolments that no offline scan has made: they stand. What an offline scan enrols bears the scan's time, whatever was decided of it since.</summary>
    private IEnumerable<EnrolmentClaim> Online(List<MergedScan> claims) => facts.Vouchers.Values
        .Where(stored => IsOpen(stored.Voucher.Id) && IsOnline(stored, claims))
        .Select(stored => new EnrolmentClaim(
            OnlineId(stored.Voucher.Id), stored.Voucher.Id, stored.Voucher.Enrolment!.Class, DaysOf(stored.Voucher.Enrolment.Class).First,
            DaysOf(stored.Voucher.Enrolment.Class).Last, TimeBounds.At(stored.Voucher.Enrolment.At), ClaimRuling.Stands));

    /// <summary>Rests on no claim of this voucher: committed online, or taken over from the voucher that it replaces.</summary>
    private bool IsOnline(StoredVoucher stored, List<MergedScan> claims) =>
        stored.Voucher.Enrolment is not null
        && !(facts.EnrolledBy.TryGetValue(stored.Voucher.Id, out var by) && claims.Exists(claim => claim.Voucher == stored.Voucher.Id && claim.Id == by));

    private (DateOnly First, DateOnly Last) DaysOf(ClassId id) =>
        facts.Classes.Where(known => known.Key.Id == id).Select(known => (known.Value.StartsOn, known.Value.EndsOn)).First();

    private static Guid OnlineId(VoucherId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, id.Value);
        return new Guid(bytes, bigEndian: true);
    }

    private VoucherTurn TurnOf(StoredVoucher stored, List<MergedScan> claims, IReadOnlyDictionary<Guid, ClaimStanding> standing)
    {
        var id = stored.Voucher.Id;
        var own = claims.Where(claim => claim.Voucher == id).ToList();
        var isContested = own.Exists(claim => standing[claim.Id] == ClaimStanding.InConflict);
        var present = stored.Voucher.Enrolment?.Class;
        if (IsOnline(stored, claims)) return new VoucherTurn(stored, TakeBack: false, EnrolBy: null, InConflict: false, CloseIfOpen(id), []);
        var holder = own.Where(claim => standing[claim.Id] == ClaimStanding.Holds).OrderBy(claim => claim.Bounds.To).ThenBy(claim => claim.Id).FirstOrDefault();
        var isElsewhere = present is { } there && holder?.Scan.ClassId != there.Value;
        var involved = claims.Where(claim => claim.Voucher == id || own.Exists(mine => ToClaim(mine).CompetesWith(ToClaim(claim)))).Select(claim => claim.Id).ToList();
        if (stored.Voucher.State == VoucherState.Completed)
        {
            var disputes = isContested || isElsewhere;
            var opens = disputes && !facts.OpenCases.ContainsKey(id) && (isContested || !stored.Voucher.InConflict);
            return new VoucherTurn(stored, TakeBack: false, EnrolBy: null, disputes, opens ? CaseTurn.Open : disputes ? CaseTurn.None : CloseIfOpen(id), involved);
        }
        var takesBack = isElsewhere;
        var enrols = holder is not null && (takesBack || present is null) ? holder : null;
        var turn = isContested ? (facts.OpenCases.ContainsKey(id) ? CaseTurn.None : CaseTurn.Open)
            : facts.OpenCases.ContainsKey(id) ? CaseTurn.Close
            : takesBack ? CaseTurn.OpenClosed : CaseTurn.None;
        return new VoucherTurn(stored, takesBack, enrols, isContested, turn, involved)
        {
            ShownAt = stored.Voucher.State == VoucherState.Issued && enrols is null ? own.MinBy(claim => (claim.MadeAt, claim.Id)) : null,
            RestOn = present is not null && !takesBack && holder is not null && facts.EnrolledBy[id] != holder.Id ? holder : null,
        };
    }

    private CaseTurn CloseIfOpen(VoucherId id) => facts.OpenCases.ContainsKey(id) ? CaseTurn.Close : CaseTurn.None;
}
