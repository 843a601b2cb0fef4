namespace Voucher.Core.Journals;

/// <summary>A terminal's clocks at one moment.</summary>
/// <param name="BootId">Within one boot monotonic times can be compared.</param>
/// <param name="MonotonicMs">Since the machine started: does not jump when the clock is set.</param>
/// <param name="WallMs">What the machine's clock showed, Unix milliseconds.</param>
public sealed record DeviceClock(Guid BootId, long MonotonicMs, long WallMs)
{
    private static readonly DateTimeOffset LatestShown = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Wall => WallOf(WallMs);

    /// <summary>What a machine's clock showed; one whose battery is empty may say any time, so nothing after the first day of 9999.</summary>
    public static DateTimeOffset WallOf(long wallMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(wallMs, 0, LatestShown.ToUnixTimeMilliseconds()));
}

/// <summary>A moment at which a terminal has heard the server's time: what both clocks said.</summary>
public sealed record Anchor(DateTimeOffset ServerTime, DeviceClock Clock);

/// <summary>When an entry was written, as far as it can be known.</summary>
/// <param name="Bounds">Proven: after the server's last word before it, before the server's first receipt after it.</param>
/// <param name="At">The best estimate; always within the bounds.</param>
/// <param name="IsClockDoubted">The device's clocks say a time that cannot be: it was set while the device was offline.</param>
public sealed record EntryTime(TimeBounds Bounds, DateTimeOffset At, bool IsClockDoubted)
{
    /// <summary>How far a clock may be beside the proven bounds before it is doubted.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Within one boot of an anchor the time elapsed tells, whatever the clock was set to; over a reboot the machine's clock is
    /// taken, less its error at the anchor before.
    /// </summary>
    /// <param name="before">The anchor before the entry; <c>null</c> when the terminal had never heard the server.</param>
    /// <param name="checkpointMs">The server's clock in its latest answer before the entry, as the entry says; 0 when there was none.</param>
    /// <param name="after">The first receipt that covers the entry.</param>
    public static EntryTime Of(Anchor? before, DeviceClock entry, long checkpointMs, Anchor after)
    {
        var to = after.ServerTime;
        var from = before?.ServerTime ?? DateTimeOffset.UnixEpoch;
        // What the device says of an answer narrows the bounds; it never widens them.
        if (checkpointMs > from.ToUnixTimeMilliseconds() && checkpointMs <= to.ToUnixTimeMilliseconds()) from = DateTimeOffset.FromUnixTimeMilliseconds(checkpointMs);
        if (from > to) from = to;
        var estimated = Estimate(before, entry, after);
        var isWithin = estimated >= Earlier(from) && estimated - Tolerance <= to;
        // Clock set and time elapsed must agree: one of them was touched.
        var isSteady = (Wall(before, entry, after) - estimated).Duration() <= Tolerance;
        return new EntryTime(new TimeBounds(from, to), Clamp(estimated, from, to), !isWithin || !isSteady);
    }

    /// <summary>The same, when it is known from elsewhere that nothing was before a moment.</summary>
    public EntryTime NotBefore(DateTimeOffset moment)
    {
        var from = moment <= Bounds.From ? Bounds.From : moment < Bounds.To ? moment : Bounds.To;
        return this with { Bounds = Bounds with { From = from }, At = Clamp(At, from, Bounds.To) };
    }

    private static DateTimeOffset Estimate(Anchor? before, DeviceClock entry, Anchor after)
    {
        if (before?.Clock.BootId == entry.BootId) return Shift(before.ServerTime, (Int128)entry.MonotonicMs - before.Clock.MonotonicMs);
        return after.Clock.BootId == entry.BootId ? Shift(after.ServerTime, (Int128)entry.MonotonicMs - after.Clock.MonotonicMs) : Wall(before, entry, after);
    }

    /// <summary>The machine's clock, less its error when the server was last heard.</summary>
    private static DateTimeOffset Wall(Anchor? before, DeviceClock entry, Anchor after)
    {
        var anchor = before ?? after;
        return Shift(anchor.ServerTime, (Int128)entry.WallMs - anchor.Clock.WallMs);
    }

    private static DateTimeOffset Shift(DateTimeOffset moment, Int128 milliseconds)
    {
        var ms = moment.ToUnixTimeMilliseconds() + milliseconds;
        return DateTimeOffset.FromUnixTimeMilliseconds((long)Int128.Clamp(
            ms, DateTimeOffset.UnixEpoch.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - (long)Tolerance.TotalMilliseconds));
    }

    private static DateTimeOffset Earlier(DateTimeOffset from) => from > DateTimeOffset.UnixEpoch + Tolerance ? from - Tolerance : DateTimeOffset.UnixEpoch;

    private static DateTimeOffset Clamp(DateTimeOffset moment, DateTimeOffset from, DateTimeOffset to) => moment < from ? from : moment > to ? to : moment;
}

/// <summary>Between when and when something happened.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct TimeBounds(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Surely earlier: this had happened before the other could.</summary>
    public bool IsBefore(TimeBounds other) => To < other.From;

    public static TimeBounds At(DateTimeOffset moment) => new(moment, moment);
}
