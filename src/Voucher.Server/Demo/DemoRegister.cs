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
        foreach (var chunk in Enumerable.Range(0, people).Chunk(ChunkPeople))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            PersonStatement[] statements = [.. chunk.Select(index => DemoPeople.At(DemoPeople.RegisterSeed, index))];
            added += (await writer.WriteAsync(connection, transaction, statements, isDemo: true, list: null, new ChangeCause(), clock.GetUtcNow())).Added;
            await transaction.CommitAsync(cancel);
        }
        return added;
    }
}
