using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Matching;
using Voucher.Core.Money;
using Voucher.Core.Planning;
using Voucher.Core.Policies;
using Voucher.Core.Programmes;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Policies;
using Voucher.Server.Register;
using Voucher.Server.Reporting.ProgressReports;
using Voucher.Server.Tests.Classes;
using Voucher.Server.Tests.Issuing;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Policies;

/// <summary>
/// One scenario – the same people, courses, class and scans – on a day of the pack after text 004 and on a day of the pack after
/// text 002: what differs does so because of the pack, and says which document, version and clause.
/// </summary>
public sealed class TwoPacksTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Dongxiang = "东县府办发〔2020〕57号（第1版） ";
    private const string Suihua = "绥人社发〔2019〕18号（第1版） ";

    private readonly PolicyOffice _office = new(server);
    private readonly ClassRoom _room = new(server);
    private readonly ScanScene _scene = new(server);

    /// <summary>What came of the scenario.</summary>
    private sealed record Run(
        Policy Pack, int People, int ValidDays, PolicyId BatchPolicy, ClassId Class, VoucherId Voucher, string ClassPage, string? ScanRule, string? SecondApprovalRule);

    [Fact]
    public async Task The_same_scenario_ends_differently_under_each_pack_and_every_difference_names_its_rule()
    {
        var first = await RunAsync();
        await _office.PutInForceAsync(after: ShippedPolicies.Find(ShippedPolicies.Suihua)!.ToPolicy(first.Pack.Region));
        server.Clock.Advance(TimeSpan.FromDays(1));
        var second = await RunAsync();

        // Who: the first text trains every laborer; the second names 建档立卡, which two of the five are not.
        Assert.Equal((5, 3), (first.People, second.People));

        // Validity: 90 days, and the 264 from 1 April to 20 December.
        Assert.Equal((90, 264), (first.ValidDays, second.ValidDays));
        Assert.Equal((first.Pack.Id, second.Pack.Id), (first.BatchPolicy, second.BatchPolicy));

        // The rate that the class froze, with arithmetic and rule.
        Assert.Contains("标准 1,500.00 元", first.ClassPage, StringComparison.Ordinal);
        Assert.Contains($"{Dongxiang}四（三）根据各部门培训补贴标准", first.ClassPage, StringComparison.Ordinal);
        Assert.Contains("标准 1,200.00 元", second.ClassPage, StringComparison.Ordinal);
        Assert.Contains($"{Suihua}三（一）根据培训所开展的课时、天数支付培训补贴", second.ClassPage, StringComparison.Ordinal);

        // What a desk and an office are told.
        Assert.Equal($"{Dongxiang}三（一）培训券式培训（天数、次数和各项限额县定，文件未列数）", first.ScanRule);
        Assert.Equal($"{Suihua}三（一）落实免费的培训政策（有效期按二（二）4月1日—12月20日；次数、限额市县定，文件未列数）", second.ScanRule);
        Assert.Equal($"{Dongxiang}三（六）三是谁审批谁负责（办理时限县定，文件未列数）", first.SecondApprovalRule);
        Assert.Equal($"{Suihua}四（一）高度重视，精心组织（办理时限市县定，文件未列数）", second.SecondApprovalRule);

        // Both are claimed on the same day: the past is paid by the rule of its day.
        Assert.Equal((150_000, $"{Dongxiang}四（三）根据各部门培训补贴标准"), await ClaimedAsync(first));
        var (amount, rule) = await ClaimedAsync(second);
        Assert.Equal(120_000, amount);
        Assert.StartsWith($"{Suihua}三（一）根据培训所开展的课时、天数支付培训补贴", rule, StringComparison.Ordinal);
        Assert.Equal(first.Pack.Id, (await _office.Policies.InForceOnAsync(_office.Today.AddDays(-1)))!.Id);
        Assert.Equal(second.Pack.Id, (await _office.Policies.InForceOnAsync(_office.Today))!.Id);

        // What is reported, how often and by which clause, is that of the day.
        var calendar = server.Get<ReportCalendar>();
        var reported = await calendar.PolicyOfAsync(_office.Today);
        Assert.Equal((1, second.Pack.Id), (reported.Parameters.ReportEveryMonths, reported.Id));
    }

    [Fact]
    public void The_packs_differ_in_who_what_and_how_long_and_each_says_by_which_clause()
    {
        var (county, prefecture) = (Pack(ShippedPolicies.Dongxiang), Pack(ShippedPolicies.Suihua));

        // 以工代训 of eight months.
        DateOnly from = new(2026, 3, 1), to = new(2026, 10, 31);
        Assert.Null(WorkTrainingRule.Refuse(county, ProgrammeKind.WorkTraining, from, to));
        var tooLong = WorkTrainingRule.Refuse(prefecture, ProgrammeKind.WorkTraining, from, to)!;
        Assert.Equal(
            (RefusalCode.WorkTrainingTooLong, $"{Suihua}二（二）6、以工代训最长不超过6个月", "以工代训超出政策允许：最长 6 个月，最晚 2026-08-31 结束。"),
            (tooLong.Code, $"{tooLong.Rule}", tooLong.Reason.Zh));

        // Hand weaving: the county pays the programme's own standard, the prefecture its list and the guided catalogue's uplift.
        var own = county.SubsidyFor(7, SkillLevel.None, Fen.FromYuan(1_000));
        var guided = prefecture.SubsidyFor(7, SkillLevel.None, Fen.FromYuan(1_000));
        Assert.Equal((Fen.FromYuan(1_000), Fen.FromYuan(880)), (own.Amount, guided.Amount));
        Assert.Equal($"{Suihua}二（二）3、结合当地特色产业项目及市场需求（上浮比例市县定，文件未列数）", $"{guided.UpliftRule}");

        Assert.Empty(county.Parameters.EligibleCategories);
        Assert.Equal(["建档立卡"], prefecture.Parameters.EligibleCategories);
        Assert.Equal($"{Suihua}一、建档立卡贫困劳动力（年龄、每年每工种次数市县定，文件未列数）", $"{prefecture.RuleOf(Clause.Eligibility)}");
        Assert.Equal((0, 1), (county.Parameters.TrainingsPerTradePerYear, prefecture.Parameters.TrainingsPerTradePerYear));

        // The prefecture wants the table every month; the county goes round every quarter, and its monthly meeting sends nobody a table.
        Assert.Equal(("2026-03-31 2026-04-05", 4), Reports(county));
        Assert.Equal(("2026-01-31 2026-02-05", 12), Reports(prefecture));
        static (string FirstLastAndDue, int InAYear) Reports(Policy pack)
        {
            var periods = ReportPeriod.OfYear(2026, _ => pack.Parameters.ReportEveryMonths);
            return ($"{periods[0].Last:yyyy-MM-dd} {periods[0].DueOn:yyyy-MM-dd}", periods.Count);
        }
        Assert.Equal(
            ($"{Dongxiang}四（六）建立季度巡查机制（月调度为县内会议，不另报表）", $"{Suihua}四（四）每月报送技能扶贫培训进展情况表"),
            ($"{county.RuleOf(Clause.Reporting)}", $"{prefecture.RuleOf(Clause.Reporting)}"));

        Assert.Equal(AllowanceSource.InstitutionSubsidy, prefecture.Parameters.TransportAllowanceSource);
        Assert.Equal((false, true), (county.Parameters.DeliveryRecordRequired, prefecture.Parameters.DeliveryRecordRequired));
        Assert.Equal($"{Suihua}二（四）开展“两联三送”", $"{prefecture.RuleOf(Clause.Delivery)}");
        static MatchEffect RealName(Policy pack) => pack.Parameters.Matches.Single(rule => rule.Source == MatchSource.RealName).Effect;
        Assert.Equal((MatchEffect.BlocksPayment, MatchEffect.BlocksIssuing | MatchEffect.BlocksPayment), (RealName(county), RealName(prefecture)));
    }

    private static Policy Pack(string name) => ShippedPolicies.Find(name)!.ToPolicy(new(622926));

    private async Task<Run> RunAsync()
    {
        var pack = (await _office.Policies.InForceOnAsync(_office.Today))!;
        var (people, days, policy) = await DraftBatchAsync();
        var training = await _room.OpenApprovedAsync(); // Beef noodles, of which the programme's own standard is 1,500.
        using var approver = await server.LogInAsync("approver");
        using var again = await approver.PostAsync($"/api/classes/{training}/approve", null);
        using var portal = await server.OpenPortalAsync("manager");
        var voucher = await CompleteOneAsync(training);
        return new Run(
            pack, people, days, policy, training, voucher, await portal.GetStringAsync($"/classes/{training}"), await ScanTwiceAsync(),
            (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rule").GetString());
    }

    /// <summary>Three registered poor people and two others; as long as the pack allows.</summary>
    private async Task<(int People, int ValidDays, PolicyId Policy)> DraftBatchAsync()
    {
        var (secrets, keys) = (server.Get<PersonalData>(), server.Get<KeyFolder>());
        var poor = await TestPeople.AddAsync(server.Database, secrets, keys, 3);
        var others = await TestPeople.AddAsync(server.Database, secrets, keys, 2, category: "一般农户");
        var list = await TestPeople.AddListAsync(server.Database, [.. poor, .. others]);
        var id = (await server.Get<DraftBatch>().RunAsync(TestPeople.Request(list), await _office.ActorAsync("clerk"))).OrThrow();
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(int, int, PolicyId)>("select people, valid_until - valid_from + 1, policy_id from batch where id = @id", new { id });
    }

    /// <summary>A voucher is enrolled at a terminal and shown once more: the rule of the refusal.</summary>
    private async Task<string?> ScanTwiceAsync()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync();
        var voucher = await _scene.IssueAsync();
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);
        var again = await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        Assert.Equal((int)RefusalCode.EnrolledHere, again.Refusal);
        return again.Rule;
    }

    /// <summary>A trainee with a voucher of 1,500 yuan has passed, and the class has been looked at.</summary>
    private async Task<VoucherId> CompleteOneAsync(ClassId training)
    {
        var (voucher, enrolment, _) = await _room.EnrolAsync(training);
        await _room.CompleteAsync(training, voucher);
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into completion (voucher_id, enrolment_id, completed_at, scan_id) values (@voucher, @enrolment, @now, gen_random_uuid());
            insert into spot_check (class_id, checked_by, checked_at, present, finding, is_clean)
            select @training, id, @now, 30, '到课记录', true from account where login = 'clerk';
            """, new { voucher, enrolment, training, now = server.Clock.GetUtcNow() });
        return voucher;
    }

    private async Task<(long AmountFen, string? Rule)> ClaimedAsync(Run run)
    {
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync("/api/claims", new { voucherNumbers = new[] { $"{run.Voucher}".Replace(" ", "", StringComparison.Ordinal) } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        var line = (await manager.GetFromJsonAsync<JsonElement>($"/api/claims/{id}")).GetProperty("lines")[0];
        return (line.GetProperty("amountFen").GetInt64(), line.GetProperty("rule").GetString());
    }
}
