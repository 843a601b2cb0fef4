using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Register;

/// <summary>How many people a chunk brought, changed, and found as they were.</summary>
public sealed record WrittenPeople(int Added, int Changed, int Unchanged);

/// <summary>
/// Writes statements about people into the register: seals what is personal, finds known people by keyed hash, and leaves
/// those alone of whom nothing changes.
/// </summary>
public sealed class PersonWriter(PersonalData personalData, KeyFolder keys, County county)
{
    private readonly Lazy<byte[]> _bindingKey = new(keys.BindingKey);

    /// <param name="statements">One for each person: two for the same person is a fault of the caller.</param>
    /// <param name="isDemo">Marks people that are new; a known person keeps their mark.</param>
    /// <param name="list">All of them are put on this list, also the unchanged.</param>
    public async Task<WrittenPeople> WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        IReadOnlyCollection<PersonStatement> statements, bool isDemo, int? list, DateTimeOffset now)
    {
        var stated = statements.Select(statement => (Statement: statement, Hash: personalData.LookupHash(statement.Number))).ToList();
        var hashes = stated.Select(pair => pair.Hash).ToArray();
        var known = await PersonRowStore.LockKnownAsync(connection, transaction, county.Region, hashes);
        var written = new WrittenPeople(0, 0, 0);
        var rows = new List<PersonRow>();
        foreach (var (statement, hash) in stated)
        {
            var before = known.GetValueOrDefault(Convert.ToHexString(hash));
            var record = statement.Over(before is null ? null : Open(statement.Number, before));
            var content = personalData.ContentHash(record.ContentText());
            if (before is null) written = written with { Added = written.Added + 1 };
            else if (content.AsSpan().SequenceEqual(before.ContentHash)) { written = written with { Unchanged = written.Unchanged + 1 }; continue; }
            else written = written with { Changed = written.Changed + 1 };
            rows.Add(Seal(record, hash, content));
        }
        await PersonRowStore.UpsertAsync(connection, transaction, county.Region, rows, isDemo, now);
        if (list is { } listId) await PersonRowStore.PutOnListAsync(connection, transaction, county.Region, hashes, listId);
        return written;
    }

    private PersonRecord Open(IdNumber number, KnownPerson known) => new(
        number, known.Name, known.Education, known.PhoneSealed is { } phone ? personalData.Open(phone) : "", known.TownshipCode,
        known.HouseholdPlace, known.HouseholdKind, known.PledgedEmployer, known.Categories);

    private PersonRow Seal(PersonRecord record, byte[] hash, byte[] content) => new(
        hash, personalData.Seal(record.Number.Reveal()), record.Number.Masked(), HolderCheck.Of(record.Number, _bindingKey.Value),
        record.Name, record.Number.IsMale, record.Number.BirthDate, record.Education,
        record.Phone.Length == 0 ? null : personalData.Seal(record.Phone), PhoneNumber.Masked(record.Phone),
        record.Township, record.HouseholdPlace, record.HouseholdKind, record.PledgedEmployer, record.Categories, content);
}
