using Voucher.Core.Fraud;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Settling.Claims;

/// <summary>
/// A voucher bound to a class, as settlement sees it: all facts that decide whether it may be claimed and for how much.
/// </summary>
/// <param name="Rate">Frozen at the class's approval; <c>null</c> while the class is not approved.</param>
/// <param name="LiveClaim">The claim in which the voucher already stands.</param>
/// <param name="Hold">Held for a person to look at: nothing of it is payable.</param>
/// <param name="Matches">Outside lists in which the holder stands.</param>
/// <param name="OutsideLine">Name of the budget line where its purpose does not cover the class's programme.</param>
/// <param name="IsStruck">An objection against its publication was upheld: it is not claimed again.</param>
public sealed record Candidate(
    VoucherId Voucher,
    string Holder,
    VoucherState State,
    bool InConflict,
    Fen FaceValue,
    BudgetLineId BudgetLine,
    InstitutionId Institution,
    ClassId Class,
    string ClassName,
    string Programme,
    Fen? Rate,
    int SessionsAttended,
    int PlannedSessions,
    bool? HasPassed,
    int? TheoryScore,
    int? PracticeScore,
    DateTimeOffset? CompletedAt,
    Guid? CompletionScan,
    long? SpotCheckId,
    DateTimeOffset? SpotCheckedAt,
    bool? SpotCheckIsClean,
    ClaimId? LiveClaim,
    VoucherHold? Hold,
    IReadOnlyList<StandingMatch> Matches,
    string? OutsideLine = null,
    bool IsStruck = false)
{
    /// <summary>Why the voucher cannot be claimed, or <c>null</c> when it can; of several reasons the first in precedence.</summary>
    public Refusal? Refuse(Policy policy)
    {
        if (InConflict) return Refusal.Under(policy, RefusalCode.VoucherInConflict);
        if (Hold is { } hold) return Refusal.Under(policy, RefusalCode.VoucherHeld, hold.Details());
        if (StandingMatch.Refuse(Matches, Voucher, policy) is { } matched) return matched;
        if (Rate is null) return Refusal.Under(policy, RefusalCode.ClassNotApproved);
        if (State != VoucherState.Completed || CompletedAt is null) return Refusal.Under(policy, RefusalCode.NotCompleted, Voucher);
        if (IsStruck) return Refusal.Under(policy, RefusalCode.ObjectionUpheld, new Words($"券 {Voucher}", $"Voucher {Voucher}"));
        if (LiveClaim is { } claim) return Refusal.Under(policy, RefusalCode.AlreadyInClaim, Voucher, claim);
        if (policy.Parameters.SpotCheckRequired && SpotCheckId is null)
            return Refusal.Under(policy, RefusalCode.SpotCheckMissing, ClassName);
        if (OutsideLine is { } line) return Refusal.Under(policy, RefusalCode.PurposeNotCovered, new Words($"“{Programme}”", $"“{Programme}”"), line);
        return null;
    }

    /// <summary>
    /// As the institution is told: in which list of the county's somebody stands (a school, social insurance, the dead) is no
    /// business of an institution's.
    /// </summary>
    public Refusal? RefuseToInstitution(Policy policy) => Refuse(policy) is { Code: RefusalCode.MatchedElsewhere } matched
        ? matched with
        {
            Reason = new($"券 {Voucher} 正由县人社局核实，暂不能申报。", $"The county is looking into voucher {Voucher}; it cannot be claimed for now."),
            NextStep = new("请等待核实结果，或向县人社局询问。", "Wait for the outcome, or ask the county."),
        }
        : Refuse(policy);

    /// <summary>What the voucher would be paid, or <c>null</c> where its class has no rate yet.</summary>
    public ClaimAmount? Amount => Rate is { } rate ? new ClaimAmount(FaceValue, rate) : null;

    /// <summary>To freeze on a claim line; only for a voucher that nothing refuses.</summary>
    public ClaimEvidence ToEvidence(Policy policy) => new(
        Class.Value, ClassName, Programme, SessionsAttended, PlannedSessions, HasPassed, TheoryScore, PracticeScore,
        CompletedAt!.Value, CompletionScan!.Value, SpotCheckId, SpotCheckedAt, SpotCheckIsClean, policy.Id.Value);
}
