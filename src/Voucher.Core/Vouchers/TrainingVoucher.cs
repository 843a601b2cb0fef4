using Voucher.Core.Fraud;

namespace Voucher.Core.Vouchers;

/// <summary>
/// A training voucher (培训券) as the ledger of record knows it; all that <see cref="VoucherMachine"/> needs to decide.
/// </summary>
/// <param name="ValidFrom">First local day on which it may be used for enrolment.</param>
/// <param name="ValidUntil">Last local day on which it may be used for enrolment.</param>
/// <param name="InConflict">Two terminals claim its enrolment; until the county has decided it can neither be enrolled, completed, withdrawn nor replaced (attendance is still recorded, and the county may revoke it).</param>
/// <param name="Enrolment">The class it is bound to; present from <see cref="VoucherState.Enrolled"/> on.</param>
/// <param name="LastUse">Its latest scan or closing act, so that a refusal can say where and when.</param>
/// <param name="Hold">Held for a person to look at: until the county releases it, the same is refused as in conflict.</param>
public sealed record TrainingVoucher(
    VoucherId Id,
    VoucherKind Kind,
    VoucherScope Scope,
    DateOnly ValidFrom,
    DateOnly ValidUntil,
    VoucherState State,
    bool InConflict = false,
    Enrolment? Enrolment = null,
    VoucherUse? LastUse = null,
    VoucherId? ReplacedBy = null,
    VoucherHold? Hold = null)
{
    public bool IsHeld => Hold is not null;

    /// <inheritdoc cref="VoucherStates.IsExpiredOn"/>
    public bool IsExpiredOn(DateOnly localDay) => State.IsExpiredOn(localDay, ValidUntil);
}

/// <summary>The binding of a voucher to one class, made by the first scan (报到).</summary>
public sealed record Enrolment(ClassId Class, InstitutionId Institution, DateTimeOffset At);

/// <summary>
/// Where and when a voucher came into its present state (enrolled, completed …); attendance changes no state. Names are for people to read; no personal data.
/// </summary>
/// <param name="Terminal">Name of the terminal, or <c>null</c> for an act in the portal.</param>
public sealed record VoucherUse(VoucherEventKind Kind, DateTimeOffset At, string Place, string? ClassName, string? Terminal);
