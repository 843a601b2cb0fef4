using Voucher.Core.Classes;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

/// <summary>
/// A plain second telling of a voucher's life, as a clerk with a ledger would do it: write down the number of every reason
/// against, and if there is none, do it. It knows no order among reasons; the smallest number is said.
/// Assumes the sample policy: enrolment from 30 days before a class to 3 days after its start, 80% attendance.
/// </summary>
internal sealed class PaperVoucher(TrainingVoucher start)
{
    private bool _handedOver;
    private long? _class;
    private int _closedBy;

    public bool Disputed { get; set; }

    public string State => _closedBy switch
    {
        301 => "Replaced",
        302 => "Revoked",
        303 => "Withdrawn",
        304 => "Completed",
        _ => _class is not null ? "Enrolled" : _handedOver ? "Claimed" : "Issued",
    };

    /// <summary>Does it and answers 0, or answers the smallest reason against.</summary>
    public int Do(VoucherCommand command, DateOnly today)
    {
        var reasons = ReasonsAgainst(command, today).ToList();
        if (_closedBy != 0) reasons.Add(_closedBy);
        if (reasons.Count > 0) return reasons.Min();
        switch (command)
        {
            case VoucherCommand.HandOver: _handedOver = true; break;
            case VoucherCommand.Enrol enrol: _class = enrol.Class.Id.Value; break;
            case VoucherCommand.Contest:
                // Whoever has been to a desk has the paper in hand.
                _class = null;
                _handedOver = true;
                break;
            case VoucherCommand.Replace: _closedBy = 301; break;
            case VoucherCommand.Revoke: _closedBy = 302; break;
            case VoucherCommand.Withdraw: _closedBy = 303; break;
            case VoucherCommand.Complete: _closedBy = 304; break;
        }
        return 0;
    }

    private IEnumerable<int> ReasonsAgainst(VoucherCommand command, DateOnly today)
    {
        var late = _class is null && today > start.ValidUntil;
        switch (command)
        {
            case VoucherCommand.HandOver:
                if (late) yield return 309;
                if (_handedOver || _class is not null) yield return 311;
                break;

            case VoucherCommand.Enrol(var offer, var holder):
                if (_class == offer.Id.Value) yield return 305;
                if (_class is { } bound && bound != offer.Id.Value) yield return 306;
                if (today < start.ValidFrom) yield return 308;
                if (late) yield return 309;
                if (Disputed) yield return 310;
                if (holder.Match == HolderMatch.NotShown) yield return 401;
                if (holder.Match == HolderMatch.Differs) yield return 402;
                if (holder.OtherClass is not null) yield return 403;
                if (offer.Institution != offer.ScannedAt) yield return 502;
                if (!offer.IsAccredited) yield return 503;
                if (!offer.IsApproved) yield return 504;
                if (!new[] { 0, offer.ProgrammeCode, offer.TradeCode }.Contains(start.Scope.Code)) yield return 505;
                if (offer.StartsOn.DayNumber - today.DayNumber > 30) yield return 506;
                if (today.DayNumber - offer.StartsOn.DayNumber > 3 || today > offer.EndsOn) yield return 507;
                if (offer.Enrolled >= offer.Capacity) yield return 508;
                break;

            case VoucherCommand.CheckIn(var scanned, var session):
                if (_class is null) yield return Disputed ? 310 : 307;
                if (_class != scanned.Value) yield return 509;
                if (session.Id is null) yield return 510;
                if (session.CheckedIn) yield return 511;
                break;

            case VoucherCommand.CheckOut(var scanned, var session):
                if (_class is null) yield return Disputed ? 310 : 307;
                if (_class != scanned.Value) yield return 509;
                if (session.Id is null) yield return 510;
                if (!session.CheckedIn) yield return 512;
                if (session.CheckedOut) yield return 513;
                break;

            case VoucherCommand.Complete(var scanned, var standing):
                if (_class is null) yield return 307;
                if (Disputed) yield return 310;
                if (_class != scanned.Value) yield return 509;
                if (today < standing.ClassEndsOn) yield return 601;
                if (standing.AttendancePercent < 80) yield return 602;
                if (standing.Passed is null) yield return 603;
                if (standing.Passed is false) yield return 604;
                break;

            case VoucherCommand.Contest:
                if (_class is null) yield return 307;
                break;

            case VoucherCommand.Withdraw(var reason):
                if (_class is null) yield return 307;
                if (Disputed) yield return 310;
                if (reason.Trim().Length == 0) yield return 804;
                break;

            case VoucherCommand.Revoke(var reason):
                if (reason.Trim().Length == 0) yield return 804;
                break;

            case VoucherCommand.Replace(_, var reason):
                if (late) yield return 309;
                if (Disputed) yield return 310;
                if (reason.Trim().Length == 0) yield return 804;
                break;
        }
    }
}
