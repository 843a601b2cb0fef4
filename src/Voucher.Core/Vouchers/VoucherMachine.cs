using Voucher.Core.Classes;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Vouchers;

/// <summary>
/// The life of a voucher. Pure and total: for every voucher, command, instant and policy there is one decision, and
/// nothing outside is read or changed. The database repeats the guards on the state and on one active enrolment, so that
/// of two decisions on one voucher at the same time only one is ever written.
/// </summary>
public static class VoucherMachine
{
    public static Decision Decide(TrainingVoucher voucher, VoucherCommand command, DateTimeOffset now, Policy policy)
    {
        var refusal = Refuse(voucher, command, CountyTime.DayOf(now), policy);
        return refusal is null ? Accept(voucher, command, now) : new Decision.Refused(refusal);
    }

    private static Refusal? Refuse(TrainingVoucher voucher, VoucherCommand command, DateOnly today, Policy policy) =>
        RefuseClosed(voucher, policy) ?? command switch
        {
            VoucherCommand.HandOver => RefuseHandOver(voucher, today, policy),
            VoucherCommand.Enrol enrol => RefuseEnrol(voucher, enrol, today, policy),
            VoucherCommand.CheckIn checkIn => RefuseCheckIn(voucher, checkIn, policy),
            VoucherCommand.CheckOut checkOut => RefuseCheckOut(voucher, checkOut, policy),
            VoucherCommand.Complete complete => RefuseComplete(voucher, complete, today, policy),
            VoucherCommand.Contest => RefuseNotEnrolled(voucher, policy),
            VoucherCommand.Withdraw withdraw => RefuseNotEnrolled(voucher, policy) ?? RefuseConflict(voucher, policy) ?? RefuseHeld(voucher, policy) ?? RefuseUnexplained(withdraw.Reason, policy),
            VoucherCommand.Revoke revoke => RefuseUnexplained(revoke.Reason, policy),
            VoucherCommand.Replace replace => RefuseReplace(voucher, replace, today, policy),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Unknown voucher command."),
        };

    /// <summary>Nothing leaves a closing state.</summary>
    private static Refusal? RefuseClosed(TrainingVoucher voucher, Policy policy) => voucher.State switch
    {
        VoucherState.Replaced => Refusal.Under(policy, RefusalCode.VoucherReplaced, voucher.ReplacedBy?.ToString() ?? "—"),
        VoucherState.Revoked => Refusal.Under(policy, RefusalCode.VoucherRevoked, Describe(voucher.LastUse)),
        VoucherState.Withdrawn => Refusal.Under(policy, RefusalCode.VoucherWithdrawn, Describe(voucher.LastUse)),
        VoucherState.Completed => Refusal.Under(policy, RefusalCode.VoucherCompleted, Describe(voucher.LastUse)),
        _ => null,
    };

    private static Refusal? RefuseHandOver(TrainingVoucher voucher, DateOnly today, Policy policy)
    {
        if (RefuseExpired(voucher, today, policy) is { } refusal) return refusal;
        return voucher.State == VoucherState.Issued ? null : Refusal.Under(policy, RefusalCode.AlreadyHandedOver);
    }

    private static Refusal? RefuseEnrol(TrainingVoucher voucher, VoucherCommand.Enrol enrol, DateOnly today, Policy policy)
    {
        if (voucher.Enrolment is { } enrolment)
        {
            var code = enrolment.Class == enrol.Class.Id ? RefusalCode.EnrolledHere : RefusalCode.EnrolledElsewhere;
            return Refusal.Under(policy, code, Describe(voucher.LastUse));
        }
        if (today < voucher.ValidFrom)
            return Refusal.Under(policy, RefusalCode.NotYetValid, CountyTime.Show(voucher.ValidFrom));
        return RefuseExpired(voucher, today, policy)
            ?? RefuseConflict(voucher, policy)
            ?? RefuseHeld(voucher, policy)
            ?? RefuseHolder(enrol.Holder, policy)
            ?? RefuseClass(voucher, enrol.Class, today, policy);
    }

    private static Refusal? RefuseHolder(HolderStanding holder, Policy policy) => holder switch
    {
        { Match: HolderMatch.NotShown } => Refusal.Under(policy, RefusalCode.IdentityNotShown),
        { Match: HolderMatch.Differs } => Refusal.Under(policy, RefusalCode.HolderDiffers),
        { OtherClass: { } name } => Refusal.Under(policy, RefusalCode.HolderInOtherClass, name),
        _ => null,
    };

    private static Refusal? RefuseClass(TrainingVoucher voucher, ClassOffer offer, DateOnly today, Policy policy)
    {
        var enrols = EnrolmentWindow.Of(offer.StartsOn, offer.EndsOn, policy.Parameters);
        if (offer.Institution != offer.ScannedAt) return Refusal.Under(policy, RefusalCode.ClassOfOtherInstitution);
        if (!offer.IsAccredited) return Refusal.Under(policy, RefusalCode.InstitutionNotAccredited);
        if (!offer.IsApproved) return Refusal.Under(policy, RefusalCode.ClassNotApproved);
        if (!voucher.Scope.Covers(offer.ProgrammeCode, offer.TradeCode)) return Refusal.Under(policy, RefusalCode.ProgrammeNotCovered);
        if (today < enrols.OpensOn) return Refusal.Under(policy, RefusalCode.EnrolmentNotOpen, CountyTime.Show(enrols.OpensOn));
        if (today > enrols.ClosesOn) return Refusal.Under(policy, RefusalCode.EnrolmentClosed, CountyTime.Show(enrols.ClosesOn));
        if (offer.Enrolled >= offer.Capacity) return Refusal.Under(policy, RefusalCode.ClassFull, offer.Capacity);
        return null;
    }

    /// <summary>
    /// Whose trainee it is will be decided; what was scanned until then is put into the register afterwards. Said before "not
    /// enrolled", although its number is the larger one.
    /// </summary>
    private static Refusal? RefuseUndecided(TrainingVoucher voucher, Policy policy) =>
        voucher is { Enrolment: null, InConflict: true } ? RefuseConflict(voucher, policy) : null;

    private static Refusal? RefuseCheckIn(TrainingVoucher voucher, VoucherCommand.CheckIn checkIn, Policy policy)
    {
        if (RefuseUndecided(voucher, policy) is { } undecided) return undecided;
        if (RefuseOtherClass(voucher, checkIn.Class, policy) is { } refusal) return refusal;
        if (checkIn.Session.Id is null) return Refusal.Under(policy, RefusalCode.NoSessionNow, policy.Parameters.SessionMarginMinutes);
        if (checkIn.Session.CheckedIn) return Refusal.Under(policy, RefusalCode.AlreadyCheckedIn);
        return null;
    }

    private static Refusal? RefuseCheckOut(TrainingVoucher voucher, VoucherCommand.CheckOut checkOut, Policy policy)
    {
        if (RefuseUndecided(voucher, policy) is { } undecided) return undecided;
        if (RefuseOtherClass(voucher, checkOut.Class, policy) is { } refusal) return refusal;
        if (checkOut.Session.Id is null) return Refusal.Under(policy, RefusalCode.NoSessionNow, policy.Parameters.SessionMarginMinutes);
        if (!checkOut.Session.CheckedIn) return Refusal.Under(policy, RefusalCode.NotCheckedIn);
        if (checkOut.Session.CheckedOut) return Refusal.Under(policy, RefusalCode.AlreadyCheckedOut);
        return null;
    }

    private static Refusal? RefuseComplete(TrainingVoucher voucher, VoucherCommand.Complete complete, DateOnly today, Policy policy)
    {
        var refusal = RefuseNotEnrolled(voucher, policy) ?? RefuseConflict(voucher, policy)
            ?? RefuseHeld(voucher, policy) ?? RefuseOtherClass(voucher, complete.Class, policy);
        if (refusal is not null) return refusal;
        var standing = complete.Standing;
        var required = policy.Parameters.AttendancePercent;
        if (today < standing.ClassEndsOn) return Refusal.Under(policy, RefusalCode.ClassNotOver, CountyTime.Show(standing.ClassEndsOn));
        if (standing.AttendancePercent < required) return Refusal.Under(policy, RefusalCode.AttendanceShort, standing.AttendancePercent, required);
        return standing.Passed switch
        {
            null => Refusal.Under(policy, RefusalCode.AssessmentMissing),
            false => Refusal.Under(policy, RefusalCode.AssessmentFailed),
            true => null,
        };
    }

    private static Refusal? RefuseReplace(TrainingVoucher voucher, VoucherCommand.Replace replace, DateOnly today, Policy policy) =>
        RefuseExpired(voucher, today, policy)
        ?? RefuseConflict(voucher, policy)
        ?? RefuseHeld(voucher, policy)
        ?? RefuseUnexplained(replace.Reason, policy);

    private static Refusal? RefuseOtherClass(TrainingVoucher voucher, ClassId scanned, Policy policy)
    {
        if (RefuseNotEnrolled(voucher, policy) is { } refusal) return refusal;
        return voucher.Enrolment!.Class == scanned
            ? null
            : Refusal.Under(policy, RefusalCode.OtherClass, Describe(voucher.LastUse));
    }

    private static Refusal? RefuseNotEnrolled(TrainingVoucher voucher, Policy policy) =>
        voucher.Enrolment is null ? Refusal.Under(policy, RefusalCode.NotEnrolled) : null;

    private static Refusal? RefuseExpired(TrainingVoucher voucher, DateOnly today, Policy policy) =>
        voucher.IsExpiredOn(today) ? Refusal.Under(policy, RefusalCode.VoucherExpired, CountyTime.Show(voucher.ValidUntil)) : null;

    private static Refusal? RefuseConflict(TrainingVoucher voucher, Policy policy) =>
        voucher.InConflict ? Refusal.Under(policy, RefusalCode.VoucherInConflict) : null;

    /// <summary>Attendance goes on: who sits in class learns, and the register says so; only what binds or pays waits for the county.</summary>
    private static Refusal? RefuseHeld(TrainingVoucher voucher, Policy policy) =>
        voucher.Hold is { } hold ? Refusal.Under(policy, RefusalCode.VoucherHeld, hold.Details()) : null;

    private static Refusal? RefuseUnexplained(string reason, Policy policy) =>
        string.IsNullOrWhiteSpace(reason) ? Refusal.Under(policy, RefusalCode.ReasonMissing) : null;

    private static Decision.Accepted Accept(TrainingVoucher voucher, VoucherCommand command, DateTimeOffset now)
    {
        VoucherEvent Event(VoucherEventKind kind, VoucherState to) =>
            new(kind, voucher.State, to, now, voucher.Enrolment?.Institution, voucher.Enrolment?.Class);

        return command switch
        {
            VoucherCommand.HandOver => Move(voucher, Event(VoucherEventKind.HandedOver, VoucherState.Claimed)),
            VoucherCommand.Enrol { Class: var offer } => Move(
                voucher with { Enrolment = new Enrolment(offer.Id, offer.Institution, now) },
                Event(VoucherEventKind.Enrolled, VoucherState.Enrolled) with { Institution = offer.Institution, Class = offer.Id }),
            VoucherCommand.CheckIn checkIn => Move(voucher, Event(VoucherEventKind.CheckedIn, voucher.State) with { Session = checkIn.Session.Id }),
            VoucherCommand.CheckOut checkOut => Move(voucher, Event(VoucherEventKind.CheckedOut, voucher.State) with { Session = checkOut.Session.Id }),
            VoucherCommand.Complete => Move(voucher, Event(VoucherEventKind.Completed, VoucherState.Completed)),
            VoucherCommand.Contest contest => Move(
                voucher with { Enrolment = null },
                Event(VoucherEventKind.Contested, VoucherState.Claimed) with { Reason = contest.CaseNumber }),
            VoucherCommand.Withdraw withdraw => Move(voucher, Event(VoucherEventKind.Withdrawn, VoucherState.Withdrawn) with { Reason = withdraw.Reason.Trim() }),
            VoucherCommand.Revoke revoke => Move(voucher, Event(VoucherEventKind.Revoked, VoucherState.Revoked) with { Reason = revoke.Reason.Trim() }),
            VoucherCommand.Replace replace => Move(
                voucher with { ReplacedBy = replace.Successor },
                Event(VoucherEventKind.Replaced, VoucherState.Replaced) with { Reason = replace.Reason.Trim() }),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Unknown voucher command."),
        };
    }

    private static Decision.Accepted Move(TrainingVoucher voucher, VoucherEvent step) =>
        new(step, voucher with { State = step.To });

    private static string Describe(VoucherUse? use) => use is null
        ? "—"
        : string.Join(' ', new[] { CountyTime.Show(use.At), use.Place, use.ClassName, use.Terminal }.Where(part => !string.IsNullOrEmpty(part)));
}
