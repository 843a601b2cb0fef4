namespace Voucher.Server.Portal;

/// <summary>Counts what waits of taking back and of the ladder of consequences.</summary>
public sealed class RecoveryWork(NpgsqlDataSource database, County county, TimeProvider clock)
{
    public sealed record Counts(long Recoveries, long Consequences, long Overdue);

    public async Task<Counts> CountAsync(Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<Counts>("""
            select
                (select count(*) from recovery where region = @Region
                    and (state = 1 and proposed_by_staff <> @Staff or state in (2, 3) and reversal_by_staff <> @Staff)) as recoveries,
                (select count(*) from consequence where region = @Region and pending <> 0 and pending_by_staff <> @Staff) as consequences,
                (select count(*) from consequence where region = @Region and state in (2, 3) and due_on < @today
                    and (@Institution::int is null or institution_id = @Institution)) as overdue
            """, new { county.Region, actor.Staff, actor.Institution, today = CountyTime.DayOf(clock.GetUtcNow()) });
    }
}
