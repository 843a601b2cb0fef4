namespace Voucher.Server.Teachers;

/// <summary>A teacher of the pool (师资库). Phone and identity number are sealed; only their masks are read with it.</summary>
/// <param name="Trades">Specialities, by name.</param>
/// <param name="EngagedUntil">Last day; <c>null</c>: until further notice.</param>
/// <param name="Sessions">Sessions to come that he or she is assigned to.</param>
public sealed record Teacher(
    TeacherId Id, string Name, TeacherSource Source, string Qualification, string Employer, string PhoneMasked, string IdNumberMasked,
    DateOnly EngagedFrom, DateOnly? EngagedUntil, string LeftReason, string Trades, int Sessions)
{
    /// <summary>The engagement is over, or ends today because they were taken out of the pool.</summary>
    public bool HasLeftOn(DateOnly day) => EngagedUntil < day || LeftReason.Length > 0 && EngagedUntil == day;

    public bool IsEngagedOn(DateOnly day) => EngagedFrom <= day && !(EngagedUntil < day);
}

/// <summary>One entry of a teacher's file: in, changed, out.</summary>
public sealed record TeacherChange(short Kind, DateTimeOffset At, string? By, string Reason)
{
    public Words What => Kind switch
    {
        1 => new("入库", "In"),
        2 => new("变更", "Changed"),
        _ => new("出库", "Out"),
    };
}

/// <summary>A session to come that a teacher is assigned to.</summary>
public sealed record TeacherSession(ClassId ClassId, string Class, string Institution, DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt);

/// <summary>Which teachers a list shows.</summary>
public sealed record TeacherFilter(TeacherSource? Source, int? TradeCode, bool EngagedOnly, string? Name, int Page);
