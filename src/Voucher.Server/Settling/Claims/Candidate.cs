using Voucher.Core.Classes;
using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Claims;

/// <summary>A voucher bound to a class, as settlement sees it: the facts that decide, and what a line of a claim is written from.</summary>
/// <param name="Facts">All that decides whether it may be claimed and for how much.</param>
/// <param name="Certificate">Its latest, of any kind.</param>
public sealed record Candidate(
    ClaimFacts Facts,
    string Holder,
    BudgetLineId BudgetLine,
    InstitutionId Institution,
    ClassId Class,
    int? TheoryScore,
    int? PracticeScore,
    DateTimeOffset? CompletedAt,
    Guid? CompletionScan,
    long? SpotCheckId,
    DateTimeOffset? SpotCheckedAt,
    bool? SpotCheckIsClean,
    CandidateCertificate? Certificate)
{
    public VoucherId Voucher => Facts.Voucher;

    /// <summary>All that stands against claiming it now, as its institution is told.</summary>
    public IReadOnlyList<Refusal> Reasons(Policy policy) =>
        [.. Claimability.Reasons(Facts, policy).Select(refusal => refusal.ToInstitution(Voucher))];

    /// <summary>What the voucher would be paid, or <c>null</c> where its class has no rate yet.</summary>
    public ClaimAmount? AmountUnder(Policy policy) => Facts.AmountUnder(policy.Parameters.FullPayAttendancePercent);

    /// <summary>A mark, and no reason: the practice hours of the plan, or those scanned, are not the share that the rules want.</summary>
    public bool StraysFromPracticeShare(Policy policy) =>
        !Facts.Planned.KeepTo(policy.Parameters.PracticePercent)
        || Facts.State == VoucherState.Completed && !Facts.Scanned.KeepTo(policy.Parameters.PracticePercent);
}

/// <summary>A certificate as a claim cites it.</summary>
public sealed record CandidateCertificate(CertificateKind Kind, string Number);
