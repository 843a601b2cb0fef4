namespace Voucher.Server.Issuing.Revoking;

/// <summary>Where the revoking of many stands. Numbers are stored: they never change meaning.</summary>
public enum RevocationStatus : short
{
    Proposed = 1,

    /// <summary>Approved by another person; done in the background.</summary>
    UnderWay = 2,
    Done = 3,
    Refused = 4,
}

public static class RevocationStatuses
{
    public static Words Name(this RevocationStatus status) => status switch
    {
        RevocationStatus.Proposed => new("待审批", "Awaiting approval"),
        RevocationStatus.UnderWay => new("作废中", "Under way"),
        RevocationStatus.Done => new("已作废", "Done"),
        RevocationStatus.Refused => new("已退回", "Refused"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status of a revocation."),
    };
}

/// <summary>Whose vouchers: exactly one of the three.</summary>
public sealed record RevocationScope(BatchId? Batch, PersonId? Person, InstitutionId? Institution)
{
    public static RevocationScope Of(BatchId batch) => new(batch, null, null);

    public static RevocationScope Of(PersonId person) => new(null, person, null);

    public static RevocationScope Of(InstitutionId institution) => new(null, null, institution);

    /// <summary>Of numbers as a form or request gives them; <c>null</c> unless exactly one is given.</summary>
    public static RevocationScope? Read(long? batch, long? person, int? institution) => (batch, person, institution) switch
    {
        ({ } id, null, null) => Of(new BatchId(id)),
        (null, { } id, null) => Of(new PersonId(id)),
        (null, null, { } id) => Of(new InstitutionId(id)),
        _ => null,
    };
}

/// <summary>What a revocation would do.</summary>
/// <param name="Unused">Issued or handed over, and not used: always taken.</param>
/// <param name="Enrolled">Bound to a class that is not completed: taken when that is asked for.</param>
/// <param name="Untouched">Completed, withdrawn, or already out of use.</param>
/// <param name="InConflict">Left to the case that decides on them.</param>
/// <param name="UnusedMoney">Reserved money that the unused give back.</param>
/// <param name="EnrolledMoney">The same of the enrolled.</param>
public sealed record RevocationPreview(
    string Name, int Unused, int Enrolled, int Untouched, int InConflict, Fen UnusedMoney, Fen EnrolledMoney)
{
    public int Taken(bool includesEnrolled) => Unused + (includesEnrolled ? Enrolled : 0);

    public Fen Money(bool includesEnrolled) => includesEnrolled ? UnusedMoney + EnrolledMoney : UnusedMoney;
}

/// <summary>A revocation as screens and the API show it.</summary>
/// <param name="Vouchers">How many it names since it was proposed: nothing is added to them.</param>
/// <param name="StillTaken">While it is proposed: how many of them it would take now.</param>
/// <param name="RetryAt">It failed, and is tried again then.</param>
public sealed record Revocation(
    long Id, BatchId? BatchId, PersonId? PersonId, InstitutionId? InstitutionId, string? Name, bool IncludesEnrolled, string Reason,
    RevocationStatus Status, int Vouchers, int Revoked, string ProposedBy, StaffId ProposedByStaff, DateTimeOffset ProposedAt,
    string? DecidedBy, DateTimeOffset? DecidedAt, string? DecidedReason, DateTimeOffset? FinishedAt, int? StillTaken, DateTimeOffset? RetryAt)
{
    /// <summary>Since it was proposed some were used, taken out of use or contested.</summary>
    public bool HasChanged => StillTaken is { } now && now != Vouchers;

    public RevocationScope Scope => new(BatchId, PersonId, InstitutionId);
}
