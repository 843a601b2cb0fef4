using Voucher.Core.Issuing;
using Voucher.Server.Issuing.LeavingOut;

namespace Voucher.Server.Issuing.Judging;

/// <summary>Asks the judgement of a selection: the counts by reason, and who they are.</summary>
public static class JudgementStore
{
    /// <summary>How many get a voucher, and the counts by reason in order of precedence.</summary>
    public static async Task<(int Eligible, IReadOnlyList<ReasonCount> Reasons)> CountAsync(
        NpgsqlConnection connection, JudgementQuestion question, NpgsqlTransaction? transaction = null)
    {
        var rows = (await connection.QueryAsync<(short Reason, int People, int First)>(JudgementSql.Judged + """
            select r.reason, count(*)::int, (count(*) filter (where r.place = 1))::int
            from judged j, unnest(case when j.reasons = '{}' then '{0}'::smallint[] else j.reasons end) with ordinality as r (reason, place)
            group by r.reason order by r.reason
            """, question.Arguments(), transaction)).ToList();
        return (
            rows.Where(row => row.Reason == 0).Sum(row => row.People),
            [.. rows.Where(row => row.Reason != 0).Select(row => new ReasonCount((Ineligibility)row.Reason, row.People, row.First))]);
    }

    /// <summary>The people themselves in the order of delivery, with how many there are.</summary>
    public static async Task<(IReadOnlyList<JudgedPerson> People, int Total)> PageAsync(
        NpgsqlConnection connection, JudgementQuestion question, JudgedFilter filter, int skip, int take, NpgsqlTransaction? transaction = null)
    {
        var arguments = Arguments(question, filter);
        arguments.AddDynamicParams(new { skip, take });
        await using var both = await connection.QueryMultipleAsync(
            $"{JudgementSql.Judged} select count(*)::int from judged j where {Wanted};{Listed} offset @skip limit @take", arguments, transaction);
        var total = await both.ReadSingleAsync<int>();
        return ([.. await both.ReadAsync<JudgedPerson>()], total);
    }

    /// <summary>Everybody who gets none, in the order of delivery.</summary>
    public static async Task<IReadOnlyList<IneligiblePerson>> IneligibleAsync(
        NpgsqlConnection connection, JudgementQuestion question, NpgsqlTransaction? transaction = null) =>
        [.. await connection.QueryAsync<IneligiblePerson>(
            $$"""
            {{JudgementSql.Judged}}
            select id, array_to_string(reasons, ',') as reason_numbers from judged where reasons <> '{}' order by {{JudgementSql.DeliveryOrder}}
            """, question.Arguments(), transaction)];

    /// <summary>Who they are, in the same order; nobody is judged again.</summary>
    public static async Task<IReadOnlyList<JudgedPerson>> NamedAsync(NpgsqlConnection connection, IEnumerable<IneligiblePerson> people)
    {
        List<IneligiblePerson> listed = [.. people];
        return [.. await connection.QueryAsync<JudgedPerson>("""
            select p.id, p.name, p.id_number_masked, t.name as township, g.name as village, p.household_place, j.reason_numbers
            from unnest(@ids, @reasons) with ordinality as j (id, reason_numbers, place)
            join person p on p.id = j.id
            left join township t on t.code = p.township_code
            left join village g on g.code = p.village_code
            order by j.place
            """,
            new { ids = listed.Select(person => person.Id.Value).ToArray(), reasons = listed.Select(person => person.ReasonNumbers).ToArray() })];
    }

    /// <summary>All of them one by one, for a file; nothing is kept in memory.</summary>
    public static IAsyncEnumerable<JudgedPerson> ReadAsync(NpgsqlConnection connection, JudgementQuestion question, JudgedFilter filter) =>
        connection.QueryUnbufferedAsync<JudgedPerson>(Listed, Arguments(question, filter));

    private static DynamicParameters Arguments(JudgementQuestion question, JudgedFilter filter)
    {
        var arguments = question.Arguments();
        arguments.AddDynamicParams(new { wantsEligible = filter.Eligible, reason = (short?)filter.Reason });
        return arguments;
    }

    private const string Wanted = """
        (j.reasons = '{}') = @wantsEligible and (@reason::smallint is null or @reason = any(j.reasons))
        """;

    private const string Listed = JudgementSql.Judged + $"""
        select p.id, p.name, p.id_number_masked, t.name as township, g.name as village, p.household_place,
               array_to_string(j.reasons, ',') as reason_numbers
        from (select j.* from judged j where {Wanted}) j
        join person p on p.id = j.id
        left join township t on t.code = p.township_code
        left join village g on g.code = p.village_code
        order by j.township_code nulls last, j.village_code nulls last, j.household_place, j.name, j.id
        """;
}
