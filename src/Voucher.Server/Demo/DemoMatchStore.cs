using Voucher.Core.Matching;

namespace Voucher.Server.Demo;

/// <summary>
/// A matching with a made-up list of employed and insured people, so that the page shows what one looks like. This list stops
/// neither issuing nor payment.
/// </summary>
public sealed class DemoMatchStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Once a county; nothing where nobody is in the register.</summary>
    public async Task LoadAsync(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync("""
            with listed as (
                select id, row_number() over (order by id) as place from person
                where region = @Region and is_demo and withdrawn_at is null and not is_bait order by id limit 3),
            run as (
                insert into match_run (region, source, file_name, as_of, rows, status, done_rows, found, differing, not_found, created_by, created_at, finished_at)
                select @Region, @source, '参保人员（虚构演示数据）.xlsx', @day, 12, 3, 12, 3, 1, 9, a.id, @now, @now
                from account a
                where a.login = 'clerk' and (select count(*) from listed) = 3 and not exists (select from match_run where region = @Region)
                returning id)
            insert into match_hit (run_id, region, person_id, source, difference, row_number)
            select run.id, @Region, listed.id, @source, case listed.place when 1 then '乡镇：外县' else '' end, listed.place + 1 from run, listed
            """, new { DemoCounty.Region, source = (short)MatchSource.EmployedInsured, day = CountyTime.DayOf(now), now });
    }
}
