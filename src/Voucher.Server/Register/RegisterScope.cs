namespace Voucher.Server.Register;

/// <summary>
/// Whose people an actor sees: the county all, a township or a village those of the place, an institution those who are or
/// were in its classes. Every query of the register carries it, so that no page can forget it.
/// </summary>
/// <param name="ScopeTownship">Only people of this township.</param>
/// <param name="ScopeVillage">Only people of this village.</param>
/// <param name="ScopeInstitution">Only its own trainees.</param>
public sealed record RegisterScope(int? ScopeTownship, long? ScopeVillage, InstitutionId? ScopeInstitution)
{
    /// <summary>
    /// Who of <c>person p</c> is seen; needs the scope's three values and <c>@Region</c> as parameters. A trainee stays one when their
    /// entry is merged into another.
    /// </summary>
    public const string OfPeople = """
        p.region = @Region and not p.is_bait
          and (@ScopeTownship::int is null or p.township_code = @ScopeTownship)
          and (@ScopeVillage::bigint is null or p.village_code = @ScopeVillage)
          and (@ScopeInstitution::int is null
               or exists (
                   select from enrolment own join training_class own_class on own_class.id = own.class_id
                   where own.person_id = p.id and own_class.institution_id = @ScopeInstitution)
               or exists (
                   select from person was join enrolment own on own.person_id = was.id join training_class own_class on own_class.id = own.class_id
                   where was.merged_into = p.id and own_class.institution_id = @ScopeInstitution))
        """;

    /// <summary>Which of <c>household h</c> are seen: none by an institution.</summary>
    public const string OfHouseholds = """
        h.region = @Region and @ScopeInstitution::int is null
          and (@ScopeTownship::int is null or h.township_code = @ScopeTownship)
          and (@ScopeVillage::bigint is null or h.village_code = @ScopeVillage)
        """;

    public static readonly RegisterScope County = new(null, null, null);

    /// <exception cref="InvalidOperationException">Someone of a township or village whose log-in names none: nobody is shown.</exception>
    public static RegisterScope Of(Actor actor) => actor switch
    {
        { Place: { IsVillage: true } village } => new(null, village.Value, null),
        { Place: { } township } => new(township.Township, null, null),
        { Institution: { } institution } => new(null, null, institution),
        _ when actor.Roles.Any(role => role.IsOfPlace() || role.IsOfInstitution()) => throw new InvalidOperationException("A log-in of a place or an institution names neither."),
        _ => County,
    };

    public bool IsCounty => this == County;
}
