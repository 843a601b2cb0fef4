using System.Globalization;
using System.Reflection;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
using Voucher.Terminal.Lan;
using Voucher.Terminal.Link;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Settings;
using Voucher.Terminal.Setup;

namespace Voucher.Terminal.Diagnostics;

/// <summary>How every part of this terminal does, in one sentence each. Nothing about any person.</summary>
internal sealed class TerminalDiagnostics(
    TerminalHome home, CurrentTerminal current, LinkBoard board, DiskRoom room, JournalCheckDesk journals, SettingsBoard settings, LanDoor lan, TimeProvider time)
{
    private const long Megabyte = 1024 * 1024;
    private static readonly TimeSpan SlowFlush = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan OldLists = TimeSpan.FromDays(1);
    private static readonly TimeSpan TooOldLists = TimeSpan.FromDays(3);
    private static readonly TimeSpan CountyOffset = TimeSpan.FromHours(8);
    private const int ClockAttentionSeconds = 60;
    private const long MuchMemoryBytes = 600 * Megabyte;

    private readonly long _begun = time.GetTimestamp();

    public static string Version =>
        typeof(TerminalDiagnostics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?";

    public DiagnosticReport Report() => new(
        time.GetUtcNow(), settings.Now.Language,
        [Program(), Clock(), DiskItem(), LinkItem(), Lists(), Journal(), Memory(), SettingsItem(), LanItem()],
        journals.Progress);

    private DiagnosticItem Program()
    {
        var pairing = current.Value?.Pairing;
        var words = pairing is null
            ? new Words($"版本 {Version}，尚未配对", $"version {Version}, not paired")
            : new Words($"版本 {Version}，终端 {pairing.TerminalId} 号，密钥 {pairing.Fingerprint}", $"version {Version}, terminal {pairing.TerminalId}, key {pairing.Fingerprint}");
        var health = current.IsDamaged ? Health.Bad : pairing is null ? Health.Attention : Health.Good;
        return new DiagnosticItem(1, health, new("程序", "Program"), current.IsDamaged ? new("配对信息打不开", "The pairing cannot be opened") : words);
    }

    private DiagnosticItem Clock()
    {
        var (now, ahead) = (time.GetLocalNow(), board.State.ClockAheadSeconds);
        var off = ahead switch
        {
            _ when current.Value?.Setup.Setup is null => new Words("还没有与服务器核对", "not yet compared with the server"),
            0 => new Words("与服务器一致", "as the server's"),
            > 0 => new Words($"比服务器快 {ahead} 秒", $"{ahead} seconds ahead of the server"),
            _ => new Words($"比服务器慢 {-ahead} 秒", $"{-ahead} seconds behind the server"),
        };
        var zone = string.Create(CultureInfo.InvariantCulture, $"UTC{now.Offset.TotalHours:+0.##;-0.##;+0}");
        var isDoubted = current.Value is { Setup.Setup: not null, ServerClock.IsDoubted: true };
        var health = isDoubted || Math.Abs(ahead) > TerminalLogin.ClockTolerance.TotalSeconds ? Health.Bad
            : Math.Abs(ahead) > ClockAttentionSeconds || now.Offset != CountyOffset ? Health.Attention : Health.Good;
        var text = string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm:ss}");
        return new DiagnosticItem(4, health, new("时钟", "Clock"), new($"{text}，时区 {zone}，{off.Zh}", $"{text}, zone {zone}, {off.En}"));
    }

    private DiagnosticItem DiskItem()
    {
        var (free, flush) = (room.FreeBytes, room.TimeToFlush(time));
        var journal = JournalBytes();
        var health = flush is null || free < DiskRoom.SpareBytes ? Health.Bad : free < DiskRoom.LowBytes || flush > SlowFlush ? Health.Attention : Health.Good;
        var written = flush is { } took ? new Words($"写盘 {took.TotalMilliseconds:F0} 毫秒", $"a write takes {took.TotalMilliseconds:F0} ms") : new Words("写不进去", "cannot be written");
        return new DiagnosticItem(5, health, new("磁盘", "Disk"), new(
            $"剩余 {free / Megabyte} MB，扫码记录 {journal / Megabyte} MB，{written.Zh}", $"{free / Megabyte} MB free, journal {journal / Megabyte} MB, {written.En}"));
    }

    private DiagnosticItem LinkItem()
    {
        var (state, waiting) = (board.State, current.CountWaiting().Count);
        if (current.Value is not { } terminal) return new DiagnosticItem(6, Health.Attention, new("联网", "Link"), new("尚未配对", "not paired"));
        var since = TimeZoneInfo.ConvertTime(state.Since, time.LocalTimeZone).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
        var how = state.Online
            ? new Words($"在线（{state.Via}），自 {since}", $"online ({state.Via}) since {since}")
            : new Words($"离线，自 {since}", $"offline since {since}");
        var health = state.Standing is not Standing.Active ? Health.Bad : state.Online ? Health.Good : Health.Attention;
        var server = terminal.Pairing.Server.Authority;
        return new DiagnosticItem(6, health, new("联网", "Link"), new(
            $"{server}，{how.Zh}，待确认 {waiting} 条", $"{server}, {how.En}, {waiting} scans wait"));
    }

    private DiagnosticItem Lists()
    {
        var title = new Words("清单", "Lists");
        if (current.Value is not { Setup: { Setup: { } setup, Keys: { } keys } } terminal)
            return new DiagnosticItem(7, Health.Attention, title, new("还没有从服务器取得", "none from the server yet"));
        var held = terminal.Statuses.Current;
        var age = held is null ? AgeOfSetup(terminal) : time.GetUtcNow() - held.RefreshedAt;
        var health = age > TooOldLists ? Health.Bad : age > OldLists || held is null ? Health.Attention : Health.Good;
        var (hours, minutes) = ((int)age.TotalHours, Math.Max(0, age.Minutes));
        var statuses = held is null ? new Words("没有状态表", "no status list") : new Words($"状态表第 {held.Counter} 号", $"status list {held.Counter}");
        return new DiagnosticItem(7, health, title, new(
            $"密钥清单第 {keys.Version} 版，{statuses.Zh}，班级 {setup.Classes.Count} 个，{hours} 小时 {minutes} 分钟前更新",
            $"key list version {keys.Version}, {statuses.En}, {setup.Classes.Count} classes, refreshed {hours} h {minutes} min ago"));
    }

    private DiagnosticItem Journal()
    {
        var progress = journals.Progress;
        var entries = current.All.Sum(terminal => terminal.Journal.LastSequence);
        var title = new Words("扫码记录", "Journal");
        if (progress.Running)
            return new DiagnosticItem(8, Health.Attention, title, new($"正在检查：{progress.Checked} / {progress.Total} 条", $"being checked: {progress.Checked} of {progress.Total}"));
        if (progress.At is not { } at) return new DiagnosticItem(8, Health.Good, title, new($"{entries} 条，尚未检查", $"{entries} entries, not checked yet"));
        var when = TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("HH:mm", CultureInfo.InvariantCulture);
        return progress.Broken is { } broken
            ? new DiagnosticItem(8, Health.Bad, title, new($"坏在 {broken}", $"broken at {broken}"))
            : new DiagnosticItem(8, Health.Good, title, new($"{progress.Checked} 条全部完好（{when} 检查）", $"{progress.Checked} entries, all whole (checked at {when})"));
    }

    private DiagnosticItem Memory()
    {
        var (set, heap, up) = (Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false), time.GetElapsedTime(_begun));
        return new DiagnosticItem(9, set > MuchMemoryBytes ? Health.Attention : Health.Good, new("内存", "Memory"), new(
            $"占用 {set / Megabyte} MB（其中 {heap / Megabyte} MB 在用），已运行 {(int)up.TotalHours} 小时 {up.Minutes} 分钟",
            $"{set / Megabyte} MB ({heap / Megabyte} MB in use), running for {(int)up.TotalHours} h {up.Minutes} min"));
    }

    private DiagnosticItem SettingsItem()
    {
        var title = new Words("设置", "Settings");
        if (settings.Errors is [var first, ..])
            return new DiagnosticItem(10, Health.Bad, title, new(
                $"{TerminalSettings.FileName} 未采用：{first.Field} {first.Problem.Zh}", $"{TerminalSettings.FileName} is left aside: {first.Field}: {first.Problem.En}"));
        return settings.WaitingForRestart is { Count: > 0 } later
            ? new DiagnosticItem(10, Health.Attention, title, new($"{string.Join("、", later)} 重新启动后生效", $"{string.Join(", ", later)} come into force at the next start"))
            : new DiagnosticItem(10, Health.Good, title, new("已生效", "in force"));
    }

    private DiagnosticItem LanItem() => new(11, lan.Health, new("平板", "Tablets"), lan.Says);

    private TimeSpan AgeOfSetup(PairedTerminal terminal)
    {
        var file = Path.Combine(home.FolderOf(terminal.Pairing.Folder), SetupCache.FileName);
        var age = time.GetUtcNow() - new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero);
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    private long JournalBytes() => current.All.Sum(terminal =>
        Directory.GetFiles(home.FolderOf(terminal.Pairing.Folder), TerminalHome.JournalFile + "*").Sum(file => new FileInfo(file).Length));
}
