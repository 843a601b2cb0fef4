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
