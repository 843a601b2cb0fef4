using Dapper;

namespace Voucher.Server.Tests.Database;

/// <summary>Which hits of lists from before the rule of the newest word go on standing when the schema learns the rule.</summary>
public sealed class MonthlyListMigrationTests
{
    private const string SameName = "", OtherName = "姓名：马别名";

    [Fact]
    public async Task A_standing_hit_ends_only_by_a_newer_one_that_stands_or_was_dismissed_with_the_same_content()
    {
        await using var schema = await SchemaAsOf.BeforeAsync("0032_monthly_lists.sql");
        await SeedAsync(schema);
        var blockedOnPurpose = await PersonAsync(schema, (1, SameName, false), (2, OtherName, true));
        var answered = await PersonAsync(schema, (1, SameName, false), (2, SameName, true));
        var inBoth = await PersonAsync(schema, (1, SameName, false), (2, OtherName, false));
        var reopened = await PersonAsync(schema, (1, SameName, true), (2, OtherName, false));
        var once = await PersonAsync(schema, (1, OtherName, false));
        await schema.RunAsync("0032_monthly_lists.sql");

        Assert.Equal([1], await StandingAsync(schema, blockedOnPurpose));
        Assert.Empty(await StandingAsync(schema, answered));
        Assert.Equal([2], await StandingAsync(schema, inBoth));
        Assert.Equal([2], await StandingAsync(schema, reopened));
        Assert.Equal([1], await StandingAsync(schema, once));
        Assert.Equal([2L, 2L], await schema.Connection.QueryAsync<long>("select ended_by_run from match_hit where ended_at is not null"));
    }

    /// <summary>A list of the last day of January, number 1, and of February, number 2, of one source.</summary>
    private static Task SeedAsync(SchemaAsOf schema) => schema.Connection.ExecuteAsync("""
        insert into county (region, name) values (622926, '东乡县');
        insert into staff (name) values ('经办');
        insert into account (staff_id, login, password_hash, created_at) values (1, 'clerk', 'x', now());
        insert into match_run (region, source, file_name, as_of, created_by, created_at, finished_at)
        values (622926, 2, '一月.csv', '2026-01-31', 1, now(), now()), (622926, 2, '二月.csv', '2026-02-28', 1, now(), now())
        """);

    /// <param name="hits">The number of the list, what it says otherwise, and whether the hit was dismissed.</param>
    private static async Task<long> PersonAsync(SchemaAsOf schema, params (int List, string Difference, bool IsDismissed)[] hits)
    {
        var person = await schema.Connection.QuerySingleAsync<long>("""
            insert into person (region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, content_hash, created_at, changed_at)
            values (622926, sha256(gen_random_uuid()::text::bytea), '', '', 0, '马小梅', false, '1990-01-01', '', now(), now()) returning id
            """);
        foreach (var (list, difference, isDismissed) in hits)
        {
            await schema.Connection.ExecuteAsync("""
                insert into match_hit (run_id, region, person_id, source, difference, dismissed_at, dismissed_by, dismissed_reason)
                select @list, 622926, @person, 2, @difference,
                       case when @isDismissed then now() end, case when @isDismissed then 1 end, case when @isDismissed then '同名误报' end
                """, new { list, person, difference, isDismissed });
        }
        return person;
    }

    private static Task<IEnumerable<long>> StandingAsync(SchemaAsOf schema, long person) => schema.Connection.QueryAsync<long>(
        "select run_id from match_hit where person_id = @person and dismissed_at is null and ended_at is null order by run_id", new { person });
}
