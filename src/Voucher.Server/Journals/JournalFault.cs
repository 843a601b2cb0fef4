namespace Voucher.Server.Journals;

/// <summary>What cannot be in an honest journal. Numbers are stored: they never change meaning.</summary>
public enum JournalFaultKind : short
{
    SignatureFalse = 1,
    ChainBroken = 2,
    Forked = 3,
    RolledBack = 4,
    ReceiptFalse = 5,
}

/// <param name="Sequence">Of the entry at which it was found.</param>
/// <param name="Quarantines">The terminal is stopped until the county has decided.</param>
public sealed record JournalFault(JournalFaultKind Kind, long Sequence, bool Quarantines)
{
    public static JournalFault Stopping(JournalFaultKind kind, long sequence) => new(kind, sequence, Quarantines: true);
}

public static class JournalFaults
{
    public static Words Name(this JournalFaultKind kind) => kind switch
    {
        JournalFaultKind.SignatureFalse => new("日志签名不符", "A signature in the journal is false"),
        JournalFaultKind.ChainBroken => new("日志断链", "The journal's chain is broken"),
        JournalFaultKind.Forked => new("同一终端有两份不同的日志", "Two different journals of one terminal"),
        JournalFaultKind.RolledBack => new("硬盘被恢复到以前的样子", "The terminal's disk was set back"),
        JournalFaultKind.ReceiptFalse => new("时间回执不是本县服务器给的", "A time receipt is not this county's"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of journal fault."),
    };

    /// <summary>What the county does about it.</summary>
    public static Words Advice(this JournalFaultKind kind) => kind switch
    {
        JournalFaultKind.RolledBack => new(
            "可能是换盘或还原系统。请打电话问清原因；恢复前后的离线记录逐条核对。", "Perhaps the system was restored. Ask by telephone; look at the offline entries around it."),
        JournalFaultKind.Forked => new(
            "可能有人复制了终端的硬盘。请当面查看机器，查清后放行；可疑的离线记录逐条核对。", "Perhaps somebody copied the terminal's disk. Look at the machine; release it when it is clear; judge its entries one by one."),
        _ => new(
            "日志可能被改动。请当面查看机器；查不清就停用并重新配对。", "The journal may have been altered. Look at the machine; revoke it and pair anew when it cannot be cleared up."),
    };
}
