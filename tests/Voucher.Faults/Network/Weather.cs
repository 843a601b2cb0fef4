namespace Voucher.Faults.Network;

/// <summary>What a line does to what goes over it.</summary>
public enum Weather
{
    Fair = 0,

    /// <summary>Everything comes late.</summary>
    Slow = 1,

    /// <summary>Some requests are cut off before they arrive.</summary>
    CutBefore = 2,

    /// <summary>Some requests arrive, and the line is cut before the answer comes back.</summary>
    CutAfter = 3,

    /// <summary>The line stands, and nothing comes through either way.</summary>
    HalfOpen = 4,

    /// <summary>A few bytes at a time.</summary>
    Dribble = 5,
}
