using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>What may be wrong with a terminal, the gravest first. The fleet page sorts by it.</summary>
public enum TroubleKind
{
    Quarantined = 1,
    TooOld = 2,
    ScansWait = 3,
    NeverSeen = 4,
    Silent = 5,
    ClockOff = 6,
    NoReader = 7,
    FewAccepted = 8,
    ListOld = 9,
    ProgramOld = 10,
    Unconfirmed = 11,
}

/// <summary>One trouble, in words that tell what and since when.</summary>
public sealed record FleetTrouble(TroubleKind Kind, Words Reason)
{
    /// <summary>A desk that is closed for a night is not in trouble.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromHours(24);

    /// <summary>A network that stumbles is not in trouble either.</summary>
    public static readonly TimeSpan WaitsAfter = TimeSpan.FromMinutes(10);

    /// <summary>Beyond it the order of a day's scans becomes doubtful; beyond ten minutes the log-in is refused.</summary>
    public static readonly TimeSpan ClockOffBy = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan ListOldAfter = TimeSpan.FromHours(24);

    /// <summary>Fewer than half of at least ten scans accepted: something is being tried, or something is broken.</summary>
    public const int FewPercent = 50;
    public const int FewOf = 10;

    /// <summary>Of a terminal as it stands now, the gravest first; none of one that is revoked.</summary>
    public static IReadOnlyList<FleetTrouble> Of(FleetRow row, DateTimeOffset now) => row.Status switch
    {
        TerminalStatus.Revoked => [],
        TerminalStatus.Pending => [new(TroubleKind.Unconfirmed, new("等待核对指纹并确认", "waits for its fingerprint to be compared and confirmed"))],
        _ => [.. All(row, now).OfType<FleetTrouble>().OrderBy(trouble => trouble.Kind)],
    };

    private static IEnumerable<FleetTrouble?> All(FleetRow row, DateTimeOffset now) =>
    [
        row.Status == TerminalStatus.Quarantined ? new(TroubleKind.Quarantined, new("已隔离：日志对不上，须县里查看", "quarantined: its journal does not fit together; the county has to look")) : null,
        Program(row), Waiting(row, now), Silence(row, now), Clock(row), Readers(row), Success(row), List(row, now),
    ];

    private static FleetTrouble? Program(FleetRow row)
    {
        if (row.LastSeenAt is null) return null;
        if (row.Protocol < Protocol.OldestAccepted)
            return new(TroubleKind.TooOld, new($"程序太旧（协议 {row.Protocol}），须更新后才能联网", $"its program is too old (protocol {row.Protocol}) to be let in; update it"));
        return row.Protocol < Protocol.Current
            ? new(TroubleKind.ProgramOld, new($"程序旧（协议 {row.Protocol}，服务器 {Protocol.Current}），请更新", $"its program is old (protocol {row.Protocol}, the server's {Protocol.Current}); update it"))
            : null;
    }

    private static FleetTrouble? Waiting(FleetRow row, DateTimeOffset now) =>
        row.Waiting > 0 && row.WaitingSince is { } since && now - since > WaitsAfter
            ? new(TroubleKind.ScansWait, new($"{row.Waiting} 条扫码自 {CountyTime.Show(since)} 起待补送", $"{row.Waiting} {(row.Waiting == 1 ? "scan waits" : "scans wait")} since {CountyTime.Show(since)}"))
            : null;

    private static FleetTrouble? Silence(FleetRow row, DateTimeOffset now)
    {
        if (row.IsOnline) return null;
        if (row.LastSeenAt is not { } seen) return new(TroubleKind.NeverSeen, new("确认后从未联系过", "never heard of since it was confirmed"));
        if (now - seen <= SilentAfter) return null;
        var span = TerminalWords.Span(now - seen);
        return new(TroubleKind.Silent, new($"{span.In("zh")}没有联系", $"not seen for {span.In("en")}"));
    }

    private static FleetTrouble? Clock(FleetRow row)
    {
        if (row.ClockAheadSeconds is not { } seconds || Math.Abs(seconds) < ClockOffBy.TotalSeconds) return null;
        var span = TerminalWords.Span(TimeSpan.FromSeconds(seconds));
        return seconds > 0
            ? new(TroubleKind.ClockOff, new($"时钟快 {span.In("zh")}", $"clock {span.In("en")} ahead"))
            : new(TroubleKind.ClockOff, new($"时钟慢 {span.In("zh")}", $"clock {span.In("en")} behind"));
    }

    private static FleetTrouble? Readers(FleetRow row) =>
        row is { HasCamera: false, HasScanner: not true }
            ? new(TroubleKind.NoReader, new("没有可用的摄像头，也没有扫码枪", "neither camera nor scanner works"))
            : null;

    private static FleetTrouble? Success(FleetRow row) =>
        row is { Asked: >= FewOf, SuccessPercent: < FewPercent and var percent }
            ? new(TroubleKind.FewAccepted, new($"24小时内 {row.Asked} 次扫码只受理 {percent}%", $"only {percent}% of {row.Asked} scans accepted in 24 h"))
            : null;

    private static FleetTrouble? List(FleetRow row, DateTimeOffset now)
    {
        if (row.ListAt is not { } at || now - at <= ListOldAfter) return null;
        var span = TerminalWords.Span(now - at);
        return new(TroubleKind.ListOld, new($"券状态清单已有 {span.In("zh")}", $"its status list is {span.In("en")} old"));
    }
}
