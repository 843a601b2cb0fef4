using System.Globalization;
using System.Text.Json.Nodes;

namespace Voucher.E2E.Screen;

/// <summary>Answers of a terminal as they come from real counties: long texts, names that are not known, odd times.</summary>
public static class AgentAnswers
{
    public const int Welding = 41;
    public const int Cooking = 52;

    private static readonly TimeProvider Clock = TimeProvider.System;

    /// <summary>One of each outcome, and of each kind of next step, by a name for its picture.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Verdicts { get; } = new Dictionary<string, JsonObject>(StringComparer.Ordinal)
    {
        ["accepted"] = Verdict("accepted", 0, ("焊工一班，第 3 课次。", "Welding class 1, session 3."), ("请入座。", "Please sit down."), holder: "马**"),
        ["provisional"] = Verdict("provisional", 0,
            ("已保存在本机，联网后由服务器确认。", "Saved on this terminal; the server confirms it once there is a link."),
            ("可以上课；请保管好培训券。", "Go to class, and keep the voucher safe.")),
        ["refused"] = Verdict("refused", 304,
            ("此券已用完：2026-11-22 09:15，东乡县职业技术学校，前台1号。", "This voucher has been used: 2026-11-22 09:15, Dongxiang Vocational School, front desk 1."),
            ("一券只能用一次，请不要再收此券。", "A voucher works once; do not take it again.")),
        ["card"] = Verdict("refused", 402,
            ("证件与持券人不符。", "The card shown is not the holder's."),
            ("培训券不得转让。请持券人本人带身份证前来。", "Vouchers cannot be transferred. The holder must come in person with their card.")),
        ["show-again"] = Verdict("refused", 101, ("这不是培训券：内容太短。", "This is no training voucher: it is too short."), ("请扫券面上的二维码。", "Scan the QR code on the voucher.")),
        ["already"] = Verdict("refused", 511, ("本课次已签到。", "Already checked in to this session."), ("不用重复签到。", "No need to check in again.")),
        ["held"] = Verdict("held", 312,
            ("此券暂缓办理，等县人社局核对（案号 C-2026-0042）：同一张券在两处离线使用。",
                "This voucher is held for a check by the county (case C-2026-0042): it was used at two places while offline."),
            ("券没有作废。请留持券人稍候，打电话给县人社局 0930-7122000 并报案号；11-23 18:00 前答复。",
                "The voucher is not void. Ask the holder to wait, call the county, 0930-7122000, and give the case number; the answer comes by 11-23 18:00."),
            holder: "马**", caseNumber: "C-2026-0042"),
        ["waiting"] = Verdict("waiting", 0,
            ("服务器正忙，正在排队，请稍候。", "The server is busy; it waits its turn. One moment."),
            ("不用重扫：本机会自动再送，结果会显示在屏幕上。", "No need to scan again: it is sent by itself, and the result is shown here.")),
    };

    /// <summary>A terminal at work and online, with three classes of which the first is on all day.</summary>
    public static JsonObject State() => new()
    {
        ["link"] = new JsonObject { ["standing"] = "active", ["online"] = true, ["via"] = "hub", ["since"] = Ago(1), ["clockAheadSeconds"] = 0, ["trouble"] = null },
        ["waiting"] = new JsonObject { ["count"] = 0, ["since"] = null },
        ["older"] = new JsonArray(),
        ["pairing"] = new JsonObject { ["server"] = "https://hr.example.gov.cn/", ["terminalId"] = 7, ["name"] = "前台1号", ["fingerprint"] = "K7QM-93TX-02AB" },
        ["setup"] = new JsonObject
        {
            ["terminalName"] = "前台1号", ["countyName"] = "东乡族自治县", ["institutionName"] = "东乡县职业技术学校",
            ["classes"] = new JsonArray(Class(1, "焊工一班", "焊工", Welding, "00:00–23:59"), Class(2, "中式烹调二班", "中式烹调师", Cooking), Class(3, "家政三班", "家政服务员", 63)),
        },
        ["clockDoubted"] = false, ["suggestedServer"] = null, ["damaged"] = false, ["noRoom"] = false, ["diskLow"] = false, ["now"] = Ago(0), ["update"] = null, ["quarantine"] = null,
        ["offline"] = new JsonObject
        {
            ["lastContact"] = Ago(0), ["listsRefreshedAt"] = Ago(2), ["listCounter"] = 118, ["provisional"] = 0, ["provisionalLimit"] = 30, ["warnAfterHours"] = 24,
            ["enrolUntil"] = null, ["attendanceUntil"] = null, ["warnings"] = new JsonArray(),
        },
    };

    /// <summary>A day and a bit without the network, near a limit.</summary>
    public static void GoOffline(JsonObject state)
    {
        (state["link"]!["online"], state["link"]!["since"]) = (false, Ago(27));
        state["waiting"] = new JsonObject { ["count"] = 31, ["since"] = Ago(26) };
        var offline = state["offline"]!;
        (offline["lastContact"], offline["provisional"], offline["enrolUntil"], offline["attendanceUntil"]) = (Ago(27), 26, Ago(-45), Ago(-141));
        offline["warnings"] = new JsonArray(Words("已离线 27 小时。离线报到只能再办 45 小时，最多再办 4 个。", "Offline for 27 hours. Offline enrollment ends in 45 hours, or after 4 more."));
    }

    /// <summary>A program behind the server's, little room on the disk, and lists of three days ago.</summary>
    public static void GetOld(JsonObject state)
    {
        state["diskLow"] = true;
        state["update"] = Words("服务器已升级，请尽快更新本终端程序；目前仍可正常使用。", "The server has moved on: update this terminal's program soon. It still works.");
        state["offline"]!["listsRefreshedAt"] = Ago(70);
        state["offline"]!["warnings"] = new JsonArray(Words(
            "名单是 11-20 09:15 的，已超过一天：请联网，或用U盘更新。", "The lists are of 11-20 09:15, over a day old: connect the network, or load them from a USB stick."));
    }

    public static void Quarantine(JsonObject state)
    {
        state["link"]!["standing"] = "quarantined";
        state["link"]!["trouble"] = Words("本终端的扫码日志对不上，已暂停使用，请联系县人社局。", "This terminal's journal does not fit together; it is paused. Call the county.");
        state["quarantine"] = Words("县里已暂停本终端，核对清楚后恢复（案号 T-2026-0003）。", "The county has stopped this terminal until it has been looked at (case T-2026-0003).");
    }

    public static JsonObject Reading(int? programme) => new() { ["voucherNumber"] = "622926 00000123", ["verdict"] = null, ["programme"] = programme, ["trade"] = null };

    /// <summary>The last ten scans, one of every outcome among them; for the seventh a correction has been asked.</summary>
    public static JsonArray Recent()
    {
        string[] outcomes = ["accepted", "provisional", "refused", "held", "waiting", "accepted", "accepted", "accepted", "accepted", "accepted"];
        return [.. outcomes.Select((outcome, i) =>
        {
            var verdict = (JsonObject)Verdicts[outcome].DeepClone();
            (verdict["mode"], verdict["at"], verdict["scanId"]) = (1 + (i % 3), Ago(i / 6.0), new Guid(i, 0, 0, new byte[8]).ToString());
            if (i == 6) verdict["correction"] = "requested";
            return verdict;
        })];
    }

    public static JsonObject Roster() => new()
    {
        ["className"] = "焊工一班", ["asOf"] = Ago(2), ["session"] = new JsonObject { ["startsAt"] = "09:00", ["endsAt"] = "11:30" }, ["enrolled"] = 6, ["capacity"] = 20,
        ["people"] = new JsonArray(
            Person("0123", "马**", "09:02"), Person("0124", "汪**", "09:05", provisional: true), Person("0125", "唐*"),
            Person("0126", name: null), Person("0127", "赵*", provisional: true), Person("0128", "王**", "08:55", "11:02")),
    };

    public static JsonObject ListsTaken() => new() { ["counter"] = 119, ["refreshedAt"] = Ago(1) };

    public static JsonObject Problem(string zh, string en) => new() { ["reason"] = Words(zh, en), ["nextStep"] = Words("请联系县人社局。", "Call the county.") };

    public static JsonObject Words(string zh, string en) => new() { ["zh"] = zh, ["en"] = en };

    private static JsonObject Verdict(
        string outcome, int refusal, (string Zh, string En) reason, (string Zh, string En) next, string? holder = null, string? caseNumber = null) => new()
    {
        ["outcome"] = outcome, ["refusal"] = refusal, ["reason"] = Words(reason.Zh, reason.En), ["nextStep"] = Words(next.Zh, next.En),
        ["rule"] = refusal == 0 ? null : "东人社发〔2020〕4号 三(一)", ["mode"] = 2, ["scanId"] = null, ["sequence"] = 5, ["voucherNumber"] = "622926 00000123",
        ["holder"] = holder, ["programme"] = "焊工", ["className"] = "焊工一班", ["at"] = Ago(0), ["caseNumber"] = caseNumber, ["correction"] = null,
    };

    private static JsonObject Class(int id, string name, string programme, int code, params string[] today) => new()
    {
        ["id"] = id, ["name"] = name, ["programme"] = programme, ["programmeCode"] = code, ["tradeCode"] = 0, ["startsOn"] = "2020-01-01", ["endsOn"] = "2099-12-31",
        ["capacity"] = 20, ["enrolled"] = 6, ["today"] = new JsonArray([.. today.Select(session => (JsonNode)session)]),
    };

    private static JsonObject Person(string number, string? name, string? checkedIn = null, string? checkedOut = null, bool provisional = false) => new()
    {
        ["number"] = $"622926 0000{number}", ["name"] = name, ["provisional"] = provisional, ["checkedIn"] = checkedIn, ["checkedOut"] = checkedOut,
    };

    private static string Ago(double hours) => Clock.GetUtcNow().AddHours(-hours).ToString("O", CultureInfo.InvariantCulture);
}
