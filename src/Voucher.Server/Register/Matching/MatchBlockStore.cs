using Voucher.Core.Matching;

namespace Voucher.Server.Register.Matching;

/// <summary>Hits that stop a payment: those that stand, in lists that the rules name.</summary>
public static class MatchBlockStore
{
    /// <summary>
    /// Whether a hit <c>h</c> stands: nobody has dismissed it, and no later list of its source speaks in its place
    /// (<see cref="MatchSuccessionStore"/>). Whoever asks for standing hits asks with this; the partial indexes have the same words.
    /// </summary>
    public const string Stands = "(h.dismissed_at is null and h.ended_at is null)";

    /// <summary>
    /// Whether a hit <c>h</c> is the holder's of a voucher <c>v</c>. A holder who was merged is found in a list under the one whom they were merged into.
    /// </summary>
    private const string OfHolder = "h.person_id in (v.person_id, (select p.merged_into from person p where p.id = v.person_id))";

    /// <summary>
    /// For a voucher <c>v</c>: the lists in which its holder stands, each with its day, such as <c>4:2026-03-31</c>; newest of each list.
    /// </summary>
    public const string StandingOfHolder = $"""
        (select string_agg(m.source || ':' || m.as_of, ',' order by m.source) from (
            select h.source, max(r.as_of) as as_of from match_hit h join match_run r on r.id = h.run_id
            where {OfHolder} and {Stands} group by h.source) m)
        """;

    /// <summary>For a voucher <c>v</c>: whether its holder stands in one of the lists <c>@matchSources</c>.</summary>
    public const string HolderStands =
        $"exists (select from match_hit h where {OfHolder} and {Stands} and h.source = any(@matchSources))";
}
