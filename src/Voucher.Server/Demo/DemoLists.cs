namespace Voucher.Server.Demo;

/// <summary>Puts the demo people on the five standing lists and the year's task list, and plans for some households.</summary>
public static class DemoLists
{
    public static async Task FillAsync(NpgsqlConnection connection, int year, DateTimeOffset now)
    {
        await connection.ExecuteAsync("""
            insert into person_list (region, name, kind, definition, year)
            values (@Region, @name, 3, '有培训意愿的建档立卡劳动力', @year) on conflict do nothing
            """, new { DemoCounty.Region, name = $"{year}年度任务清单", year });
        await connection.ExecuteAsync("""
            insert into person_list_member (list_id, person_id, added_at)
            select l.id, p.id, @now from person p join person_list l on l.region = p.region and (
                l.kind = 2 and (
                    l.position = 1 and p.categories @> array['建档立卡'] and p.labour_ability in (1, 2, 3)
                    or l.position = 2 and p.wish_trades <> '{}'
                    or l.position = 3 and p.employment = 2
                    or l.position = 4 and p.employment = 4
                    or l.position = 5 and p.employment = 5)
                or l.kind = 3 and l.year = @year and p.categories @> array['建档立卡'] and p.wish_trades <> '{}')
            where p.region = @Region and p.is_demo
            on conflict do nothing
            """, new { DemoCounty.Region, year, now });
        await PlanAsync(connection, year, now);
    }

    /// <summary>A plan for each of the first dozen registered households, once.</summary>
    private static Task PlanAsync(NpgsqlConnection connection, int year, DateTimeOffset now) => connection.ExecuteAsync("""
        with planned as (
            update household set plan = '一人学一门手艺，一人稳定就业（演示）', changed_at = @now
            where id in (select id from household where region = @Region and is_registered order by number limit 12) and plan = ''
            returning id)
        insert into household_measure (household_id, text, responsible, due_on, added_by, added_at)
        select planned.id, measure.text, measure.responsible, measure.due_on, clerk.id, @now
        from planned, (select id from account where login = 'clerk') clerk,
            (values ('动员一名家庭成员参加技能培训', '示例驻村干部', make_date(@year, 6, 30)), ('推荐到扶贫车间就业', '示例村委会', make_date(@year, 12, 31)))
            as measure (text, responsible, due_on)
        """, new { DemoCounty.Region, year, now });
}
