namespace Voucher.Server.Institutions;

/// <summary>A training institution as the county has accredited it (培训机构认定).</summary>
/// <param name="Capacity">Accredited scale: the largest class it may open.</param>
/// <param name="PayeeAccountMasked">Last digits of the payee account that was verified last, or else of the one proposed; see its history for which is in use.</param>
public sealed record Institution(
    InstitutionId Id, Uscc Uscc, string Name, string Address, string Phone, int Capacity,
    DateOnly AccreditedFrom, DateOnly AccreditedUntil, bool IsSuspended,
    string? PayeeName, string? PayeeBank, string? PayeeAccountMasked, bool IsDemo)
{
    /// <summary>Accreditation covers both days and all between, and is not suspended.</summary>
    public bool IsAccreditedFor(DateOnly from, DateOnly until) =>
        !IsSuspended && AccreditedFrom <= from && until <= AccreditedUntil;

    public bool IsAccreditedOn(DateOnly day) => IsAccreditedFor(day, day);
}

/// <summary>What an institution may teach on a day.</summary>
/// <param name="Capacity">Of the largest class.</param>
/// <param name="Teaches">The accreditation covers the programme asked about.</param>
public sealed record ClassTerms(int Capacity, bool Teaches);
