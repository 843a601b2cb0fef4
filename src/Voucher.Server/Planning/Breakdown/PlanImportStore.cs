using Voucher.Core.Planning;

namespace Voucher.Server.Planning.Breakdown;

/// <summary>A 任务分解表 that waits to be taken over.</summary>
public sealed record PlanImport(long Id, PlanId PlanId, TargetId TargetId, string FileName, byte[] Content, AccountId CreatedBy, DateTimeOffset CreatedAt);

/// <summary>Keeps handed-in sheets between preview and decision.</summary>
public sealed class PlanImportStore(NpgsqlDataSource database, County county)
{
    /// <summary>Nobody comes back to a preview after this.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public async Task<long> AddAsync(PlanId plan, TargetId target, string fileName, byte[] content, Actor by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>("""
            with gone as (delete from plan_import where region = @Region and created_at < @before)
            insert into plan_import (region, plan_id, target_id, file_name, content, created_by, created_at)
            values (@Region, @plan, @target, @fileName, @content, @Account, @now) returning id
            """, new { county.Region, plan, target, fileName, content, by.Account, now, before = now - Kept });
    }

    public async Task<PlanImport?> FindAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PlanImport>("""
            select id, plan_id, target_id, file_name, content, created_by, created_at from plan_import where id = @id and region = @Region
            """, new { id, county.Region });
    }

    public static Task RemoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long id) =>
        connection.ExecuteAsync("delete from plan_import where id = @id", new { id }, transaction);
}
