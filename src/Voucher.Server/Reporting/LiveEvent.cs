namespace Voucher.Server.Reporting;

/// <summary>What the live page tells of. Numbers travel between servers: they never change meaning.</summary>
public enum LiveEventKind
{
    /// <summary>A scan was answered, accepted or refused.</summary>
    Scan = 1,

    /// <summary>Some more vouchers of a batch were written.</summary>
    BatchProgress = 2,

    /// <summary>A voucher was handed over, withdrawn, revoked or replaced in the portal.</summary>
    Voucher = 3,

    /// <summary>A claim was submitted, reviewed or approved.</summary>
    Claim = 4,

    /// <summary>A payment was made.</summary>
    Payment = 5,

    /// <summary>A voucher is held for a person to look at, or somebody decided on it; the county's pages only.</summary>
    Hold = 6,

    /// <summary>A contested enrolment was proposed on or decided; the county's pages only.</summary>
    Conflict = 7,
}

/// <summary>
/// Something that has just been committed, as the live page shows it. Holds no personal data beyond the masked name; it may
/// be lost at any time, the truth is in PostgreSQL.
/// </summary>
/// <param name="What">One sentence for people: what happened, or why not.</param>
/// <param name="Institution">Whose it is: an institution's pages see only its own. <c>null</c>: the county's pages only.</param>
/// <param name="VoucherNumber">As printed; <c>null</c> when it is not about one voucher.</param>
/// <param name="Holder">The holder's name, masked.</param>
/// <param name="Accepted">Whether what was asked for was done.</param>
/// <param name="Refusal">The refusal's number, 0 when accepted.</param>
public sealed record LiveEvent(
    LiveEventKind Kind,
    DateTimeOffset At,
    Words What,
    InstitutionId? Institution = null,
    string? VoucherNumber = null,
    string? Holder = null,
    string? InstitutionName = null,
    string? ClassName = null,
    string? TerminalName = null,
    bool Accepted = true,
    int Refusal = 0);
