using Voucher.Server.Register.Changes;
using Voucher.Server.Register;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Demo;

/// <summary>Fills the register with made-up people, marked as such.</summary>
public sealed class DemoRegister(NpgsqlDataSource database, IServiceProvider services, TimeProvider clock)
{
    private const int ChunkPeople = 2000;

    /// <summary>
    /// Sees to it that the first so many of the generated people are there; those who are, stay as they are.
    /// </summary>
    /// <returns>How many were added.</returns>
    public async Task<int> FillAsync(int people, CancellationToken cancel = default)
    {
        // Resolved late: the county may have been made a moment ago.
        var writer = services.GetRequiredService<PersonWriter>();
        await using var connection = await database.OpenConnectionAsync(cancel);
        var added = 0;
        HashSet<string> headed = new(StringComparer.Ordinal);
        foreach (var chunk in Enumerable.Range(0, people).Chunk(ChunkPeople))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            PersonStatement[] statements = [.. chunk.Select(index => InHousehold(DemoPeople.At(DemoPeople.RegisterSeed, index), headed))];
            added += (await writer.WriteAsync(connection, transaction, statements, isDemo: true, list: null, new ChangeCause(), clock.GetUtcNow())).Added;
            await transaction.CommitAsync(cancel);
        }
        if (people > 0) await DemoLists.FillAsync(connection, CountyTime.DayOf(clock.GetUtcNow()).Year, clock.GetUtcNow());
        return added;
    }

    /// <summary>The first of a household heads it; the others are kin.</summary>
    private static PersonStatement InHousehold(PersonStatement person, HashSet<string> headed)
    {
        if (headed.Add(person.HouseholdNumber!)) return person with { Relation = PersonRecord.Head };
        return person with { Relation = person.Number.BirthDate.Year >= 1990 ? "子女" : person.Number.IsMale ? "兄弟" : "配偶" };
    }
}
