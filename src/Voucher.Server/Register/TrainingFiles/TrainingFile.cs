using Voucher.Core.Fraud;
using Voucher.Core.Matching;
using Voucher.Server.Register.Changes;
using Voucher.Server.Register.Lists;

namespace Voucher.Server.Register.TrainingFiles;

/// <summary>
/// 学员档案 (text 004): all that one person has to do with training, for life, also what they had under entries that were merged
/// into theirs; only the changes are of the entry itself. An institution is shown its own part: its vouchers and classes, nothing
/// of holds, matches, lists and changes, which are the county's own matter.
/// </summary>
public sealed record TrainingFile(
    PersonSheet Person, Merging Merging, IReadOnlyList<FileVoucher> Vouchers, IReadOnlyList<FileClass> Classes, IReadOnlyList<FileSpotCheck> SpotChecks,
    IReadOnlyList<FileHold> Holds, IReadOnlyList<FileMatch> Matches, IReadOnlyList<PersonList> Lists, IReadOnlyList<ChangeLine> Changes);

/// <summary>One voucher of the person.</summary>
public sealed record FileVoucher(
    VoucherId Id, VoucherState State, Fen FaceValueFen, DateOnly ValidFrom, DateOnly ValidUntil, string Batch, DateTimeOffset? IssuedAt, string? Institution);

/// <summary>One class that the person was enrolled in, with what scans and the assessment show.</summary>
/// <param name="TheoryHours">Attended: checked in and out.</param>
/// <param name="PlannedHours">Of all sessions of the class.</param>
/// <param name="Certificates">Numbers and issuers of those that are not void.</param>
public sealed record FileClass(
    ClassId Id, VoucherId Voucher, string Name, string Programme, string Trade, string Institution, DateOnly StartsOn, DateOnly EndsOn,
    DateTimeOffset EnrolledAt, bool IsActive, int TheoryHours, int PracticeHours, int PlannedHours, int Sessions, int Attended,
    short? TheoryScore, short? PracticeScore, bool? HasPassed, DateTimeOffset? CompletedAt, string? Certificates);

/// <summary>One spot check of such a class.</summary>
public sealed record FileSpotCheck(ClassId ClassId, string ClassName, DateTimeOffset CheckedAt, string CheckedBy, int Present, bool IsClean, string Finding);

/// <summary>One suspicion about a voucher of the person.</summary>
public sealed record FileHold(VoucherId Voucher, HoldReason Reason, DateTimeOffset OpenedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? ReleasedAt);

/// <summary>One hit in an outside list.</summary>
public sealed record FileMatch(MatchSource Source, DateOnly AsOf, string Difference, DateTimeOffset? DismissedAt, string? DismissedReason, DateTimeOffset? EndedAt);
