using System.Text.Json;
using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Server.Redeeming;

namespace Voucher.Server.Journals;

/// <summary>What became of a scan that a desk accepted offline. Numbers are stored: they never change meaning.</summary>
public enum OfflineScanState : short
{
    ToMerge = 1,
    Accepted = 2,
    Refused = 3,
    InConflict = 4,
    Suspect = 5,
}

/// <summary>Why an offline scan waits for a person. Numbers are stored: they never change meaning.</summary>
public enum Suspicion : short
{
    None = 0,
    ClockSet = 1,
    OfflineTooLong = 2,
    TooManyEnrolments = 3,
    AfterRollBack = 4,
    OtherHistory = 5,
}

public static class Suspicions
{
    public static Words Name(this Suspicion suspicion) => suspicion switch
    {
        Suspicion.ClockSet => new("离线期间改过时钟", "The clock was set while offline"),
        Suspicion.OfflineTooLong => new("离线时间超过规定", "Offline for longer than the rules allow"),
        Suspicion.TooManyEnrolments => new("离线报到人数超过规定", "More people enrolled offline than the rules allow"),
        Suspicion.AfterRollBack => new("终端硬盘被恢复之后的记录", "Made after the terminal's disk was set back"),
        Suspicion.OtherHistory => new("出自另一份日志", "Of another history of the terminal"),
        _ => new("—", "—"),
    };
}

/// <summary>A scan that a desk accepted offline, with the bounds of its time.</summary>
/// <param name="Person">The voucher's holder; <c>null</c> when what was shown is no voucher of this county.</param>
public sealed record OfflineScan(
    ScanRequest Scan, TerminalId Terminal, short Branch, InstitutionId Institution, VoucherId? Voucher, PersonId? Person,
    EntryTime Time, DateTimeOffset ReceivedAt, Suspicion Suspicion);

/// <summary>What an entry of a journal says that a desk has scanned.</summary>
public static class ScanContent
{
    /// <summary>The scan, if it is one that a terminal could have sent under this number and id; else <c>null</c>. Its clock is judged elsewhere.</summary>
    public static ScanRequest? Read(long sequence, Guid entryId, string content)
    {
        try
        {
            var scan = JsonSerializer.Deserialize(content, WireJson.Default.ScanRequest);
            var isWhole = scan is not null && scan.ScanId == entryId && scan.Sequence == sequence
                && ScanRequestCheck.Errors(scan with { ScannedAt = DateTimeOffset.UnixEpoch }, DateTimeOffset.UnixEpoch).Count == 0;
            return isWhole ? scan : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
