using System.Text.Json.Serialization;
using Voucher.Core.Institutions;
using Voucher.Core.Matching;
using Voucher.Core.Programmes;

namespace Voucher.Core.Policies;

/// <summary>The numbers and switches of a policy pack. Units are last in each name.</summary>
public sealed record PolicyParameters
{
    /// <summary>How long a voucher may be used for enrolment, counted from its first day. 1–730.</summary>
    public int ValidityDays { get; init; } = 90;

    /// <summary>Whether a person may hold only one unspent voucher.</summary>
    public bool OneLiveVoucher { get; init; } = true;

    /// <summary>Youngest age of a holder. 16–100 (16 is the least age for work).</summary>
    public int YoungestAge { get; init; } = 16;

    /// <summary>Oldest age of a holder. 16–100.</summary>
    public int OldestAge { get; init; } = 60;

    /// <summary>Who is eligible, by category of the register (人员类别); any one suffices, and none named means everyone. At most 50.</summary>
    public IReadOnlyList<string> EligibleCategories { get; init; } = [];

    /// <summary>Vouchers that a person may be issued in a calendar year; reprints do not count. 0–20; 0: no limit.</summary>
    public int VouchersPerYear { get; init; }

    /// <summary>Trainings of one trade that a person may complete with a voucher in a calendar year. 0–20; 0: no limit.</summary>
    public int TrainingsPerTradePerYear { get; init; }

    /// <summary>From which reissue of one voucher on a second person reviews it. 1–20.</summary>
    public int ReissueReviewFrom { get; init; } = 3;

    /// <summary>Enrolment opens this many days before the class starts. 0–365.</summary>
    public int EnrolmentOpensDaysBefore { get; init; } = 30;

    /// <summary>Enrolment closes this many days after the class has started. 0–365.</summary>
    public int EnrolmentClosesDaysAfter { get; init; } = 3;

    /// <summary>Check-in opens this many minutes before a session; check-out closes as long after it. 1–240.</summary>
    public int SessionMarginMinutes { get; init; } = 60;

    [JsonIgnore]
    public TimeSpan SessionMargin => TimeSpan.FromMinutes(SessionMarginMinutes);

    /// <summary>The least share of sessions that must be attended, in percent. 0–100.</summary>
    public int AttendancePercent { get; init; } = 80;

    /// <summary>The share of practice hours in all hours, in percent (实操课时与理论课时 7∶3). 0–100.</summary>
    public int PracticePercent { get; init; } = 70;

    /// <summary>Trades of high risk (高危行业和特种作业), whose programmes need hours of safety. Codes 1–999.</summary>
    public IReadOnlyList<int> HighRiskTrades { get; init; } = [];

    /// <summary>The least hours of safety in a programme of a high-risk trade. 0–200.</summary>
    public int SafetyHours { get; init; } = 8;

    /// <summary>Longest training at work (以工代训), in months from its first day. 0–24; 0: this pack has none.</summary>
    public int WorkTrainingMonths { get; init; } = 6;

    /// <summary>Subsidy by trade and level. What is not listed is paid at the programme's own standard.</summary>
    public IReadOnlyList<SubsidyStandard> Subsidies { get; init; } = [];

    /// <summary>Trades of the guided catalogue (重点产业职业需求指导目录). Codes 1–999.</summary>
    public IReadOnlyList<int> GuidedTrades { get; init; } = [];

    /// <summary>How much more a programme of the guided catalogue is paid, in percent. 0–100.</summary>
    public int GuidedUpliftPercent { get; init; }

    /// <summary>
    /// The share of a class's hours, in percent, from which a trainee's rate is paid in full; below it, it is paid in proportion to
    /// the hours attended. 0–100; 0: never in proportion.
    /// </summary>
    public int FullPayAttendancePercent { get; init; }

    /// <summary>Living allowance for each day attended, in 分. 0–100,000; 0: none.</summary>
    public long LivingAllowanceFenPerDay { get; init; }

    /// <summary>Transport allowance for each day attended, in 分. 0–100,000; 0: none.</summary>
    public long TransportAllowanceFenPerDay { get; init; }

    public AllowanceSource LivingAllowanceSource { get; init; } = AllowanceSource.PublicFunds;

    public AllowanceSource TransportAllowanceSource { get; init; } = AllowanceSource.PublicFunds;

    /// <summary>What a hit in an outside list stops. A list not named stops nothing.</summary>
    public IReadOnlyList<MatchRule> Matches { get; init; } =
    [
        new(MatchSource.RealName, MatchEffect.BlocksPayment),
        new(MatchSource.Pension, MatchEffect.BlocksIssuing),
        new(MatchSource.School, MatchEffect.BlocksIssuing),
        new(MatchSource.Deceased, MatchEffect.BlocksIssuing | MatchEffect.BlocksPayment),
        new(MatchSource.OtherDepartment, MatchEffect.BlocksPayment),
    ];

    /// <summary>
    /// What each rung of the ladder of consequences blocks. A rung not named blocks nothing. A suspension, which one person speaks at once,
    /// blocks new classes alone: what was taught before it is settled, for learners do not pay for their school.
    /// </summary>
    public IReadOnlyList<ConsequenceRule> Consequences { get; init; } =
    [
        new(ConsequenceRung.Rectification, Blocked.Classes),
        new(ConsequenceRung.OverdueRectification, Blocked.Classes | Blocked.Claims),
        new(ConsequenceRung.Suspension, Blocked.Classes),
        new(ConsequenceRung.LicenceProposal, Blocked.Classes | Blocked.Claims | Blocked.Payments),
    ];

    /// <summary>The policy package (政策包: 明白卡, 联系卡) is recorded with the handing over of a voucher (两联三送).</summary>
    public bool DeliveryRecordRequired { get; init; }

    /// <summary>Progress is reported every so many months: 1 monthly (月调度), 3 quarterly. 1–12.</summary>
    public int ReportEveryMonths { get; init; } = 3;

    /// <summary>Whether a class must have had its spot check before anything of it is payable.</summary>
    public bool SpotCheckRequired { get; init; } = true;

    /// <summary>Whether a certificate must be recorded for the trainee before a voucher is claimed.</summary>
    public bool CertificateRequired { get; init; }

    /// <summary>Working days within which a claim is reviewed. 1–60.</summary>
    public int ReviewWorkingDays { get; init; } = 10;

    /// <summary>Of each class's claim lines, how many are checked by telephone, in percent. 0–100; 0: none.</summary>
    public int PhoneCheckPercent { get; init; } = 10;

    /// <summary>Working days for which an approved list is published (公示) before it is paid. 0–30; 0: not published.</summary>
    public int PublicityWorkingDays { get; init; }

    /// <summary>Days from the verification of a payee's account to its first use. 0–30; 0: at once.</summary>
    public int AccountWaitDays { get; init; } = 3;

    /// <summary>Share of an approved claim line that is kept back for a while, in percent. 0–50; 0: none.</summary>
    public int RetentionPercent { get; init; }

    /// <summary>Months from the approval for which it is kept back. 1–24.</summary>
    public int RetentionMonths { get; init; } = 3;

    /// <summary>Share of its training income that a college may keep for running costs, in percent. 0–100.</summary>
    public int CollegeCostPercent { get; init; } = 50;

    /// <summary>Scans that one terminal may send in a minute before it is slowed down. 0–1,000,000; 0: no limit.</summary>
    public int ScansPerTerminalPerMinute { get; init; } = 600;

    /// <summary>Scans that all terminals of one institution may send in a minute before they are slowed down. 0–1,000,000; 0: no limit.</summary>
    public int ScansPerInstitutionPerMinute { get; init; } = 3_000;

    /// <summary>Short codes that one terminal may try in an hour. 0–1,000,000.</summary>
    public int ShortCodesPerTerminalPerHour { get; init; } = 60;

    /// <summary>People whom one terminal may enrol in five minutes; the next one is held for a person. 0–1,000; 0: no limit.</summary>
    public int EnrolmentsPerTerminalPerFiveMinutes { get; init; } = 40;

    /// <summary>Enrolments at one terminal less than this apart are too close to check an identity card. 0–60; 0: never too close.</summary>
    public int EnrolmentSpacingSeconds { get; init; } = 3;

    /// <summary>So many too close enrolments in a row, and the last one is held for a person. 2–100.</summary>
    public int CloseEnrolmentsInRow { get; init; } = 5;

    /// <summary>A voucher tried for enrolment at another institution within this time before is held for a person. 0–1,440; 0: never.</summary>
    public int TriedElsewhereMinutes { get; init; } = 120;

    /// <summary>
    /// The least time from one institution to another: one person seen at both sooner is held for a person. The register does
    /// not know where institutions lie, so it is one number for all. 0–1,440; 0: never.
    /// </summary>
    public int TravelMinutes { get; init; } = 30;

    /// <summary>Within this time the county decides on a hold; it is the deadline that the desk is told. 1–720.</summary>
    public int HoldDecisionHours { get; init; } = 24;

    /// <summary>A terminal that has been offline for so many hours warns its desk. 1–720.</summary>
    public int OfflineWarnHours { get; init; } = 24;

    /// <summary>A terminal that has been offline for more hours enrols nobody any more. 0–720; 0: never offline.</summary>
    public int OfflineEnrolHours { get; init; } = 72;

    /// <summary>A terminal that has been offline for more days records no attendance any more. 0–30; 0: never offline.</summary>
    public int OfflineAttendanceDays { get; init; } = 7;

    /// <summary>Provisional enrolments that one terminal may make before it reaches the server again. 0–1,000.</summary>
    public int OfflineEnrolments { get; init; } = 30;
}
