using Dapper;
using Npgsql;
using Voucher.Server.Policies;

namespace Voucher.Server.Tests.Policies;

/// <summary>Days that no pack covers: the county's only one ends, and its follower begins later.</summary>
internal static class PolicyGap
{
    /// <param name="first">The first day without a rule.</param>
    /// <param name="last">The last; the follower begins on the day after.</param>
    public static Task OpenAsync(ServerUnderTest server, DateOnly first, DateOnly last) =>
        OpenAsync(server.Get<PolicyStore>(), server.Database, first, last);

    /// <inheritdoc cref="OpenAsync(ServerUnderTest, DateOnly, DateOnly)"/>
    public static async Task OpenAsync(PolicyStore policies, NpgsqlDataSource database, DateOnly first, DateOnly last)
    {
        var pack = Assert.Single(await policies.ListAsync());
        await using (var connection = await database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("""
                set session_replication_role = replica;
                update policy_pack set effective_until = @until where id = @Id;
                reset session_replication_role;
                """, new { pack.Id, until = first.AddDays(-1) });
        }
        await policies.AddAsync(pack with { Version = pack.Version + 1, EffectiveFrom = last.AddDays(1), EffectiveUntil = null });
        Assert.Null(await policies.InForceOnAsync(first));
        Assert.Null(await policies.InForceOnAsync(last));
        Assert.NotNull(await policies.InForceOnAsync(last.AddDays(1)));
    }
}
