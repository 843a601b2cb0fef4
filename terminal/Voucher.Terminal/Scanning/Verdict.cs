using System.Text.Json.Serialization;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Scanning;

/// <summary>What the screen shows: green, red, amber, or blue.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerdictOutcome>))]
internal enum VerdictOutcome
{
    [JsonStringEnumMemberName("accepted")] Accepted = 1,
    [JsonStringEnumMemberName("refused")] Refused = 2,

    /// <summary>On this terminal's disk, not yet answered by the server.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting = 3,

    /// <summary>The county looks at it first; nobody has done wrong.</summary>
    [JsonStringEnumMemberName("held")] Held = 4,

    /// <summary>Accepted by this terminal while the server is away; it will be confirmed.</summary>
    [JsonStringEnumMemberName("provisional")] Provisional = 5,
}

/// <summary>One verdict, whether the server or the terminal itself gave it.</summary>
/// <param name="ScanId"><c>null</c> when the terminal refused by itself and nothing was journalled.</param>
/// <param name="Refusal">The refusal's number; 0 when not refused.</param>
/// <param name="At">When it was scanned, by this machine's clock.</param>
internal sealed record Verdict(
    VerdictOutcome Outcome,
    int Refusal,
    Words Reason,
    Words NextStep,
    string? Rule,
    ScanMode? Mode,
    Guid? ScanId,
    long? Sequence,
    string? VoucherNumber,
    string? Holder,
    string? Programme,
    string? ClassName,
    DateTimeOffset At)
{
    /// <summary>Of the case in which the scan takes part, the same on every desk; <c>null</c> when there is none.</summary>
    public string? CaseNumber { get; init; }

    /// <summary><c>requested</c> when the desk has asked for a correction.</summary>
    public string? Correction { get; init; }

    private static readonly Words Saved = new("已保存，联网后确认。", "Saved; will be confirmed when online.");
    private static readonly Words SavedNext = new(
        "请先登记在纸上，联网后看屏幕上的结果。", "Note it on paper, and look for the result here once online.");

    private static readonly Words AcceptedOffline = new("离线受理，已保存。", "Accepted offline; saved.");
    private static readonly Words AcceptedUnknown = new("离线受理，已保存。本机名单里还没有此人。", "Accepted offline; saved. This terminal's list does not have this person yet.");
    private static readonly Words ConfirmedLater = new("请照常上课。联网后自动确认，不用重扫。", "Go on with the course. It is confirmed by itself when the link is back; no need to scan again.");

    private static readonly Words SetClock = new(
        "本机时钟可能不准：请校准电脑的日期和时间。先登记在纸上，联网后看屏幕上的结果。",
        "This machine's clock may be wrong: set its date and time. Note it on paper, and look for the result here once online.");

    private static readonly Words NotVerified = new(
        "本机还没有签发此券的密钥，未能核验真伪。请查验证件，先登记在纸上，联网后看屏幕上的结果。",
        "This terminal does not have the key that signed this voucher yet, so it is not verified. Check the card, note it on paper, and look for the result here once online.");

    private static readonly Words SlowedDown = new("服务器正忙，正在排队，请稍候。", "The server is busy; it waits its turn. One moment.");
    private static readonly Words SlowedDownNext = new(
        "不用重扫：本机会自动再送，结果会显示在屏幕上。", "No need to scan again: it is sent by itself, and the result is shown here.");

    public static Verdict Of(ScanRequest scan, ScanAnswer answer) => new(
        answer.Accepted ? VerdictOutcome.Accepted : NeedsDecision(answer.Refusal) ? VerdictOutcome.Held : VerdictOutcome.Refused,
        answer.Refusal, answer.Reason, answer.NextStep, answer.Rule, scan.Mode, scan.ScanId, scan.Sequence,
        answer.VoucherNumber, answer.Holder, answer.Programme, answer.ClassName, scan.ScannedAt);

    /// <summary>Nobody has done wrong; the county decides.</summary>
    private static bool NeedsDecision(int refusal) =>
        refusal is (int)RefusalCode.VoucherHeld or (int)RefusalCode.EnrolmentContested or (int)RefusalCode.VoucherInConflict;

    /// <param name="isKnown">The voucher is known to be enrolled in the class, or is being enrolled.</param>
    public static Verdict ProvisionalFor(ScanRequest scan, string? voucherNumber, string? holder, TerminalClass? inClass, bool isKnown) => new(
        VerdictOutcome.Provisional, 0, isKnown ? AcceptedOffline : AcceptedUnknown, ConfirmedLater, Rule: null, scan.Mode, scan.ScanId, scan.Sequence,
        voucherNumber, holder, inClass?.Programme, inClass?.Name, scan.ScannedAt);

    /// <summary>The scan takes part in a case: what its desk is told, whatever it was answered at first.</summary>
    public Verdict In(DeskCase one) => one.IsOpen
        ? this with { Outcome = VerdictOutcome.Held, CaseNumber = one.CaseNumber, Reason = Contested(one.CaseNumber).Reason, NextStep = Contested(one.CaseNumber).NextStep }
        : this with { CaseNumber = one.CaseNumber, NextStep = one.Outcome ?? NextStep };

    private static Refusal Contested(string caseNumber) => Core.Refusals.Refusal.Of(RefusalCode.EnrolmentContested, caseNumber);

    public static Verdict WaitingFor(ScanRequest scan, string? voucherNumber, string? className, WaitingWhy why) => new(
        VerdictOutcome.Waiting, 0, why == WaitingWhy.SlowedDown ? SlowedDown : Saved, NextWhile(why), Rule: null, scan.Mode, scan.ScanId, scan.Sequence,
        voucherNumber, Holder: null, Programme: null, className, scan.ScannedAt);

    private static Words NextWhile(WaitingWhy why) => why switch
    {
        WaitingWhy.SlowedDown => SlowedDownNext,
        WaitingWhy.ClockDoubted => SetClock,
        WaitingWhy.KeyUnknown => NotVerified,
        _ => SavedNext,
    };

    public static Verdict RefusedHere(Refusal refusal, ScanMode? mode, string? voucherNumber, DateTimeOffset now) => new(
        VerdictOutcome.Refused, (int)refusal.Code, refusal.Reason, refusal.NextStep, refusal.Rule?.ToString(), mode,
        ScanId: null, Sequence: null, voucherNumber, Holder: null, Programme: null, ClassName: null, now);
}

/// <summary>Why a scan has no answer yet, in so far as the desk can do something about it.</summary>
internal enum WaitingWhy
{
    /// <summary>No link: it is sent once there is one.</summary>
    Offline = 1,

    /// <summary>The server asked for a pause: it is sent again by itself.</summary>
    SlowedDown = 2,

    /// <summary>This machine's clock may be wrong.</summary>
    ClockDoubted = 3,

    /// <summary>The key list here does not know the key that signed the voucher; the server decides.</summary>
    KeyUnknown = 4,
}
