using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>A terminal's state on the screen.</summary>
public static class TerminalWords
{
    public static Words Name(TerminalStatus status) => status switch
    {
        TerminalStatus.Pending => new("待确认", "Pending"),
        TerminalStatus.Active => new("启用", "Active"),
        TerminalStatus.Quarantined => new("已隔离", "Quarantined"),
        _ => new("已停用", "Revoked"),
    };

    public static string Colour(TerminalStatus status) => status switch
    {
        TerminalStatus.Pending => "bg-yellow-lt",
        TerminalStatus.Active => "bg-green-lt",
        TerminalStatus.Quarantined => "bg-red-lt",
        _ => "bg-secondary-lt",
    };

    /// <summary>What reads the codes there.</summary>
    public static Words Readers(FleetRow row) => (row.HasCamera, row.HasScanner) switch
    {
        (true, true) => new("摄像头、扫码枪", "Camera, scanner"),
        (true, _) => new("摄像头", "Camera"),
        (_, true) => new("扫码枪", "Scanner"),
        (false, _) => new("没有", "None"),
        _ => new("—", "—"),
    };

    /// <summary>A span as a person says it: minutes below two hours, hours below two days, then days.</summary>
    public static Words Span(TimeSpan span) => span.Duration() switch
    {
        { TotalMinutes: < 2 } short_ => new($"{(int)short_.TotalSeconds} 秒", $"{(int)short_.TotalSeconds} s"),
        { TotalHours: < 2 } minutes => new($"{(int)minutes.TotalMinutes} 分钟", $"{(int)minutes.TotalMinutes} min"),
        { TotalDays: < 2 } hours => new($"{(int)hours.TotalHours} 小时", $"{(int)hours.TotalHours} h"),
        var days => new($"{(int)days.TotalDays} 天", $"{(int)days.TotalDays} days"),
    };

    /// <summary>An act of the audit trail, such as <c>terminal.move</c>.</summary>
    public static Words Act(string action) => action switch
    {
        "terminal.code" => new("生成替换配对码", "Code to replace it"),
        "terminal.confirm" => new("确认启用", "Confirmed"),
        "terminal.rename" => new("改名", "Renamed"),
        "terminal.move" => new("调往", "Moved"),
        "terminal.revoke" => new("停用", "Revoked"),
        _ => new(action, action),
    };
}
