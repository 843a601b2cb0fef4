namespace Voucher.Core.Classes;

/// <summary>A class as enrolment sees it: what it teaches, where, when, and whether there is room.</summary>
/// <param name="ScannedAt">The institution whose terminal scanned.</param>
/// <param name="IsApproved">The county has approved the class.</param>
/// <param name="IsAccredited">The institution's accreditation is in force today and covers the programme.</param>
/// <param name="Enrolled">How many vouchers are bound to it already.</param>
public sealed record ClassOffer(
    ClassId Id,
    string Name,
    InstitutionId Institution,
    InstitutionId ScannedAt,
    ushort ProgrammeCode,
    ushort TradeCode,
    DateOnly StartsOn,
    DateOnly EndsOn,
    bool IsApproved,
    bool IsAccredited,
    int Capacity,
    int Enrolled);

/// <summary>How the person at the desk stands to the voucher.</summary>
/// <param name="OtherClass">Name of another class, overlapping in time, in which the holder is enrolled; else <c>null</c>.</param>
public sealed record HolderStanding(HolderMatch Match, string? OtherClass = null);

public enum HolderMatch
{
    /// <summary>No identity document was read.</summary>
    NotShown = 0,
    Matches = 1,
    Differs = 2,
}
