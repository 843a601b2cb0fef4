using Voucher.Core.Classes;

namespace Voucher.Server.Classes;

/// <summary>A class (培训班) with the programme and institution it belongs to.</summary>
/// <param name="TheoryHours">Of the programme, as is <paramref name="PracticeHours"/>: what the plan is compared with.</param>
/// <param name="RateFen">Subsidy frozen at approval; <c>null</c> before.</param>
/// <param name="Enrolled">Vouchers bound to it now.</param>
public sealed record TrainingClass(
    ClassId Id, InstitutionId InstitutionId, string Institution, ProgrammeId ProgrammeId, int ProgrammeCode, string Programme,
    int TheoryHours, int PracticeHours, string Name, string Site, DateOnly StartsOn, DateOnly EndsOn, int Capacity,
    ClassStatus Status, Fen? RateFen, string CreatedBy, DateTimeOffset CreatedAt,
    string? ApprovedBy, DateTimeOffset? ApprovedAt, string? RefusedBy, string? RefusedReason, int Enrolled, int SpotChecks)
{
    public TeachingHours ProgrammeHours => new(TheoryHours, PracticeHours);

    /// <summary>Under way or over, and no spot check is on record yet (每期至少抽查一次).</summary>
    public bool LacksSpotCheckOn(DateOnly today) => Status == ClassStatus.Approved && StartsOn <= today && SpotChecks == 0;
}

/// <summary>A session of a class as recorded.</summary>
public sealed record ClassSession(SessionId Id, DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt, bool IsPractice, int Hours)
{
    public TeachingHours Teaching => TeachingHours.OfSession(IsPractice, Hours);

    public DateTimeOffset End => CountyTime.At(HeldOn, EndsAt);
}

/// <summary>Which classes a list shows.</summary>
/// <param name="Only">Set for people of an institution: nothing else exists for them.</param>
public sealed record ClassFilter(InstitutionId? Only, ClassStatus? Status, InstitutionId? Institution, bool LacksSpotCheck, int Page);
