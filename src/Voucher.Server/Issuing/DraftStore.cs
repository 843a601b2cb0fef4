using System.Text.Json;

namespace Voucher.Server.Issuing;

/// <summary>Who of the register may receive a voucher, and the freezing of them into a drafted batch.</summary>
public static class DraftStore
{
    private const long DraftingLock = 0x6472616674; // "draft"

    /// <summary>
    /// The chosen people, each with the first reason against them (the numbers of <see cref="Ineligibility"/>) or none.
    /// An enrolled voucher is live whatever its last day, since it no longer expires.
    /// </summary>
    private const string Judged = """
        with chosen as (
            select p.id, p.township_code, p.name, p.birth_date
            from person p
            where p.region = @region and not p.is_bait and p.withdrawn_at is null and (
                @everyone
                or (cardinality(@people) > 0 and p.id = any(@people))
                or (cardinality(@townships) + cardinality(@categories) + cardinality(@lists) > 0
                    and (cardinality(@townships) = 0 or p.township_code = any(@townships))
                    and (cardinality(@categories) = 0 or p.categories && @categories)
                    and (cardinality(@lists) = 0 or exists (
                        select from person_list_member m where m.list_id = any(@lists) and m.person_id = p.id)))
            )
        ),
        judged as materialized (
            select c.id, c.township_code, c.name, case
                when c.birth_date + make_interval(years => @youngest) > @validFrom then 1
                when c.birth_date + make_interval(years => @oldest + 1) <= @validFrom then 2
                when @oneLive and exists (
                    select from voucher v
                    where v.person_id = c.id and (v.state = 3 or (v.state in (1, 2) and v.valid_until >= @today))) then 3
                when @oneLive and exists (
                    select from batch_person m join batch b on b.id = m.batch_id
                    where m.person_id = c.id and b.status in (1, 2)) then 4
                else 0
            end as reason
            from chosen c
        )

        """;

    public static async Task<IReadOnlyDictionary<Ineligibility, int>> JudgeAsync(
        NpgsqlConnection connection, RegionCode region, PeopleSelection selection, DateOnly validFrom, DateOnly today, PolicyParameters rules)
    {
        var counts = await connection.QueryAsync<(int Reason, long Count)>(
            Judged + "select reason, count(*) from judged group by reason", Arguments(region, selection, validFrom, today, rules));
        return counts.ToDictionary(entry => (Ineligibility)entry.Reason, entry => checked((int)entry.Count));
    }

    /// <summary>Two drafts at once could otherwise both take the same person. Held to the end of the transaction.</summary>
    public static Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(@DraftingLock)", new { DraftingLock }, transaction);

    /// <summary>
    /// Writes the batch and its people in one statement, so that both see the register at one moment. In the order of
    /// delivery: township, then name. <c>null</c> when nobody is eligible.
    /// </summary>
    public static async Task<BatchId?> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, BatchPlan plan, Policy policy, Actor by, DateTimeOffset now)
    {
        var arguments = Arguments(region, plan.Selection, plan.ValidFrom, CountyTime.DayOf(now), policy.Parameters);
        arguments.AddDynamicParams(new
        {
            plan.Name, kind = (short)plan.Kind, plan.Scope, plan.FaceValue, plan.ValidUntil, plan.BudgetLine,
            policy = policy.Id, selection = JsonSerializer.Serialize(plan.Selection, JsonSerializerOptions.Web),
            account = by.Account, staff = by.Staff, now,
        });
        return await connection.QuerySingleOrDefaultAsync<BatchId?>(Judged + """
            , eligible as (
                select id, row_number() over (order by township_code nulls last, name, id) - 1 as ordinal from judged where reason = 0
            ),
            drafted as (
                insert into batch (
                    region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id,
                    selection, status, people, drafted_by, drafted_by_staff, drafted_at)
                select @region, @Name, @kind, @Scope, @FaceValue, @validFrom, @ValidUntil, @BudgetLine, @policy,
                    @selection::jsonb, 1, count(*), @account, @staff, @now
                from eligible having count(*) > 0
                returning id
            ),
            frozen as (
                insert into batch_person (batch_id, ordinal, person_id) select drafted.id, ordinal, eligible.id from drafted, eligible
            )
            select id from drafted
            """, arguments, transaction);
    }

    /// <summary>Chosen trades and programmes, townships and lists must exist, and the budget line be the county's.</summary>
    public static async Task<IReadOnlyList<FieldError>> UnknownsAsync(NpgsqlConnection connection, RegionCode region, BatchPlan plan)
    {
        var known = await connection.QuerySingleAsync<(bool Scope, bool Line, bool Townships, bool Lists, bool People)>("""
            select @Scope = 0
                    or exists (select from trade where code = @Scope)
                    or exists (select from programme where region = @region and code = @Scope),
                exists (select from budget_line where region = @region and id = @BudgetLine),
                @townships <@ array(select code from township where region = @region),
                @lists <@ array(select id from person_list where region = @region),
                cardinality(@people) = (select count(*) from person where region = @region and id = any(@people))
            """,
            new
            {
                region, plan.Scope, plan.BudgetLine, townships = plan.Selection.Townships.ToArray(),
                lists = plan.Selection.Lists.ToArray(), people = plan.Selection.People.ToArray(),
            });
        return
        [
            .. When(!known.Scope, "scope", new("没有这个工种或项目", "There is no such trade or programme")),
            .. When(!known.Line, "budgetLineId", new("没有这个预算项目", "There is no such budget line")),
            .. When(!known.Townships, "people.townships", new("有不存在的乡镇", "A township does not exist")),
            .. When(!known.Lists, "people.lists", new("有不存在的名单", "A list does not exist")),
            .. When(!known.People, "people.ids", new("有不存在或重复的人员编号", "A person does not exist or is named twice")),
        ];
    }

    private static IEnumerable<FieldError> When(bool wrong, string field, Words problem) => wrong ? [new FieldError(field, problem)] : [];

    private static DynamicParameters Arguments(
        RegionCode region, PeopleSelection selection, DateOnly validFrom, DateOnly today, PolicyParameters rules) => new(new
        {
            region, validFrom, today,
            everyone = selection.Everyone,
            people = selection.People.ToArray(),
            townships = selection.Townships.ToArray(),
            categories = selection.Categories.ToArray(),
            lists = selection.Lists.ToArray(),
            youngest = rules.YoungestAge,
            oldest = rules.OldestAge,
            oneLive = rules.OneLiveVoucher,
        });
}
