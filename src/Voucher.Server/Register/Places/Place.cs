namespace Voucher.Server.Register.Places;

/// <summary>A township or a village of the county, in force or ended.</summary>
/// <param name="EffectiveUntil">Last day of its code; none while it is in force.</param>
/// <param name="People">Who lives there by the register.</param>
/// <param name="Villages">Of a township, those in force.</param>
public sealed record Place(
    PlaceCode Code, string Name, DateOnly EffectiveFrom, DateOnly? EffectiveUntil, PlaceCode? Successor, int People, int Villages)
{
    public const int LongestName = 30;

    public bool IsInForce => EffectiveUntil is null;
}

/// <summary>One village, to choose from.</summary>
public sealed record Village(long Code, string Name);
