using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register;

/// <summary>How many people a chunk brought, changed, and found as they were.</summary>
public sealed record WrittenPeople(int Added, int Changed, int Unchanged);

/// <summary>
/// Writes statements about people into the register: seals what is personal, finds known people by keyed hash, leaves those
/// alone of whom nothing changes, and keeps every change of every field.
/// </summary>
public sealed class PersonWriter(PersonalData personalData, KeyFolder keys, County county)
{
    private readonly Lazy<byte[]> _bindingKey = new(keys.BindingKey);

    /// <param name="statements">One for each person: two for the same person is a fault of the caller.</param>
    /// <param name="isDemo">Marks people that are new; a known person keeps their mark.</param>
    /// <param name="list">All of them are put on this list, also the unchanged.</param>
    public async Task<WrittenPeople> WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        IReadOnlyCollection<PersonStatement> statements, bool isDemo, int? list, ChangeCause cause, DateTimeOffset now)
    {
        var stated = statements.Select(statement => (Statement: statement, Hash: personalData.LookupHash(statement.Number))).ToList();
        var hashes = stated.Select(pair => pair.Hash).ToArray();
        var known = await PersonRowStore.LockKnownAsync(connection, transaction, county.Region, hashes);
        var written = new WrittenPeople(0, 0, 0);
        var people = new Chunk();
        List<byte[]> unchanged = [];
        foreach (var (statement, hash) in stated)
        {
            var before = known.GetValueOrDefault(Convert.ToHexString(hash));
            if (before is null) written = written with { Added = written.Added + 1 };
            else if (Take(people, before, statement.Over)) { written = written with { Changed = written.Changed + 1 }; continue; }
            else { written = written with { Unchanged = written.Unchanged + 1 }; unchanged.Add(hash); continue; }
            people.Add(Seal(statement.Over(null), hash, changes: 1), [PersonChange.Created()]);
        }
        await SaveAsync(connection, transaction, people, isDemo, cause, now);
        if (cause.Import is { } import) await PersonRowStore.ConfirmAsync(connection, transaction, county.Region, unchanged, import);
        if (list is { } listId) await PersonRowStore.PutOnListAsync(connection, transaction, county.Region, hashes, listId, cause, now);
        return written;
    }

    /// <summary>Changes people who are known, bait excepted; the identity number stays as it is.</summary>
    /// <param name="amend">What becomes of each.</param>
    /// <returns>How many of them there were, and how many were changed.</returns>
    public async Task<(int Found, int Changed)> AmendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        IEnumerable<PersonId> ids, Func<PersonId, PersonRecord, PersonRecord> amend, ChangeCause cause, DateTimeOffset now)
    {
        var known = await PersonRowStore.LockAsync(connection, transaction, county.Region, ids);
        var people = new Chunk();
        foreach (var person in known) Take(people, person, record => amend(new PersonId(person.Id), record));
        await SaveAsync(connection, transaction, people, isDemo: false, cause, now);
        return (known.Count, people.Rows.Count);
    }

    /// <summary>The person as the register has them, in plain.</summary>
    public PersonRecord Open(KnownPerson known) => new(
        IdNumber.Parse(personalData.Open(known.IdNumberSealed)), known.Name, known.Education,
        known.PhoneSealed is { } phone ? personalData.Open(phone) : "", known.TownshipCode,
        known.HouseholdPlace, known.HouseholdKind, known.PledgedEmployer, known.Categories)
    {
        HouseholdNumber = known.HouseholdNumber,
        Relation = known.Relation,
        LabourAbility = (LabourAbility)known.LabourAbility,
        Village = known.VillageCode is { } village ? new PlaceCode(village) : null,
        Employment = (EmploymentState)known.Employment,
        WishTrades = TradeList.Split(known.WishText),
    };

    /// <summary>What is to be written of some people at once.</summary>
    private sealed class Chunk
    {
        public List<PersonRow> Rows { get; } = [];
        public List<IReadOnlyList<PersonChange>> Changes { get; } = [];

        /// <summary>Those whose category or household is new.</summary>
        public HashSet<PersonRecord> Saying() => Rows.Zip(Changes)
            .Where(pair => pair.Second.Any(change => change.Field is PersonField.Created or PersonField.Categories or PersonField.HouseholdNumber))
            .Select(pair => pair.First.Record).ToHashSet<PersonRecord>(ReferenceEqualityComparer.Instance);

        public void Add(PersonRow row, IReadOnlyList<PersonChange> changes)
        {
            Rows.Add(row);
            Changes.Add(changes);
        }
    }

    /// <summary>Takes a known person up if anything of them changes.</summary>
    private bool Take(Chunk people, KnownPerson known, Func<PersonRecord, PersonRecord> amend)
    {
        var before = Open(known);
        var after = amend(before);
        var content = personalData.ContentHash(after.ContentText());
        if (content.AsSpan().SequenceEqual(known.ContentHash)) return false;
        var changes = PersonFieldText.Differences(before, after)
            .Select((field, index) => ChangeOf(known.Changes + index + 1, field, before, after, known.PhoneSealed)).ToList();
        if (changes.Count == 0) return false;
        people.Add(Seal(after, known.IdNumberHash, known.Changes + changes.Count), changes);
        return true;
    }

    private static PersonChange ChangeOf(int number, PersonField field, PersonRecord before, PersonRecord after, byte[]? phoneSealed) =>
        field is PersonField.Phone
            ? new(number, field, PhoneNumber.Masked(before.Phone), PhoneNumber.Masked(after.Phone), phoneSealed)
            : new(number, field, PersonFieldText.Of(before, field), PersonFieldText.Of(after, field));

    private async Task SaveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Chunk people, bool isDemo, ChangeCause cause, DateTimeOffset now)
    {
        await HouseholdRowStore.KeepAsync(connection, transaction, county.Region, people.Rows.Select(row => row.Record), people.Saying(), now);
        var ids = await PersonRowStore.UpsertAsync(connection, transaction, county.Region, people.Rows, isDemo, cause.Import, now);
        var changes = people.Rows.Zip(people.Changes)
            .SelectMany(pair => pair.Second.Select(change => (ids[Convert.ToHexString(pair.First.IdNumberHash)], change))).ToList();
        await PersonChangeStore.AppendAsync(connection, transaction, county.Region, changes, cause, now);
    }

    private PersonRow Seal(PersonRecord record, byte[] hash, int changes) => new(
        hash, personalData.Seal(record.Number.Reveal()), record.Number.Masked(), HolderCheck.Of(record.Number, _bindingKey.Value),
        record.Number.IsMale, record.Number.BirthDate,
        record.Phone.Length == 0 ? null : personalData.Seal(record.Phone), PhoneNumber.Masked(record.Phone),
        record, personalData.ContentHash(record.ContentText()), changes);
}
