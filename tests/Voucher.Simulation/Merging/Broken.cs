namespace Voucher.Simulation.Merging;

/// <summary>A world that merges wrongly in one way; each must be found out.</summary>
internal enum BrokenMerge
{
    Nothing = 0,

    /// <summary>Bounds that touch count as one before the other.</summary>
    TouchingIsEarlier,

    /// <summary>An enrolment stays where it was merged first.</summary>
    FirstArrivalWins,

    /// <summary>An enrolment that was committed online is taken for that of an offline claim for the same class.</summary>
    OnlineIsForgotten,

    /// <summary>Attendance is made in the order in which it arrived.</summary>
    AttendanceByArrival,

    /// <summary>A claim is bounded by when it was uploaded.</summary>
    BoundsFromUpload,

    /// <summary>Attendance that was refused when less was known is not looked at again.</summary>
    RefusedStaysRefused,

    /// <summary>A voucher that was shown, and by which nobody is enrolled, is not known to be in its holder's hands.</summary>
    StaysIssued,

    /// <summary>The receipt before an entry is sought in the same upload only.</summary>
    SplitForgetsReceipts,

    /// <summary>An enrolment stays with the claim that came first, though an earlier one for the class is known.</summary>
    RestsOnFirst,
}
