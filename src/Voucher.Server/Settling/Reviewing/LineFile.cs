using Voucher.Core.Classes;
using Voucher.Core.Fraud;
using Voucher.Core.Matching;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>One session as the trainee attended it.</summary>
/// <param name="Terminal">Where they checked in.</param>
/// <param name="WasOffline">A scan of it was made without a link.</param>
public sealed record FileSession(
    DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt, bool IsPractice, int Hours, DateTimeOffset? CheckedInAt, DateTimeOffset? CheckedOutAt,
    string? Terminal, bool WasOffline);

public sealed record FileCheck(long Id, DateTimeOffset CheckedAt, string CheckedBy, int Present, string Finding, bool IsClean, int Photos);

public sealed record FileHold(long Id, HoldReason Reason, DateTimeOffset OpenedAt, DateTimeOffset? ReleasedAt, string? DecidedBy, string? Decision);

public sealed record FileMatch(MatchSource Source, DateOnly AsOf, bool Stands, string? DismissedBy, string? DismissedReason);

public sealed record FileConflict(long Id, DateTimeOffset OpenedAt, DateTimeOffset? DecidedAt, string? Reason);

public sealed record FileRejection(long ClaimId, DateTimeOffset At, string By, string Reason);

/// <summary>A certificate of the trainee for this training.</summary>
/// <param name="VoidReason">Why it was made void; <c>null</c>: it stands.</param>
public sealed record FileCertificate(CertificateKind Kind, string Number, string Issuer, DateOnly IssuedOn, string RecordedBy, string? VoidReason);

/// <summary>Somebody who acted on the voucher or on its class.</summary>
public sealed record FileActor(string Duty, string Name, DateTimeOffset? At)
{
    public Words Words => Duty switch
    {
        "draft" => Accounts.Duties.BatchDraft,
        "issue" => Accounts.Duties.BatchApproval,
        "class" => Accounts.Duties.ClassApproval,
        "check" => new("抽查班级", "spot-checked the class"),
        "release" => Accounts.Duties.HoldRelease,
        "reissue" => new("复核补发", "approved the reissue"),
        "assess" => new("登记成绩", "recorded the result"),
        _ => throw new InvalidOperationException("Unknown duty."),
    };
}

/// <summary>All that the system knows of one claim line, on one page.</summary>
public sealed record LineFile(
    IReadOnlyList<FileSession> Sessions, IReadOnlyList<FileCheck> Checks, IReadOnlyList<FileHold> Holds, IReadOnlyList<FileMatch> Matches,
    IReadOnlyList<FileConflict> Conflicts, IReadOnlyList<FileRejection> Rejections, IReadOnlyList<FileActor> Actors, IReadOnlyList<LineStep> Steps,
    IReadOnlyList<FileCertificate> Certificates);
