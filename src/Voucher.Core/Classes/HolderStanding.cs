namespace Voucher.Core.Classes;

/// <summary>How the person at the desk stands to the voucher.</summary>
/// <param name="OtherClass">Name of another class, overlapping in time, in which the holder is enrolled; else <c>null</c>.</param>
public sealed record HolderStanding(HolderMatch Match, string? OtherClass = null);

public enum HolderMatch
{
    /// <summary>No identity document was read.</summary>
    NotShown = 0,
    Matches = 1,
    Differs = 2,
}
