using System.Globalization;
using Voucher.Core.Journals;
using Voucher.Core.Wire;

namespace Voucher.Server.Journals.Faults;

/// <summary>Words of journals for the county's pages.</summary>
public static class JournalWords
{
    public static Words Name(this OfflineScanState state) => state switch
    {
        OfflineScanState.ToMerge => new("待入账", "To be merged"),
        OfflineScanState.Accepted => new("已入账", "Accepted"),
        OfflineScanState.Refused => new("未采用", "Refused"),
        OfflineScanState.InConflict => new("争议中", "In conflict"),
        OfflineScanState.Suspect => new("待核对", "To be judged"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state of an offline scan."),
    };

    public static Words Name(this JournalEntryKind kind) => kind switch
    {
        JournalEntryKind.Scan => new("扫码", "Scan"),
        JournalEntryKind.Receipt => new("时间回执", "Receipt"),
        JournalEntryKind.Correction => new("更正申请", "Correction asked"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of journal entry."),
    };

    public static Words Name(this ScanMode mode) => mode switch
    {
        ScanMode.Enrol => new("报到", "Enroll"),
        ScanMode.CheckIn => new("签到", "Check in"),
        ScanMode.CheckOut => new("签退", "Check out"),
        _ => new("结业", "Complete"),
    };

    public static Words Name(this TerminalStatus status) => status switch
    {
        TerminalStatus.Pending => new("待确认", "Pending"),
        TerminalStatus.Active => new("启用", "Active"),
        TerminalStatus.Revoked => new("已停用", "Revoked"),
        _ => new("已隔离", "Quarantined"),
    };

    /// <summary>Local day and time; a bound that nothing proves is no day in 1970.</summary>
    public static string Moment(DateTimeOffset at) =>
        at == DateTimeOffset.UnixEpoch ? "…" : CountyTime.ToLocal(at).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
}
