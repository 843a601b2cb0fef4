using Voucher.Server.Operating.Health;

namespace Voucher.Server.Operating.Page;

/// <summary>Names of states and outcomes as the page shows them. A server of another version may send one that is not known here.</summary>
public static class OperatingWords
{
    public static Words Outcome(string mark) => mark switch
    {
        nameof(ScanMark.Accepted) => new("通过", "Accepted"),
        nameof(ScanMark.Refused) => new("拒绝", "Refused"),
        nameof(ScanMark.Conflict) => new("重复使用", "Used before"),
        nameof(ScanMark.Forged) => new("签名不符", "Forged"),
        nameof(ScanMark.Busy) => new("请稍后", "Try again"),
        nameof(ScanMark.BadInput) => new("格式不对", "Bad input"),
        nameof(ScanMark.Fault) => new("出错", "Fault"),
        _ => new(mark, mark),
    };

    public static Words Kind(string kind) => kind switch
    {
        nameof(BadInputKind.Oversized) => new("过大", "Oversized"),
        nameof(BadInputKind.Truncated) => new("不完整", "Truncated"),
        nameof(BadInputKind.Malformed) => new("无法解读", "Malformed"),
        nameof(BadInputKind.WrongType) => new("类型不对", "Wrong type"),
        nameof(BadInputKind.UnknownField) => new("未知字段", "Unknown field"),
        nameof(BadInputKind.BadField) => new("字段超限", "Field out of bounds"),
        nameof(BadInputKind.Replayed) => new("编号重用", "Replayed"),
        nameof(BadInputKind.Silent) => new("连接不说话", "Silent"),
        nameof(BadInputKind.OutOfOrder) => new("次序不对", "Out of order"),
        nameof(BadInputKind.ForeignToken) => new("外来券", "Foreign token"),
        nameof(BadInputKind.NoAccess) => new("无访问凭证", "No access"),
        nameof(BadInputKind.RevokedDevice) => new("停用的终端", "Revoked device"),
        nameof(BadInputKind.TooFast) => new("过快", "Too fast"),
        _ => new(kind, kind),
    };

    public static Words Status(string status) => status switch
    {
        "ready" => new("正常", "Ready"),
        "degraded" => new("降级", "Degraded"),
        _ => new("不可用", "Down"),
    };

    public static string Colour(string status) => status switch
    {
        "ready" => "bg-success text-success-fg",
        "degraded" => "bg-warning text-warning-fg",
        _ => "bg-danger text-danger-fg",
    };

    public static Words Reason(string name) => Enum.TryParse<HealthReason>(name, out var reason) ? reason.Explain() : new(name, name);

    public static Words Redis(ServerStanding standing) => standing switch
    {
        { HasRedis: false } => new("未配置", "Not configured"),
        { IsBreakerOpen: true } => new("暂停使用，稍后重试", "Left alone for a moment"),
        { IsRedisUp: true } => new("正常", "Up"),
        _ => new("没有应答", "Away"),
    };

    public static Words Hub(string hub) => hub switch
    {
        "terminal" => new("终端", "Terminals"),
        "live" => new("实况页面", "Live pages"),
        _ => new(hub, hub),
    };

    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{bytes / (double)(1L << 30):0.0} GiB",
        >= 1L << 20 => $"{bytes / (double)(1L << 20):0.0} MiB",
        _ => $"{bytes / 1024.0:0} KiB",
    };

    public static Words Duration(double seconds) => seconds switch
    {
        < 1 => new($"{seconds * 1000:0} 毫秒", $"{seconds * 1000:0} ms"),
        < 120 => new($"{seconds:0.0} 秒", $"{seconds:0.0} s"),
        < 7200 => new($"{seconds / 60:0} 分钟", $"{seconds / 60:0} min"),
        < 172_800 => new($"{seconds / 3600:0} 小时", $"{seconds / 3600:0} h"),
        _ => new($"{seconds / 86_400:0} 天", $"{seconds / 86_400:0} days"),
    };

    public static string Milliseconds(double? value) => value is { } known ? $"{known:0.0}" : "–";
}
