using System.Text.Json.Serialization;

namespace Voucher.Core.Policies;

/// <summary>The numbers and switches of a policy pack. Units are last in each name.</summary>
public sealed record PolicyParameters
{
    /// <summary>How long a voucher may be used for enrolment, counted from its first day. 1–730.</summary>
    public int ValidityDays { get; init; } = 90;

    /// <summary>Whether a person may hold only one unspent voucher.</summary>
    public bool OneLiveVoucher { get; init; } = true;

    public int YoungestAge { get; init; } = 16;

    public int OldestAge { get; init; } = 60;

    /// <summary>Enrolment opens this many days before the class starts.</summary>
    public int EnrolmentOpensDaysBefore { get; init; } = 30;

    /// <summary>Enrolment closes this many days after the class has started.</summary>
    public int EnrolmentClosesDaysAfter { get; init; } = 3;

    /// <summary>Check-in opens this many minutes before a session; check-out closes as long after it.</summary>
    public int SessionMarginMinutes { get; init; } = 60;

    [JsonIgnore]
    public TimeSpan SessionMargin => TimeSpan.FromMinutes(SessionMarginMinutes);

    /// <summary>The least share of sessions that must be attended, in percent. 0–100.</summary>
    public int AttendancePercent { get; init; } = 80;

    /// <summary>The share of practice hours in all hours, in percent (实操课时与理论课时 7∶3).</summary>
    public int PracticePercent { get; init; } = 70;

    /// <summary>Whether a class must have had its spot check before anything of it is payable.</summary>
    public bool SpotCheckRequired { get; init; } = true;

    public int ReviewWorkingDays { get; init; } = 10;

    /// <summary>Scans that one terminal may send in a minute before it is slowed down. 0–1,000,000; 0: no limit.</summary>
    public int ScansPerTerminalPerMinute { get; init; } = 600;

    /// <summary>Scans that all terminals of one institution may send in a minute before they are slowed down. 0–1,000,000; 0: no limit.</summary>
    public int ScansPerInstitutionPerMinute { get; init; } = 3_000;

    /// <summary>Short codes that one terminal may try in an hour.</summary>
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
