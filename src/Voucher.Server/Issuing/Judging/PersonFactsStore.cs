using Voucher.Core.Issuing;
using Voucher.Core.Matching;
using Voucher.Server.Register;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Issuing.Judging;

/// <summary>Reads what is known of one person, for the judgement in <see cref="Eligibility"/>.</summary>
public static class PersonFactsStore
{
    private sealed record PersonRow(DateOnly BirthDate, string CategoryText, bool IsWithdrawn);

    private sealed record TrainingRow(int Programme, int Trade, DateTimeOffset At);

    /// <summary>The numbers under which the person is known: theirs, and all that were merged into it.</summary>
    private const string Known = """
        with recursive known (as_id) as (select @person union select m.id from known k join person m on m.merged_into = k.as_id)
        """;

    /// <summary><c>null</c> when the county has no such person.</summary>
    public static async Task<PersonFacts?> ReadAsync(NpgsqlConnection connection, RegionCode region, PersonId person)
    {
        await using var rows = await connection.QueryMultipleAsync($"""
            select p.birth_date, array_to_string(p.categories, e'\x1e') as category_text, {JudgementSql.Withdrawn} as is_withdrawn
            from person p where p.region = @region and p.id = @person and not p.is_bait;

            {Known}
            select v.state, v.valid_from, v.valid_until from voucher v where v.person_id in (select as_id from known) order by v.id;

            {Known}
            select b.valid_from
            from batch_person m join batch b on b.id = m.batch_id
            where m.person_id in (select as_id from known) and b.region = @region and b.status in (1, 2) and m.ordinal >= b.written;

            {Known}
            select g.code as programme, g.trade_code as trade, d.completed_at as at
            from completion d
            join enrolment n on n.id = d.enrolment_id
            join training_class k on k.id = n.class_id
            join programme g on g.id = k.programme_id
            where n.person_id in (select as_id from known);

            select distinct h.source from match_hit h where h.person_id = @person and h.region = @region and {MatchBlockStore.Stands}
            """, new { region, person });
        var row = await rows.ReadSingleOrDefaultAsync<PersonRow>();
        if (row is null) return null;
        return new PersonFacts(
            row.BirthDate, CategoryList.Split(row.CategoryText), row.IsWithdrawn,
            [.. await rows.ReadAsync<HeldVoucher>()],
            [.. await rows.ReadAsync<DateOnly>()],
            [.. (await rows.ReadAsync<TrainingRow>()).Select(done => new CompletedTraining(done.Programme, done.Trade, CountyTime.DayOf(done.At)))],
            [.. (await rows.ReadAsync<short>()).Select(source => (MatchSource)source)]);
    }

    /// <summary>The trade of a scope; <c>null</c> for any programme. Unknown scopes have none either.</summary>
    public static async Task<int?> TradeOfAsync(NpgsqlConnection connection, RegionCode region, VoucherScope scope) => scope switch
    {
        { IsAny: true } => null,
        { IsTrade: true } => scope.Code,
        _ => await connection.QuerySingleOrDefaultAsync<int?>(
            "select trade_code from programme where region = @region and code = @scope", new { region, scope }),
    };
}
