using Voucher.Core.Tokens;

namespace Voucher.Server.Issuing.Keys;

/// <summary>Versions of the signed key list; the newest is in force.</summary>
public sealed class KeyListStore(NpgsqlDataSource database)
{
    public async Task<SignedKeyList?> NewestAsync(RegionCode region)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<SignedKeyList>("""
            select content, signature from issuing_key_list where region = @region order by version desc limit 1
            """, new { region });
    }

    /// <summary>The primary key refuses a version that exists, so two operators cannot publish the same one.</summary>
    public async Task PublishAsync(RegionCode region, int version, SignedKeyList list, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("""
            insert into issuing_key_list (region, version, content, signature, published_at)
            values (@region, @version, @Content, @Signature, @now)
            """, new { region, version, list.Content, list.Signature, now }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, null, "keys.publish", $"key-list:{version}", "", Ground.Server);
        await transaction.CommitAsync();
    }
}
