using Voucher.Core.Classes;
using Voucher.Core.Wire;

namespace Voucher.Server.Redeeming;

/// <summary>A class as a scan finds it.</summary>
public sealed record ScannedClass(
    ClassId Id, string Name, string Programme, InstitutionId Institution, int ProgrammeCode, int TradeCode,
    DateOnly StartsOn, DateOnly EndsOn, bool IsApproved, bool IsAccredited, int Capacity, int Enrolled)
{
    public ClassOffer ToOffer(InstitutionId scannedAt) => new(
        Id, Name, Institution, scannedAt, checked((ushort)ProgrammeCode), checked((ushort)TradeCode),
        StartsOn, EndsOn, IsApproved, IsAccredited, Capacity, Enrolled);
}

/// <summary>The terminal that scans, and where it stands.</summary>
public sealed record ScanningTerminal(TerminalId Id, string Name, InstitutionId Institution, string InstitutionName, TerminalStatus Status);
