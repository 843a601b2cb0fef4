namespace Voucher.Core.Refusals;

/// <summary>
/// Every reason for which the system says no, numbered by where it arises. A scan is first asked for what it cannot be judged
/// without: what was shown, its terminal, its voucher, its class. Of several reasons against a judged one the smallest is said,
/// with two exceptions: attendance on a voucher in conflict is told <see cref="VoucherInConflict"/> rather than
/// <see cref="NotEnrolled"/>, for that the conflict took the enrolment is what the desk has to know; and that the expiry run
/// has released a voucher's money (<see cref="VoucherExpired"/>) is said only where nothing else stands against enrolling it. An
/// office's step says the first that it meets. Numbers are stored and printed in manuals; they never change meaning.
/// </summary>
public enum RefusalCode : short
{
    None = 0,

    // 1xx: what was held to the camera
    NotAVoucher = 101,
    LayoutNotKnown = 102,
    SuiteNotSupported = 103,
    OtherRegion = 104,
    KeyNotKnown = 105,
    KeyNotInForce = 106,
    KeyRevoked = 107,
    SignatureFalse = 108,
    ShortCodeNotKnown = 109,
    VoucherNotKnown = 110,

    // 2xx: the terminal and the message
    TerminalNotActive = 201,
    ScanIdReused = 202,
    SequenceReused = 203,
    TooManyScans = 204,
    TooManyShortCodes = 205,
    TooBusy = 206,
    TerminalQuarantined = 207,
    OnlineOnly = 208,
    OfflineTooLong = 209,
    OfflineEnrolmentsFull = 210,
    JournalNotFollowing = 211,

    // 3xx: the voucher
    VoucherReplaced = 301,
    VoucherRevoked = 302,
    VoucherWithdrawn = 303,
    VoucherCompleted = 304,
    EnrolledHere = 305,
    EnrolledElsewhere = 306,
    NotEnrolled = 307,
    NotYetValid = 308,
    VoucherExpired = 309,
    VoucherInConflict = 310,
    AlreadyHandedOver = 311,
    VoucherHeld = 312,
    EnrolmentContested = 313,
    EntryNotAccepted = 314,

    // 4xx: the person at the desk
    IdentityNotShown = 401,
    HolderDiffers = 402,
    HolderInOtherClass = 403,

    // 5xx: the class and the session
    ClassNotKnown = 501,
    ClassOfOtherInstitution = 502,
    InstitutionNotAccredited = 503,
    ClassNotApproved = 504,
    ProgrammeNotCovered = 505,
    EnrolmentNotOpen = 506,
    EnrolmentClosed = 507,
    ClassFull = 508,
    OtherClass = 509,
    NoSessionNow = 510,
    AlreadyCheckedIn = 511,
    NotCheckedIn = 512,
    AlreadyCheckedOut = 513,

    // 6xx: completion
    ClassNotOver = 601,
    AttendanceShort = 602,
    AssessmentMissing = 603,
    AssessmentFailed = 604,

    // 7xx: money
    NotCompleted = 701,
    AlreadyInClaim = 702,
    SpotCheckMissing = 703,
    NothingToClaim = 704,
    WrongStep = 705,
    SamePerson = 706,
    BudgetShort = 707,
    LinesUndecided = 708,
    PayeeMissing = 709,
    AlreadyAllocated = 710,
    SpotCheckFindings = 711,
    PurposeNotCovered = 712,
    TransferLeavesSource = 713,
    PurposeSettled = 714,

    // 790–794: log-ins and the people behind them
    OwnAccount = 790,
    RolesClash = 791,
    AccountAsWished = 792,
    MergeWrongStep = 793,
    TwoPersons = 794,

    // 8xx: issuing and register
    NobodyEligible = 801,
    BatchWrongStep = 802,
    NoSigningKey = 803,
    ReasonMissing = 804,
    ClassHasNoSessions = 805,
    CapacityOverAccreditation = 806,
    PairingCodeNotKnown = 807,
    TerminalWrongStep = 808,
    NoPdfPrinter = 809,
    NothingToPrint = 810,
    BatchExpired = 811,
    HoldWrongStep = 812,
    ConflictWrongStep = 813,
    EntryWrongStep = 814,
    WorkTrainingTooLong = 816,
    PolicyDateInPast = 817,
    PolicyWrongStep = 818,
    PolicyDraftOfAnother = 819,
    NoRuleInForce = 845,
    SafetyHoursShort = 840,
    WorkTrainingNotInPolicy = 841,
    NoOrderForThisKind = 842,
    TeachingWrongStep = 843,
    AccreditationWrongStep = 830,
    AccreditationIncomplete = 831,
    AccreditationYearTaken = 832,
    TeacherBusy = 833,
    TeacherNotEngaged = 834,
    TeacherStillAssigned = 835,
    MatchedElsewhere = 825,
    ImportWrongStep = 826,
    DuplicateWrongStep = 827,
    BothHoldVouchers = 828,
    MatchWrongStep = 829,
    PlaceHasVillages = 820,
    PlaceHasPeople = 821,
    PersonHasLeft = 822,
    PersonChangedMeanwhile = 823,
    NoLongerEligible = 860,
    ReissueNeedsReview = 861,
    DeliveryRecordMissing = 862,
    StopNotAsked = 863,
    RevocationWrongStep = 864,
    NothingToRevoke = 865,
    RevocationOpen = 866,
    ReissueRequestOpen = 867,
    ReissueWrongStep = 868,
    ReissueNotDue = 869,
    PlanWrongStep = 850,
    PlanSumsDiffer = 851,
    ReportNotOver = 852,
    ReportAlreadySent = 853,
    PlanPartsOverlap = 854,

    // 87x: exports
    TooManyExports = 870,
    ExportGone = 872,

    // 874–876: leaving people out of a batch
    LeaveOutListChanged = 874,
    NobodyWouldRemain = 875,
    LeaveOutNotAsked = 876,

    // 9xx: standing of the caller
    NotAllowed = 901,
    NotFound = 902,
}
