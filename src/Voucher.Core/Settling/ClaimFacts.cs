using Voucher.Core.Classes;
using Voucher.Core.Fraud;
using Voucher.Core.Matching;
using Voucher.Core.Money;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Settling;

/// <summary>A voucher that is bound to a class, as settlement judges it: every fact on which a claim rests or fails.</summary>
/// <param name="Rate">Frozen at the class's approval; <c>null</c> while the class is not approved.</param>
/// <param name="Planned">Hours of all sessions of the class.</param>
/// <param name="Scanned">Hours of the sessions that this trainee checked in to and out of.</param>
/// <param name="HasPassed">The assessment's result; <c>null</c> while none is recorded.</param>
/// <param name="IsCompleted">Its completion scan is on record.</param>
/// <param name="HasCertificate">Of any kind, and not void.</param>
/// <param name="HasSpotCheck">Of the class.</param>
/// <param name="Matches">Outside lists in which the holder stands.</param>
/// <param name="InClaim">The line that holds the voucher now.</param>
/// <param name="Rejected">The last rejection, where the voucher stands in no claim now.</param>
/// <param name="OutsideLine">Name of the budget line whose purpose does not cover the class's programme.</param>
/// <param name="IsStruck">An objection against its publication was upheld: it is not claimed again.</param>
public sealed record ClaimFacts(
    VoucherId Voucher,
    VoucherState State,
    string ClassName,
    string Programme,
    DateOnly ClassEndsOn,
    Fen FaceValue,
    Fen? Rate,
    int SessionsAttended,
    int PlannedSessions,
    TeachingHours Planned,
    TeachingHours Scanned,
    bool? HasPassed,
    bool IsCompleted,
    bool HasCertificate,
    bool HasSpotCheck,
    bool InConflict = false,
    VoucherHold? Hold = null,
    IReadOnlyList<ListMatch>? Matches = null,
    StandingClaim? InClaim = null,
    EarlierRejection? Rejected = null,
    string? OutsideLine = null,
    bool IsStruck = false)
{
    /// <summary>What the voucher would be paid under the rules, or <c>null</c> where its class has no rate yet.</summary>
    public ClaimAmount? AmountUnder(int fullPayPercent) =>
        Rate is { } rate ? new ClaimAmount(FaceValue, rate, new Delivery(Scanned.Total, Planned.Total, fullPayPercent)) : null;
}

/// <summary>An outside list in which somebody stands, as of a day.</summary>
public sealed record ListMatch(MatchSource Source, DateOnly AsOf);

/// <summary>The claim in which a voucher stands.</summary>
/// <param name="IsReturned">Sent back to the institution to be completed.</param>
/// <param name="IsHeld">The review waits.</param>
public sealed record StandingClaim(ClaimId Claim, bool IsReturned = false, bool IsHeld = false);

/// <summary>That the voucher was claimed before and rejected, and why.</summary>
public sealed record EarlierRejection(ClaimId Claim, string Reason, DateTimeOffset At);
