using System.Globalization;
using Voucher.Core;
using Voucher.Core.Wire;
using Voucher.Terminal.Link;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Offline;

/// <summary>How long this terminal may go on without the server, and what it works with.</summary>
/// <param name="ListsRefreshedAt">When the server last said that the status list is the present one.</param>
/// <param name="Provisional">Enrolments made offline that the server has not closed in yet: what the limit counts.</param>
/// <param name="EnrolUntil">After this nobody is enrolled offline.</param>
/// <param name="AttendanceUntil">After this no attendance is recorded offline.</param>
/// <param name="Warnings">What comes near a limit, in words for the desk.</param>
internal sealed record OfflineShown(
    DateTimeOffset? LastContact, DateTimeOffset? ListsRefreshedAt, long? ListCounter, int Provisional, int ProvisionalLimit, int WarnAfterHours,
    DateTimeOffset? EnrolUntil, DateTimeOffset? AttendanceUntil, IReadOnlyList<Words> Warnings)
{
    /// <summary>Lists older than this are worth a word: vouchers may have been used or revoked since.</summary>
    public static readonly TimeSpan ListsGrowOld = TimeSpan.FromHours(24);

    /// <summary>The desk is warned when this share of the offline enrolments is used up, in percent.</summary>
    public const int WarnAtPercent = 80;

    /// <summary>Put together from what the terminal holds; <c>null</c> before it has a setup.</summary>
    public static OfflineShown? Of(PairedTerminal terminal, LinkState link, DateTimeOffset now)
    {
        if (terminal.Setup.Setup is not { } setup) return null;
        var limits = setup.Offline;
        // While the link stands the last contact is now. The limits count the silence as the judge does.
        var last = link.Online ? now : terminal.ServerClock.LastHeard;
        var silence = link.Online ? TimeSpan.Zero : terminal.ServerClock.Silence;
        var (provisional, _) = terminal.Journal.CountProvisionalEnrolments(classId: 0);
        var shown = new OfflineShown(
            last, terminal.Statuses.Current?.RefreshedAt, terminal.Statuses.Current?.Counter, provisional, limits.Enrolments, limits.WarnHours,
            now - silence + TimeSpan.FromHours(limits.EnrolHours), now - silence + TimeSpan.FromDays(limits.AttendanceDays), []);
        return shown with { Warnings = [.. WarningsOf(shown, limits, silence, now)] };
    }

    private static IEnumerable<Words> WarningsOf(OfflineShown shown, OfflineLimits limits, TimeSpan? silence, DateTimeOffset now)
    {
        if (shown.Provisional * 100 >= limits.Enrolments * WarnAtPercent && shown.Provisional > 0)
            yield return new Words(
                $"离线报到已 {shown.Provisional} 人，满 {limits.Enrolments} 人后要联网才能再报到。",
                $"{shown.Provisional} people enrolled offline; at {limits.Enrolments} the link is needed to go on.");
        if (shown.ListsRefreshedAt is { } refreshed && now - refreshed > ListsGrowOld)
            yield return new Words(
                $"名单是 {Show(refreshed)} 的，已超过一天：请联网，或用U盘更新。", $"The lists are of {Show(refreshed)}, over a day old: connect the network, or load them from a USB stick.");
        if (silence is not { } away || away < TimeSpan.FromHours(limits.WarnHours)) yield break;
        yield return now < shown.EnrolUntil
            ? new Words($"已离线 {Hours(away)} 小时：{Show(shown.EnrolUntil.Value)} 后不能再离线报到，请尽快联网。", $"Offline for {Hours(away)} hours: no offline enrolment after {Show(shown.EnrolUntil.Value)}; connect soon.")
            : new Words($"已离线 {Hours(away)} 小时：暂停离线报到，签到、签退到 {Show(shown.AttendanceUntil!.Value)} 为止。", $"Offline for {Hours(away)} hours: no more enrolment; attendance until {Show(shown.AttendanceUntil!.Value)}.");
    }

    private static string Show(DateTimeOffset at) => CountyTime.ToLocal(at).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Hours(TimeSpan span) => ((int)span.TotalHours).ToString(CultureInfo.InvariantCulture);
}
