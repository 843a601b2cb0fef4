using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Policies;
using Voucher.Server.Register;
using Voucher.Server.Register.Changes;
using Voucher.Server.Register.Duplicates;

namespace Voucher.Server.Tests.Issuing;

/// <summary>The people of a batch that came to nothing, judged again as they are now.</summary>
[Collection(nameof(RestingCounty))]
public sealed class OfBatchTests(CountyAtRest county)
{
    [Fact]
    public async Task The_people_of_many_large_drafts_are_joined_and_never_looked_up_one_by_one()
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var people = await connection.QueryAsync<long>("""
            insert into person (
                region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, household_place, categories,
                content_hash, created_at, changed_at)
            select 622926, h, h, '62****', 0, '马六', true, '1990-01-01', '', '{}', h, now(), now()
            from (select sha256(('plan ' || i)::bytea) as h from generate_series(1, 3000) i) people
            returning id
            """, transaction: transaction);
        var newest = await DraftedAgainAsync(connection, transaction, (long[])[.. people], times: 8);
        // Little memory shows with thousands of people what the default shows with a county's.
        await connection.ExecuteAsync("analyze person; analyze batch; analyze batch_person; set local work_mem = '64kB'", transaction: transaction);
        var policy = (await county.Get<PolicyStore>().InForceOnAsync(Today))!;
        var question = new JudgementQuestion(
            county.Get<County>().Region, PeopleSelection.Nobody with { OfBatch = newest }, new VoucherScope(0), Today, Today, policy.Parameters);
        var plan = await connection.QuerySingleAsync<string>(
            $"explain (format json) {JudgementSql.Judged} select id from judged", question.Arguments(), transaction);

        using var read = JsonDocument.Parse(plan);
        var scans = Scans(read.RootElement[0].GetProperty("Plan"), []).ToList();
        Assert.Contains(scans, scan => scan.Name == "lineage");
        Assert.All(scans, scan => Assert.DoesNotContain("SubPlan", scan.Above));
        Assert.All(scans.Where(scan => scan.Name == "of_batch"), scan => Assert.DoesNotContain("Nested Loop", scan.Above));
    }

    [Fact]
    public async Task Who_was_merged_into_another_since_gets_the_voucher_under_the_number_that_stayed()
    {
        var (clerk, people) = (await county.ActorAsync("clerk"), await PeopleAsync(4));
        var old = await DraftAsync(new(null, null, null, null, people[..3]), clerk);
        (await county.Get<CloseBatch>().RefuseAsync(old, "重拟", await county.ActorAsync("approver"))).OrThrow();
        // One into somebody whom the list did not name, one into another of the list.
        await MergeAsync(people[0], people[3]);
        await MergeAsync(people[1], people[2]);
        var stayed = await StayedAsync(people);
        Assert.Equal(2, stayed.Count);

        var preview = (await county.Get<DraftBatch>().PreviewAsync(Request(OfBatch(old)))).OrThrow();
        Assert.Equal((2, 2), (preview.Chosen, preview.Eligible));
        Assert.Equal(stayed, await PeopleOfAsync(await DraftAsync(OfBatch(old), clerk)));
    }

    [Fact]
    public async Task A_pasted_number_of_an_entry_that_was_merged_means_the_entry_that_stayed()
    {
        var people = await PeopleAsync(2);
        await MergeAsync(people[0], people[1]);
        var stayed = await StayedAsync(people);
        var numbers = await NumbersAsync([.. people.Except(stayed)]);
        Assert.Single(numbers);
        var pasted = await DraftAsync(new(null, null, null, null, null, numbers), await county.ActorAsync("clerk"));
        Assert.Equal(stayed, await PeopleOfAsync(pasted));
    }

    private DateOnly Today => CountyTime.DayOf(county.Clock.GetUtcNow());

    private static PeopleRequest OfBatch(BatchId batch) => new(null, null, null, null, null, OfBatch: batch.Value);

    private static BatchRequest Request(PeopleRequest people) => TestPeople.Request(0) with { People = people };

    private async Task<BatchId> DraftAsync(PeopleRequest people, Actor by) => (await county.Get<DraftBatch>().RunAsync(Request(people), by)).OrThrow();

    private Task<long[]> PeopleAsync(int count) => TestPeople.AddAsync(county.Database, county.Get<PersonalData>(), county.Get<KeyFolder>(), count);

    private async Task MergeAsync(long one, long other)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        Assert.Null(await county.Get<MergePeople>().RunAsync(
            connection, transaction, new PersonId(one), new PersonId(other), new ChangeCause((await county.ActorAsync("clerk")).Account), county.Clock.GetUtcNow()));
        await transaction.CommitAsync();
    }

    private async Task<IReadOnlyList<long>> StayedAsync(long[] people)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<long>("select id from person where id = any(@people) and withdrawn_at is null order by id", new { people })];
    }

    private async Task<IReadOnlyList<long>> PeopleOfAsync(BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<long>("select person_id from batch_person where batch_id = @batch order by person_id", new { batch })];
    }

    private async Task<string[]> NumbersAsync(long[] people)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        var secrets = county.Get<PersonalData>();
        return [.. (await connection.QueryAsync<byte[]>("select id_number_sealed from person where id = any(@people)", new { people })).Select(number => secrets.Open(number))];
    }

    /// <summary>Batches of the same people, each drafted again from the one before; refused, so that nobody waits for a voucher.</summary>
    private static async Task<long> DraftedAgainAsync(Npgsql.NpgsqlConnection connection, Npgsql.NpgsqlTransaction transaction, long[] people, int times)
    {
        long? newest = null;
        for (var time = 0; time < times; time++)
        {
            newest = await connection.QuerySingleAsync<long>("""
                with drafted as (
                    insert into batch (
                        region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection, status, people,
                        drafted_by, drafted_by_staff, drafted_at, closed_by, closed_at, closing_reason)
                    select 622926, '再拟', 1, 0, 1, current_date, current_date, 1, (select min(id) from policy_pack),
                        jsonb_build_object('ofBatch', @newest::bigint), 5, cardinality(@people), a.id, a.staff_id, now(), a.id, now(), '重拟'
                    from account a order by a.id limit 1
                    returning id
                ),
                frozen as (
                    insert into batch_person (batch_id, ordinal, person_id)
                    select id, place - 1, person from drafted, unnest(@people) with ordinality as listed (person, place)
                )
                select id from drafted
                """, new { newest, people }, transaction);
        }
        return newest!.Value;
    }

    /// <summary>The reading of each named part, with the kinds of the nodes above it; what is computed once, whoever reads it, begins anew.</summary>
    private static IEnumerable<(string Name, IReadOnlyList<string> Above)> Scans(JsonElement node, IReadOnlyList<string> above)
    {
        IReadOnlyList<string> path = Text(node, "Parent Relationship") switch
        {
            "InitPlan" => [],
            "SubPlan" => [.. above, "SubPlan"],
            _ => above,
        };
        if (Text(node, "CTE Name") is { } name) yield return (name, path);
        if (!node.TryGetProperty("Plans", out var below)) yield break;
        foreach (var scan in below.EnumerateArray().SelectMany(plan => Scans(plan, [.. path, Text(node, "Node Type")!]))) yield return scan;
    }

    private static string? Text(JsonElement node, string property) => node.TryGetProperty(property, out var value) ? value.GetString() : null;
}
