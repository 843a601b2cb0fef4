using System.Text.Json;
using Voucher.Server.Issuing.Judging;

namespace Voucher.Server.Issuing;

/// <summary>Freezes those of the chosen who may receive a voucher into a drafted batch.</summary>
public static class DraftStore
{
    private const long DraftingLock = 0x6472616674; // "draft"

    /// <summary>Two drafts at once could otherwise both take the same person. Held to the end of the transaction.</summary>
    public static Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(@DraftingLock)", new { DraftingLock }, transaction);

    /// <summary>
    /// Writes the batch and its people in one statement, so that both see the register at one moment. In the order of
    /// delivery. <c>null</c> when nobody is eligible.
    /// </summary>
    public static async Task<BatchId?> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, BatchPlan plan, Policy policy, Actor by, DateTimeOffset now)
    {
        var arguments = JudgementQuestion.Of(region, plan, policy, CountyTime.DayOf(now)).Arguments();
        arguments.AddDynamicParams(new
        {
            plan.Name, kind = (short)plan.Kind, plan.FaceValue, plan.ValidUntil, plan.BudgetLine,
            policy = policy.Id, selection = JsonSerializer.Serialize(plan.Selection, JsonSerializerOptions.Web),
            account = by.Account, staff = by.Staff, now,
        });
        return await connection.QuerySingleOrDefaultAsync<BatchId?>(JudgementSql.Judged + $$"""
            , eligible as (
                select id, row_number() over (order by {{JudgementSql.DeliveryOrder}}) - 1 as ordinal from judged where reasons = '{}'
            ),
            drafted as (
                insert into batch (
                    region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id,
                    selection, status, people, drafted_by, drafted_by_staff, drafted_at)
                select @region, @Name, @kind, @scope, @FaceValue, @validFrom, @ValidUntil, @BudgetLine, @policy,
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

    /// <summary>Whom a batch was drafted for; <c>null</c> when the county has no such batch. What was no way of choosing then is not chosen.</summary>
    public static async Task<PeopleSelection?> SelectionAsync(NpgsqlConnection connection, RegionCode region, BatchId id) =>
        await connection.QuerySingleOrDefaultAsync<string?>(
            "select (@nobody::jsonb || selection)::text from batch where id = @id and region = @region and not is_bait",
            new { id, region, nobody = JsonSerializer.Serialize(PeopleSelection.Nobody, JsonSerializerOptions.Web) }) is { } selection
            ? JsonSerializer.Deserialize<PeopleSelection>(selection, JsonSerializerOptions.Web)
            : null;

    /// <summary>
    /// Chosen trades and programmes, townships and lists must exist, and the budget line be the county's. A place that has ended
    /// has no people left: it would select nobody, unseen beside another. A voucher for a closed programme would find no new class.
    /// </summary>
    public static async Task<IReadOnlyList<FieldError>> UnknownsAsync(NpgsqlConnection connection, RegionCode region, BatchPlan plan)
    {
        var known = await connection.QuerySingleAsync<(bool Scope, string? Closed, bool Line, bool Townships, bool Villages, bool Lists, bool Wishes, bool People, bool OfBatch)>("""
            select @Scope = 0
                    or exists (select from trade where code = @Scope)
                    or exists (select from programme where region = @region and code = @Scope),
                (select name from programme where region = @region and code = @Scope and not is_open),
                exists (select from budget_line where region = @region and id = @BudgetLine),
                @townships <@ array(select code from township where region = @region and effective_until is null),
                @villages <@ array(select code from village where region = @region and effective_until is null),
                @lists <@ array(select id from person_list where region = @region),
                @wishes <@ array(select code from trade),
                cardinality(@people) = (select count(*) from person where region = @region and id = any(@people)),
                @OfBatch::bigint is null or exists (select from batch where region = @region and id = @OfBatch and not is_bait)
            """,
            new
            {
                region, plan.Scope, plan.BudgetLine, townships = plan.Selection.Townships.ToArray(),
                villages = plan.Selection.Villages.ToArray(),
                lists = plan.Selection.Lists.ToArray(), wishes = plan.Selection.Wishes.ToArray(), people = plan.Selection.People.ToArray(),
                plan.Selection.OfBatch,
            });
        return
        [
            .. When(!known.Scope, "scope", new("没有这个工种或项目", "There is no such trade or programme")),
            .. When(known.Closed is not null, "scope", new($"项目“{known.Closed}”已停办，请另选", $"The programme “{known.Closed}” is closed: choose another")),
            .. When(!known.Line, "budgetLineId", new("没有这个预算项目", "There is no such budget line")),
            .. When(!known.Townships, "people.townships", new("有不存在或已撤销的乡镇", "A township does not exist or has ended")),
            .. When(!known.Villages, "people.villages", new("有不存在或已撤销的村", "A village does not exist or has ended")),
            .. When(!known.Lists, "people.lists", new("有不存在的名单", "A list does not exist")),
            .. When(!known.Wishes, "people.wishes", new("有不存在的工种", "A trade does not exist")),
            .. When(!known.People, "people.ids", new("有不存在或重复的人员编号", "A person does not exist or is named twice")),
            .. When(!known.OfBatch, "people", new("没有这个批次", "There is no such batch")),
        ];
    }

    /// <summary>Whether the county has this trade or programme; any programme always is.</summary>
    public static Task<bool> IsScopeAsync(NpgsqlConnection connection, RegionCode region, VoucherScope scope) =>
        connection.ExecuteScalarAsync<bool>("""
            select @scope = 0
                or exists (select from trade where code = @scope)
                or exists (select from programme where region = @region and code = @scope)
            """, new { region, scope });

    private static IEnumerable<FieldError> When(bool wrong, string field, Words problem) => wrong ? [new FieldError(field, problem)] : [];
}
