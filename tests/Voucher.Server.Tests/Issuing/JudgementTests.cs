using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Issuing;
using Voucher.Core.Matching;
using Voucher.Core.Policies;
using Voucher.Core.Vouchers;
using Voucher.Server.Demo;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;

namespace Voucher.Server.Tests.Issuing;

/// <summary>The judgement of one person in Core and that of a whole selection in SQL are the same judgement.</summary>
public sealed class JudgementTests(CountyAtRest county) : IClassFixture<CountyAtRest>
{
    private static readonly string[] Categories = ["建档立卡", "两后生", "妇女"];
    private static readonly int[] Programmes = [1001, 1002, 1005]; // two of trade 1, one of trade 2
    private static readonly int[] Trades = [1, 2];

    private DateOnly Today => CountyTime.DayOf(county.Clock.GetUtcNow());

    [Fact]
    public async Task Sql_and_core_give_the_same_reasons_to_random_people()
    {
        var dice = new Random(20260701);
        await using var connection = await county.Database.OpenConnectionAsync();
        var people = await TestPeople.AddAsync(county.Database, county.Get<PersonalData>(), county.Get<KeyFolder>(), 100);
        await ScatterAsync(connection, people, dice);
        // Some were two entries of the register, and some of them three: the past of all is one past.
        for (var i = 0; i < 36; i += 3)
        {
            await MergeAsync(connection, people[i], people[i + 1]);
            if (i % 2 == 0) await MergeAsync(connection, people[i + 1], people[i + 2]);
        }
        var facts = new Dictionary<long, PersonFacts>();
        foreach (var person in people) facts[person] = (await PersonFactsStore.ReadAsync(connection, DemoCounty.Region, new PersonId(person)))!;
        var seen = new HashSet<Ineligibility>();
        foreach (var (rules, scope, from) in Questions(dice))
        {
            var policy = DemoPolicy.For(DemoCounty.Region) with { Parameters = rules };
            var selection = PeopleSelection.Nobody with { People = people };
            var question = new JudgementQuestion(DemoCounty.Region, selection, scope, from, Today, rules);
            var (denied, total) = await JudgementStore.PageAsync(connection, question, new JudgedFilter(false), 0, 1_000);
            var (granted, _) = await JudgementStore.PageAsync(connection, question, new JudgedFilter(true), 0, 1_000);
            Assert.Equal(people.Length, granted.Count + total);
            var wanted = new WantedVoucher(scope, await PersonFactsStore.TradeOfAsync(connection, DemoCounty.Region, scope), from);
            foreach (var person in denied.Concat(granted))
            {
                var core = Eligibility.Of(facts[person.Id.Value], wanted, policy, Today).Select(reason => reason.Code).ToArray();
                Assert.Equal(core, person.Reasons);
                seen.UnionWith(core);
            }
            await CountsFitAsync(connection, question, denied, granted.Count);
        }
        // A reason that never arose was not compared.
        Assert.Empty(Enum.GetValues<Ineligibility>().Except(seen));
    }

    [Fact]
    public async Task An_unknown_person_has_no_facts()
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        Assert.Null(await PersonFactsStore.ReadAsync(connection, DemoCounty.Region, new PersonId(long.MaxValue)));
    }

    [Fact]
    public async Task What_somebody_learnt_under_a_number_that_was_merged_into_theirs_counts()
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        var people = await TestPeople.AddAsync(county.Database, county.Get<PersonalData>(), county.Get<KeyFolder>(), 2);
        await AddTrainingAsync(connection, people[0], 3_900_000_000L, 1, await AddClassAsync(connection, Programmes[0]), new Random(1), Today.Year);
        await MergeAsync(connection, people[0], people[1]);
        var question = new JudgementQuestion(
            DemoCounty.Region, PeopleSelection.Nobody with { People = [people[1]] }, new VoucherScope((ushort)Programmes[0]), Today, Today, new PolicyParameters());
        var (denied, _) = await JudgementStore.PageAsync(connection, question, new JudgedFilter(false), 0, 10);
        Assert.Contains(Ineligibility.SameProgramme, Assert.Single(denied).Reasons);
        Assert.Single((await PersonFactsStore.ReadAsync(connection, DemoCounty.Region, new PersonId(people[1])))!.Trainings);
    }

    private static Task MergeAsync(NpgsqlConnection connection, long leaves, long stays) =>
        connection.ExecuteAsync("update person set withdrawn_at = coalesce(withdrawn_at, now()), merged_into = @stays where id = @leaves", new { leaves, stays });

    private static async Task CountsFitAsync(NpgsqlConnection connection, JudgementQuestion question, IReadOnlyList<JudgedPerson> denied, int granted)
    {
        var (eligible, reasons) = await JudgementStore.CountAsync(connection, question);
        Assert.Equal(granted, eligible);
        Assert.Equal(denied.Count, reasons.Sum(count => count.First));
        foreach (var count in reasons)
        {
            Assert.Equal(denied.Count(person => person.Reasons.Contains(count.Reason)), count.People);
            Assert.Equal(denied.Count(person => person.Reasons.First() == count.Reason), count.First);
            var (listed, total) = await JudgementStore.PageAsync(connection, question, new JudgedFilter(false, count.Reason), 0, 3);
            Assert.Equal((count.People, Math.Min(3, count.People)), (total, listed.Count));
        }
    }

    private IEnumerable<(PolicyParameters Rules, VoucherScope Scope, DateOnly From)> Questions(Random dice)
    {
        yield return (new PolicyParameters(), VoucherScope.Any, Today);
        for (var i = 0; i < 6; i++)
        {
            var rules = new PolicyParameters
            {
                YoungestAge = dice.Next(16, 22), OldestAge = dice.Next(45, 61), OneLiveVoucher = dice.Next(2) == 0,
                VouchersPerYear = dice.Next(3), TrainingsPerTradePerYear = dice.Next(1, 3),
                EligibleCategories = dice.Next(2) == 0 ? [] : [Categories[dice.Next(Categories.Length)]],
                Matches = [.. Enum.GetValues<MatchSource>().Select(source => new MatchRule(source, (MatchEffect)dice.Next(4)))],
            };
            var programme = Programmes[dice.Next(3)];
            yield return (rules, new VoucherScope((ushort)(i % 2 == 0 ? programme : Trades[dice.Next(2)])), i < 3 ? Today : Today.AddDays(dice.Next(366)));
        }
        yield return (
            new PolicyParameters { TrainingsPerTradePerYear = 1, Matches = [.. Enum.GetValues<MatchSource>().Select(source => new MatchRule(source, MatchEffect.BlocksIssuing))] },
            new VoucherScope((ushort)Programmes[0]), Today);
    }

    /// <summary>Gives people every kind of past, some at the very edges of a year and of an age.</summary>
    private async Task ScatterAsync(NpgsqlConnection connection, long[] people, Random dice)
    {
        var year = Today.Year;
        var run = await connection.QuerySingleAsync<long>("""
            insert into match_run (region, source, file_name, as_of, created_by, created_at) values (@Region, 1, 'x', @Today, 1, now()) returning id
            """, new { DemoCounty.Region, Today });
        var batches = new List<long>();
        foreach (var from in new[] { Today, new DateOnly(year, 12, 31), new DateOnly(year + 1, 1, 1) }) batches.Add(await AddBatchAsync(connection, from));
        var classes = new List<long>();
        foreach (var code in Programmes) classes.Add(await AddClassAsync(connection, code));
        var serial = 3_000_000_000L;
        foreach (var person in people)
        {
            var birth = dice.Next(4) switch
            {
                0 => Today.AddYears(-dice.Next(16, 62)).AddDays(dice.Next(-1, 2)),
                1 => new DateOnly(2008, 2, 29),
                _ => new DateOnly(1990, 1, 1).AddDays(dice.Next(5_000)),
            };
            await connection.ExecuteAsync(
                "update person set birth_date = @birth, categories = @categories, withdrawn_at = case when @isWithdrawn then now() end where id = @person",
                new { person, birth, categories = Categories.Where(_ => dice.Next(3) == 0).ToArray(), isWithdrawn = dice.Next(15) == 0 });
            for (var i = dice.Next(-2, 3); i > 0; i--) await AddVoucherAsync(connection, person, ++serial, batches[0], dice, year);
            if (dice.Next(6) == 0)
                await connection.ExecuteAsync(
                    "insert into batch_person (batch_id, ordinal, person_id) select @batch, coalesce(max(ordinal), -1) + 1, @person from batch_person where batch_id = @batch",
                    new { batch = batches[dice.Next(batches.Count)], person });
            for (var i = dice.Next(-3, 4); i > 0; i--) await AddTrainingAsync(connection, person, ++serial, i, classes[dice.Next(classes.Count)], dice, year);
            foreach (var source in Enum.GetValues<MatchSource>().Where(_ => dice.Next(8) == 0).Take(1))
                await connection.ExecuteAsync("""
                    insert into match_hit (run_id, region, person_id, source, dismissed_at, dismissed_by, dismissed_reason, ended_at, ended_by_run)
                    values (@run, @Region, @person, @source, case when @isDismissed then now() end, case when @isDismissed then 1 end, case when @isDismissed then '误报' end,
                            case when @isEnded then now() end, case when @isEnded then @run end)
                    """, new { run, DemoCounty.Region, person, source = (short)source, isDismissed = dice.Next(3) is var fate && fate == 0, isEnded = fate == 1 && dice.Next(2) == 0 });
        }
    }

    private async Task AddVoucherAsync(NpgsqlConnection connection, long person, long id, long batch, Random dice, int year)
    {
        var from = dice.Next(4) switch { 0 => new DateOnly(year, 1, 1), 1 => new DateOnly(year - 1, 12, 31), 2 => new DateOnly(year + 1, 1, 1), _ => Today };
        var until = dice.Next(3) switch { 0 => Today, 1 => Today.AddDays(-1), _ => Today.AddDays(30) };
        await InsertVoucherAsync(connection, person, id, batch, (short)dice.Next(1, 8), from < until ? from : until, until);
    }

    private static Task InsertVoucherAsync(NpgsqlConnection connection, long person, long id, long batch, short state, DateOnly from, DateOnly until) =>
        connection.ExecuteAsync("""
            insert into voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state, is_reserved, replaced_by, short_code, token)
            values (@id, @batch, @person, 3, 0, 1, 1, @from, @until, @state, false, case when @state = 7 then @id end, @id * 7, decode(repeat('00', 83), 'hex'))
            """, new { person, id, batch, state, from, until });

    private async Task AddTrainingAsync(NpgsqlConnection connection, long person, long id, int number, long training, Random dice, int year)
    {
        await InsertVoucherAsync(connection, person, id, 1, 4, new DateOnly(year - 5, 1, 1), new DateOnly(year - 5, 2, 1));
        // The last second of a local year is still the year before in UTC, eight hours earlier.
        var at = dice.Next(3) switch
        {
            0 => CountyTime.At(new DateOnly(year, 1, 1), TimeOnly.MinValue),
            1 => CountyTime.At(new DateOnly(year, 1, 1), TimeOnly.MinValue).AddSeconds(-1),
            _ => county.Clock.GetUtcNow(),
        };
        await connection.ExecuteAsync("""
            with n as (
                insert into enrolment (voucher_id, person_id, class_id, enrolled_at, is_active, number) values (@id, @person, @training, now(), false, @number) returning id)
            insert into completion (voucher_id, enrolment_id, completed_at, scan_id) select @id, n.id, @at, gen_random_uuid() from n
            """, new { id, person, training, number, at = at.ToUniversalTime() });
    }

    private static Task<long> AddBatchAsync(NpgsqlConnection connection, DateOnly from) => connection.QuerySingleAsync<long>("""
        insert into batch (region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection,
                           status, people, drafted_by, drafted_by_staff, drafted_at)
        select @Region, 'test', 3, 0, 1, @from, @from, 1, (select min(id) from policy_pack), '{}', 1, 1000, a.id, a.staff_id, now()
        from account a where a.login = 'clerk' returning id
        """, new { DemoCounty.Region, from });

    private static Task<long> AddClassAsync(NpgsqlConnection connection, int programme) => connection.QuerySingleAsync<long>("""
        insert into training_class (region, institution_id, programme_id, name, starts_on, ends_on, capacity, status, created_by, created_at)
        select @Region, 1, p.id, 'class-' || gen_random_uuid(), '2026-01-01', '2026-01-02', 1000, 1, 1, now() from programme p where p.code = @programme returning id
        """, new { DemoCounty.Region, programme });
}
