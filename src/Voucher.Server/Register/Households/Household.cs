namespace Voucher.Server.Register.Households;

/// <summary>One household (户) as lists show it.</summary>
/// <param name="Head">Name of its head; none when the register knows no head.</param>
/// <param name="IsRegistered">建档立卡.</param>
/// <param name="IsCovered">一户一人一技: at least one of its members has completed a training with a voucher.</param>
public sealed record HouseholdLine(
    long Id, string Number, string? Head, string? Township, string? Village, int Members, bool IsRegistered, bool IsCovered, int OpenMeasures)
{
    public const int LongestPlan = 500;
}

/// <summary>One household with what is planned for it (一户一策).</summary>
public sealed record Household(
    long Id, string Number, string? Township, string? Village, bool IsRegistered, string Plan, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

/// <summary>One member of a household.</summary>
/// <param name="Completed">Trainings completed with a voucher.</param>
public sealed record HouseholdMember(
    PersonId Id, string Name, string Relation, bool IsMale, DateOnly BirthDate, LabourAbility LabourAbility, EmploymentState Employment, int Completed);

/// <summary>One measure of a household's plan: what, by whom, until when.</summary>
public sealed record HouseholdMeasure(
    long Id, string Text, string Responsible, DateOnly DueOn, DateOnly? DoneOn, string AddedBy, string? DoneBy)
{
    public const int LongestText = 200;
    public const int LongestResponsible = 50;
    public const int MostOfHousehold = 50;
}

/// <summary>Which households are wanted.</summary>
/// <param name="Covered">Those with somebody trained, or those without; <c>null</c>: both.</param>
public sealed record HouseholdFilter(int? TownshipCode = null, long? VillageCode = null, bool? Covered = null, string? Number = null, bool OnlyRegistered = false);

/// <summary>How many of the registered households of a place have somebody trained.</summary>
/// <param name="Code">Nine or twelve digits; none where the register does not know the place.</param>
public sealed record PlaceCoverage(long? Code, string? Name, int Households, int Covered)
{
    public int Percent => Households == 0 ? 0 : (int)(100L * Covered / Households);
}
