namespace Voucher.Core.Policies;

/// <summary>Where a pack stands on a day. Names are shown.</summary>
public enum PolicyStanding
{
    InForce = 1,
    Future = 2,

    /// <summary>Ended, or another one has taken its place.</summary>
    Past = 3,
}

/// <summary>Which of a county's packs is the rule on which day.</summary>
public static class PolicyCalendar
{
    /// <summary>The pack in force on the day: of several the one that came into force last, and of those of one day the one decided last.</summary>
    public static Policy? InForceOn(IEnumerable<Policy> packs, DateOnly day) =>
        packs.Where(pack => pack.IsInForceOn(day)).MaxBy(pack => (pack.EffectiveFrom, pack.Id.Value));

    /// <summary>
    /// Which a day goes by even when no pack covers it: the one in force, or else the last before the day – a county whose pack
    /// has run out must be able to get the next one, and to look at its pages – or else the first to come. <c>null</c> only when
    /// there is none at all.
    /// </summary>
    public static Policy? InForceOrLast(IReadOnlyCollection<Policy> packs, DateOnly day) =>
        InForceOn(packs, day)
        ?? packs.Where(pack => pack.EffectiveFrom <= day).MaxBy(pack => (pack.EffectiveUntil, pack.EffectiveFrom, pack.Id.Value))
        ?? packs.MinBy(pack => (pack.EffectiveFrom, pack.Id.Value));

    /// <summary>
    /// The first day on which another pack may begin: tomorrow, since what was decided today and before rests on the rule of its
    /// day. On days that no pack covers no office has given anybody money or a right, and what was stopped or recorded then keeps the
    /// rule that it cites: they may be filled.
    /// </summary>
    public static DateOnly EarliestStart(IReadOnlyCollection<Policy> packs, DateOnly today)
    {
        if (InForceOn(packs, today) is not null) return today.AddDays(1);
        return packs.Where(pack => pack.EffectiveFrom <= today).Select(pack => pack.EffectiveUntil).Max() is { } end ? end.AddDays(1) : DateOnly.MinValue;
    }

    public static PolicyStanding StandingOf(Policy pack, IReadOnlyCollection<Policy> packs, DateOnly day)
    {
        if (InForceOn(packs, day)?.Id == pack.Id) return PolicyStanding.InForce;
        return pack.EffectiveFrom > day ? PolicyStanding.Future : PolicyStanding.Past;
    }

    /// <summary>The first day from <paramref name="day"/> on that no pack covers; <c>null</c> when there is none.</summary>
    public static DateOnly? FirstWithoutRule(IReadOnlyCollection<Policy> packs, DateOnly day)
    {
        // A rule can only be missing on the first day asked about, or on the day after a pack ends.
        var days = packs.Select(pack => pack.EffectiveUntil).OfType<DateOnly>().Where(end => end >= day && end < DateOnly.MaxValue)
            .Select(end => end.AddDays(1)).Append(day).Order();
        foreach (var candidate in days)
            if (InForceOn(packs, candidate) is null) return candidate;
        return null;
    }

    public static Words Name(this PolicyStanding standing) => standing switch
    {
        PolicyStanding.InForce => new("施行中", "In force"),
        PolicyStanding.Future => new("待施行", "To come"),
        PolicyStanding.Past => new("已失效", "Past"),
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "Unknown standing."),
    };
}
