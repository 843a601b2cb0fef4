namespace Voucher.Server.Register;

/// <summary>An entry of the register that was found to be the same person as another and merged into it. It keeps its page.</summary>
/// <param name="IsSeen">Within the asker's scope: an entry of another place is counted, not named.</param>
public sealed record MergedEntry(PersonId Id, string Name, string IdNumberMasked, DateTimeOffset MergedAt, bool IsSeen);

/// <summary>What the page and the file of a person say of merging.</summary>
/// <param name="Entries">Merged into this one, the earliest first.</param>
/// <param name="Into">Where an entry that was merged goes on; <c>null</c> also when the asker does not see it.</param>
public sealed record Merging(IReadOnlyList<MergedEntry> Entries, PersonId? Into);

/// <summary>
/// One person under all their numbers. Vouchers, classes and hits stay with the entry that they were given to, for paper is bound to
/// its number; whoever asks what a person has had must ask for all entries.
/// </summary>
/// <remarks>
/// One step is enough: merges leave no chain, whoever was merged before follows into the next (<see cref="Duplicates.MergePeople"/>).
/// A statement about everybody asks in two parts, of the entry itself and of those merged into it: each can be hashed or looked up by
/// an index. By <c>coalesce(merged_into, id)</c> it could only be hashed, and a plan that does not would read all for each person.
/// </remarks>
public static class KnownAs
{
    /// <summary>The numbers of the person <c>@person</c>: theirs, and all that were merged into it.</summary>
    public const string Person = "(select e.id from person e where e.id = @person or e.merged_into = @person)";

    /// <summary>The same of a row <c>h</c> with a <c>person_id</c>.</summary>
    public const string Holder = "(select e.id from person e where e.id = h.person_id or e.merged_into = h.person_id)";

    /// <summary>The same of a row <c>p</c> of the register itself.</summary>
    public const string Row = "(select e.id from person e where e.id = p.id or e.merged_into = p.id)";
}
