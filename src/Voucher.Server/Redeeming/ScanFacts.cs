using Voucher.Core.Classes;
using Voucher.Core.Wire;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Redeeming;

/// <summary>Turns a scan into the machine's command, with the facts that its decision rests on.</summary>
public sealed record ScanFacts(ScannedClass? Class, VoucherCommand? Command)
{
    /// <summary>Reads the facts; <see cref="Command"/> is <c>null</c> when there is no such class.</summary>
    public static async Task<ScanFacts> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, PresentedScan presented, StoredVoucher stored, ScanningTerminal terminal)
    {
        var scan = presented.Scan;
        var store = new ScanFactStore(connection, transaction);
        var today = CountyTime.DayOf(presented.ReceivedAt);
        var scanned = await store.ClassAsync(new ClassId(scan.ClassId), today);
        // A foreign class is as good as none for attendance and completion: nothing of it is told.
        if (scanned is null || (scan.Mode != ScanMode.Enrol && scanned.Institution != terminal.Institution)) return new ScanFacts(null, null);
        VoucherCommand command = scan.Mode switch
        {
            ScanMode.Enrol => new VoucherCommand.Enrol(scanned.ToOffer(terminal.Institution), new HolderStanding(
                Match(scan.HolderCheck, stored.HolderCheck), await store.OverlappingClassAsync(stored.Person, stored.Voucher.Id, scanned))),
            ScanMode.CheckIn => new VoucherCommand.CheckIn(scanned.Id, SessionClock.ForCheckIn(
                await store.SessionsAsync(scanned.Id, today, stored.EnrolmentId), presented.ReceivedAt, presented.Policy)),
            ScanMode.CheckOut => new VoucherCommand.CheckOut(scanned.Id, SessionClock.ForCheckOut(
                await store.SessionsAsync(scanned.Id, today, stored.EnrolmentId), presented.ReceivedAt, presented.Policy)),
            ScanMode.Complete => new VoucherCommand.Complete(scanned.Id, await store.CompletionAsync(scanned, stored.EnrolmentId)),
            _ => throw new ArgumentOutOfRangeException(nameof(presented), scan.Mode, "Unknown scan mode."),
        };
        return new ScanFacts(scanned, command);
    }

    private static HolderMatch Match(int? shown, HolderCheck holder) => shown switch
    {
        null => HolderMatch.NotShown,
        var value when value == holder.Value => HolderMatch.Matches,
        _ => HolderMatch.Differs,
    };
}

/// <summary>A class as a scan finds it.</summary>
public sealed record ScannedClass(
    ClassId Id, string Name, string Programme, InstitutionId Institution, int ProgrammeCode, int TradeCode,
    DateOnly StartsOn, DateOnly EndsOn, bool IsApproved, bool IsAccredited, int Capacity, int Enrolled)
{
    public ClassOffer ToOffer(InstitutionId scannedAt) => new(
        Id, Name, Institution, scannedAt, checked((ushort)ProgrammeCode), checked((ushort)TradeCode),
        StartsOn, EndsOn, IsApproved, IsAccredited, Capacity, Enrolled);
}

/// <summary>The terminal that scans, read in the same transaction as everything else.</summary>
public sealed record ScanningTerminal(TerminalId Id, string Name, InstitutionId Institution, string InstitutionName, TerminalStatus Status);
