namespace Voucher.Core.Settling;

/// <summary>Something about a line that a person should look at before it is passed; in order of weight.</summary>
public enum LineMark
{
    PhoneDenied,
    VoucherHeld,
    InConflict,
    MatchStands,
    SpotCheckFindings,
    SampleFellShort,
    HoldReleased,
    TooCloseScans,
    ConflictDecided,
    MatchDismissed,
    EarlierRejection,
    LineHeldBefore,
    Reissued,
    OfflineAttendance,
    AttendanceAtLimit,
    OverfullClass,
}

/// <summary>What the system knows of a line besides its amount.</summary>
/// <param name="SessionsAttended">With check-in and check-out.</param>
/// <param name="AttendancePercent">The least share of sessions, as the rules say; 0–100.</param>
/// <param name="OfflineScans">Attendances that a terminal recorded without a link.</param>
/// <param name="SampleFellShort">Too few of the class were reached by telephone, and nobody is left to call; not of who was reached.</param>
public sealed record LineFacts(
    int SessionsAttended, int PlannedSessions, int AttendancePercent, int OfflineScans = 0, bool PhoneDenied = false, bool IsHeld = false,
    bool IsInConflict = false, bool MatchStands = false, bool SpotCheckFound = false, bool HoldReleased = false, bool WasTooClose = false,
    bool ConflictDecided = false, bool MatchDismissed = false, int EarlierRejections = 0, bool LineHeldBefore = false, bool IsReissued = false,
    bool IsOverfull = false, bool SampleFellShort = false);

/// <summary>Every mark of a line. Lines without a mark may be passed together; a marked one wants a look and a reason of its own.</summary>
public static class LineMarks
{
    public static IReadOnlyList<LineMark> Of(LineFacts facts) =>
        [.. All(facts).Where(mark => mark.Stands).Select(mark => mark.Mark)];

    private static IEnumerable<(LineMark Mark, bool Stands)> All(LineFacts facts) =>
    [
        (LineMark.PhoneDenied, facts.PhoneDenied),
        (LineMark.VoucherHeld, facts.IsHeld),
        (LineMark.InConflict, facts.IsInConflict),
        (LineMark.MatchStands, facts.MatchStands),
        (LineMark.SpotCheckFindings, facts.SpotCheckFound),
        (LineMark.SampleFellShort, facts.SampleFellShort),
        (LineMark.HoldReleased, facts.HoldReleased),
        (LineMark.TooCloseScans, facts.WasTooClose),
        (LineMark.ConflictDecided, facts.ConflictDecided),
        (LineMark.MatchDismissed, facts.MatchDismissed),
        (LineMark.EarlierRejection, facts.EarlierRejections > 0),
        (LineMark.LineHeldBefore, facts.LineHeldBefore),
        (LineMark.Reissued, facts.IsReissued),
        (LineMark.OfflineAttendance, facts.OfflineScans > 0),
        (LineMark.AttendanceAtLimit, IsAtLimit(facts)),
        (LineMark.OverfullClass, facts.IsOverfull),
    ];

    /// <summary>One session less, and the voucher could not have been completed.</summary>
    private static bool IsAtLimit(LineFacts facts) =>
        facts.SessionsAttended < facts.PlannedSessions && (facts.SessionsAttended - 1) * 100L < (long)facts.PlannedSessions * facts.AttendancePercent;

    public static Words Name(this LineMark mark) => mark switch
    {
        LineMark.PhoneDenied => new("电话回访否认", "Denied on the telephone"),
        LineMark.VoucherHeld => new("疑点核查中", "Held for suspicion"),
        LineMark.InConflict => new("报到有争议", "In conflict"),
        LineMark.MatchStands => new("在外部名单中", "In an outside list"),
        LineMark.SpotCheckFindings => new("抽查发现问题", "Spot check with findings"),
        LineMark.SampleFellShort => new("电话回访没有够数", "Too few reached by telephone"),
        LineMark.HoldReleased => new("疑点放行过", "Hold released earlier"),
        LineMark.TooCloseScans => new("扫码间隔过短", "Scans too close"),
        LineMark.ConflictDecided => new("争议裁定过", "Conflict decided"),
        LineMark.MatchDismissed => new("比对解除过", "Match dismissed"),
        LineMark.EarlierRejection => new("以前申报未通过", "Rejected earlier"),
        LineMark.LineHeldBefore => new("本行暂缓过", "Line held before"),
        LineMark.Reissued => new("补发的券", "Reissued voucher"),
        LineMark.OfflineAttendance => new("有离线考勤", "Attendance recorded offline"),
        LineMark.AttendanceAtLimit => new("出勤刚够标准", "Attendance at the limit"),
        LineMark.OverfullClass => new("班级超员", "Over-full class"),
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark, "Unknown mark."),
    };
}
