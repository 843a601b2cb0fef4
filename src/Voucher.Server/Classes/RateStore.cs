using Voucher.Server.Policies;

namespace Voucher.Server.Classes;

/// <summary>What a class was promised for each trainee, and under which pack.</summary>
public sealed class RateStore(NpgsqlDataSource database, PolicyStore policies)
{
    private sealed record Row(ClassId Id, PolicyId RatePolicyId, Fen StandardFen, int UpliftPercent);

    /// <summary>Of those classes that are approved; a class that was before packs set standards has none.</summary>
    public async Task<IReadOnlyDictionary<ClassId, FrozenRate>> FindAsync(IEnumerable<ClassId> classes)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>("""
            select id, rate_policy_id, standard_fen, uplift_percent from training_class where id = any(@ids) and rate_policy_id is not null
            """, new { ids = classes.Select(id => id.Value).ToArray() });
        Dictionary<ClassId, FrozenRate> found = [];
        foreach (var row in rows) found[row.Id] = new(await policies.GetAsync(row.RatePolicyId), row.StandardFen, row.UpliftPercent);
        return found;
    }

    /// <summary>Keeps the programme as it is until the transaction ends, so that what is read of it is what is frozen.</summary>
    public static Task HoldProgrammeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ProgrammeId programme) =>
        connection.ExecuteAsync("select from programme where id = @programme for share", new { programme }, transaction);
}
