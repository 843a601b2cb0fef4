using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Planning;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Demo;
using Voucher.Server.Planning;
using Voucher.Server.Planning.Breakdown;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Planning;

/// <summary>Plans from draft to progress, over a real database.</summary>
public sealed class PlanTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _number;

    private Task<Actor> WhoAsync(string login) => SettledScene.ActorAsync(server, login);

    private async Task<(PlanId Plan, TargetId Whole)> DraftAsync(int people, int years = 1)
    {
        var year = CountyTime.DayOf(server.Clock.GetUtcNow()).Year;
        var plan = (await server.Get<DraftPlan>().RunAsync(
            await WhoAsync("clerk"), $"测〔2026〕{Interlocked.Increment(ref _number)}号", "测试计划", year, year + years - 1, people)).OrThrow();
        return (plan, (await server.Get<PlanStore>().TreeAsync(plan)).Whole.Id);
    }

    private async Task<Outcome<Nothing>> DivideAsync(PlanId plan, TargetId target, TargetSplit split, params (string Key, string People)[] rows) =>
        await server.Get<SaveTargets>().RunAsync(await WhoAsync("clerk"), plan, target, split, null, [.. rows.Select(row => new TargetRow(row.Key, row.People))]);

    private async Task<Outcome<Nothing>> ApproveAsync(PlanId plan, string login = "approver") =>
        await server.Get<ApprovePlan>().RunAsync(await WhoAsync(login), plan);

    [Fact]
    public async Task The_demo_county_has_the_three_years_of_text_004_and_they_add_up()
    {
        var plan = Assert.Single(await server.Get<PlanStore>().ListAsync(0, 50), plan => plan.DocumentNo == DemoPlan.DocumentNo);
        var tree = await server.Get<PlanStore>().TreeAsync(plan.Id);
        Assert.Equal((PlanStatus.InForce, 54_115), (plan.Status, tree.Whole.People));
        Assert.Equal([18_039, 18_038, 18_038], tree.Parts(tree.Whole, TargetSplit.Year).Select(year => year.People));
        Assert.Empty(tree.Differences());
    }

    [Fact]
    public async Task A_plan_that_does_not_add_up_is_not_approved_by_anybody_or_by_SQL()
    {
        var (plan, whole) = await DraftAsync(100);
        (await DivideAsync(plan, whole, TargetSplit.Department, ("县人社局", "60"), ("县妇联", "39"))).OrThrow();
        var refusal = Desk.Refused(await ApproveAsync(plan));
        Assert.Equal(RefusalCode.PlanSumsDiffer, refusal.Code);
        Assert.Contains("100", refusal.Reason.Zh, StringComparison.Ordinal);
        Assert.Contains("99", refusal.Reason.Zh, StringComparison.Ordinal);
        await using var connection = await server.Database.OpenConnectionAsync();
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("""
            update plan p set status = 2, approved_by = a.id, approved_by_staff = a.staff_id, approved_at = now() from account a where p.id = @plan and a.login = 'approver'
            """, new { plan }));
        (await DivideAsync(plan, whole, TargetSplit.Department, ("县人社局", "６０"), ("县妇联", "40"))).OrThrow();
        (await ApproveAsync(plan)).OrThrow();
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("update plan_target set people = people + 1 where plan_id = @plan", new { plan }));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("delete from plan where id = @plan", new { plan }));
    }

    [Fact]
    public async Task Whoever_drafted_a_plan_does_not_approve_it_even_with_another_log_in()
    {
        var (plan, _) = await DraftAsync(10);
        await new Desk(server).HireAsync("clerk-approves", Role.Approver, sameAs: "clerk");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await ApproveAsync(plan, "clerk-approves"));
    }

    [Fact]
    public async Task Whoever_changed_a_draft_does_not_approve_it_and_neither_does_SQL()
    {
        var (plan, whole) = await DraftAsync(10);
        await new Desk(server).HireAsync("approver-edits", Role.Clerk, sameAs: "approver");
        (await server.Get<SaveTargets>().RunAsync(
            await WhoAsync("approver-edits"), plan, whole, TargetSplit.Department, null, [new TargetRow("县人社局", "10")])).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await ApproveAsync(plan));
        await using var connection = await server.Database.OpenConnectionAsync();
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("""
            update plan p set status = 2, approved_by = a.id, approved_by_staff = a.staff_id, approved_at = now() from account a where p.id = @plan and a.login = 'approver'
            """, new { plan }));

        var (imported, target) = await DraftAsync(30);
        var import = server.Get<ImportBreakdown>();
        var sheet = (await import.StartAsync(await WhoAsync("clerk"), imported, target, Upload("乡镇,人数\r\n锁南镇,30\r\n"), default)).OrThrow();
        (await import.AdoptAsync(await WhoAsync("approver-edits"), sheet)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await ApproveAsync(imported));
    }

    [Fact]
    public async Task A_revision_takes_the_place_of_the_plan_when_it_is_approved_and_not_before()
    {
        var (plan, whole) = await DraftAsync(10);
        (await DivideAsync(plan, whole, TargetSplit.Department, ("县人社局", "10"))).OrThrow();
        (await ApproveAsync(plan)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PlanWrongStep, await DivideAsync(plan, whole, TargetSplit.Department, ("县人社局", "10")));
        var revision = (await server.Get<DraftPlan>().ReviseAsync(await WhoAsync("clerk"), plan)).OrThrow();
        Assert.Equal(PlanStatus.InForce, (await server.Get<PlanStore>().FindAsync(plan))!.Status);
        Desk.ExpectBadField("documentNo", await server.Get<DraftPlan>().ReviseAsync(await WhoAsync("clerk"), plan));
        var tree = await server.Get<PlanStore>().TreeAsync(revision);
        Assert.Equal("县人社局", Assert.Single(tree.Parts(tree.Whole, TargetSplit.Department)).Department);
        (await ApproveAsync(revision)).OrThrow();
        var found = await server.Get<PlanStore>().FindAsync(revision);
        Assert.Equal((PlanStatus.InForce, 2), (found!.Status, found.Version));
        Assert.Equal(PlanStatus.Replaced, (await server.Get<PlanStore>().FindAsync(plan))!.Status);
    }

    [Fact]
    public async Task Every_bad_cell_of_the_grid_is_named()
    {
        var (plan, whole) = await DraftAsync(10);
        var errors = Assert.IsType<Outcome<Nothing>.BadInput>(await DivideAsync(
            plan, whole, TargetSplit.Township, ("1", "5"), ($"{DemoPlaces.Townships[0].Code}", "-3"), ("x", "1e3"), ("\0", ""))).Errors;
        Assert.Equal(["rows[0].key", "rows[1].people", "rows[2].people", "rows[2].key"], errors.Select(error => error.Field));
        Desk.ExpectBadField("rows[1].key", await DivideAsync(plan, whole, TargetSplit.Department, ("县人社局", "1"), ("县人社局", "2")));
        Desk.ExpectBadField("rows[0].key", await DivideAsync(plan, whole, TargetSplit.Department, ("a\0b", "1")));
        Desk.ExpectBadField("split", await DivideAsync(plan, whole, TargetSplit.Whole, ("a", "1")));
        Desk.ExpectRefusal(RefusalCode.NotFound, await DivideAsync(plan, new TargetId(long.MaxValue), TargetSplit.Year, ("2026", "1")));
    }

    [Fact]
    public async Task What_is_left_empty_in_the_grid_goes_and_what_stays_keeps_its_parts()
    {
        var (plan, whole) = await DraftAsync(10);
        (await DivideAsync(plan, whole, TargetSplit.Department, ("县人社局", "6"), ("县妇联", "4"))).OrThrow();
        var tree = await server.Get<PlanStore>().TreeAsync(plan);
        var bureau = tree.Parts(tree.Whole, TargetSplit.Department).Single(part => part.Department == "县人社局");
        (await DivideAsync(plan, bureau.Id, TargetSplit.Programme, ("1", "6"))).OrThrow();
        (await DivideAsync(plan, whole, TargetSplit.Department, ("县人社局", "10"), ("县妇联", " "))).OrThrow();
        tree = await server.Get<PlanStore>().TreeAsync(plan);
        Assert.Equal([bureau.Id], tree.Parts(tree.Whole, TargetSplit.Department).Select(part => part.Id));
        Assert.Single(tree.Parts(tree.Find(bureau.Id)!, TargetSplit.Programme));
    }

    [Fact]
    public async Task Parts_for_which_the_grid_has_no_room_are_told_and_stay()
    {
        var (plan, whole) = await DraftAsync(199);
        (await DivideAsync(plan, whole, TargetSplit.Department, [.. Enumerable.Range(1, 199).Select(number => ($"部门{number:000}", "1"))])).OrThrow();
        using (var clerk = await server.OpenPortalAsync("clerk"))
        {
            var page = WebUtility.HtmlDecode(await clerk.GetStringAsync($"/planning/{plan}/edit/{whole}?by=Department"));
            Assert.Contains("还有 4 条（共 4 人）", page, StringComparison.Ordinal);
            Assert.Contains("data-testid=\"grid-sum\">199<", page, StringComparison.Ordinal);
        }
        await server.Get<SaveTargets>().RunAsync(await WhoAsync("clerk"), plan, whole, TargetSplit.Department, null,
            [new("部门001", "2", Was: "部门001"), new("部门002", "", Was: "部门002"), new("妇联", "3", Was: "部门003")]);
        var tree = await server.Get<PlanStore>().TreeAsync(plan);
        var parts = tree.Parts(tree.Whole, TargetSplit.Department).ToDictionary(part => part.Department!, part => part.People);
        Assert.Equal(198, parts.Count);
        Assert.Equal((2, 3, 1), (parts["部门001"], parts["妇联"], parts["部门199"]));
        Assert.False(parts.ContainsKey("部门002") || parts.ContainsKey("部门003"));
    }

    [Fact]
    public async Task A_breakdown_is_previewed_with_its_wrong_sums_and_taken_over_once_it_is_right()
    {
        var (plan, whole) = await DraftAsync(30);
        var clerk = await WhoAsync("clerk");
        var year = CountyTime.DayOf(server.Clock.GetUtcNow()).Year;
        var import = server.Get<ImportBreakdown>();
        var wrong = (await import.StartAsync(clerk, plan, whole, Upload($"乡镇,{year}年\r\n锁南镇,10\r\n达板镇,20\r\n合计,31\r\n"), default)).OrThrow();
        Desk.ExpectBadField("file", await import.AdoptAsync(clerk, wrong));
        using (var portal = await server.OpenPortalAsync("clerk"))
        {
            var page = await portal.GetStringAsync($"/planning/sheets/{wrong}");
            Assert.Contains("合计写的是 31，各项相加是 30", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
            Assert.DoesNotContain("adopt-breakdown", page, StringComparison.Ordinal);
        }
        var short10 = (await import.StartAsync(clerk, plan, whole, Upload("乡镇,人数\r\n锁南镇,20\r\n"), default)).OrThrow();
        Assert.Equal(RefusalCode.PlanSumsDiffer, Desk.Refused(await import.AdoptAsync(clerk, short10)).Code);
        var right = (await import.StartAsync(clerk, plan, whole, Upload($"乡镇,{year}年\r\n锁南镇,10\r\n达板镇,20\r\n合计,30\r\n"), default)).OrThrow();
        (await import.AdoptAsync(clerk, right)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.NotFound, await import.AdoptAsync(clerk, right));
        (await ApproveAsync(plan)).OrThrow();
        var tree = await server.Get<PlanStore>().TreeAsync(plan);
        Assert.Equal([10, 20], tree.All.Where(target => target.Split == TargetSplit.Township).Select(target => target.People));
    }

    [Fact]
    public async Task Only_used_and_passed_vouchers_count_and_the_laggard_is_named_with_how_many_are_missing()
    {
        var scene = await SettledScene.BuildAsync(server);
        await scene.CompletedVouchersAsync(3);
        await scene.EnrolledVouchersAsync(4);
        await using var connection = await server.Database.OpenConnectionAsync();
        var department = $"部门{scene.BudgetLine}";
        await connection.ExecuteAsync("update budget_line set department = @department where id = @BudgetLine", new { department, scene.BudgetLine });
        var year = await connection.ExecuteScalarAsync<int>("select extract(year from max(completed_at) at time zone 'Asia/Shanghai')::int from completion");
        var issued = await connection.ExecuteScalarAsync<int>("select extract(year from min(approved_at) at time zone 'Asia/Shanghai')::int from batch where budget_line_id = @BudgetLine", new { scene.BudgetLine });
        var plan = (await server.Get<DraftPlan>().RunAsync(await WhoAsync("clerk"), $"测进度{scene.BudgetLine}", "进度", issued, year, 50)).OrThrow();
        var whole = (await server.Get<PlanStore>().TreeAsync(plan)).Whole.Id;
        (await DivideAsync(plan, whole, TargetSplit.Department, (department, "40"), ("无人部门", "10"))).OrThrow();
        (await ApproveAsync(plan)).OrThrow();
        server.Clock.MoveTo(new DateOnly(year, 12, 31), new TimeOnly(9, 0));

        var view = (await server.Get<PlanProgress>().ReadAsync(plan, null))!;
        var line = view.Parts.Single(part => part.Split == TargetSplit.Department).Lines.Single(each => each.Target.Department == department);
        Assert.Equal(new PlaceCount(7, 7, 7, 3), line.Count);
        Assert.Equal(37, line.Progress!.Missing);
        Assert.Equal(["无人部门", department], view.Laggards.Select(laggard => laggard.Name.Zh));

        // A failed assessment and a revoked voucher were used, but do not fulfil the target.
        await connection.ExecuteAsync("""
            update assessment set has_passed = false where enrolment_id = (
                select d.enrolment_id from completion d join voucher v on v.id = d.voucher_id where v.budget_line_id = @BudgetLine order by d.voucher_id limit 1)
            """, new { scene.BudgetLine });
        Assert.Equal(2, (await server.Get<PlanProgress>().ReadAsync(plan, line.Target.Id))!.Line.Count.Used);
        await connection.ExecuteAsync("update assessment set has_passed = true");

        using var portal = await server.OpenPortalAsync("auditor");
        var page = await portal.GetStringAsync($"/planning/{plan}");
        Assert.Contains("data-testid=\"laggards\"", page, StringComparison.Ordinal);
        Assert.Contains(department, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        using var api = await server.LogInAsync("auditor");
        var json = JsonDocument.Parse(await api.GetStringAsync($"/api/plans/{plan}/progress?target={line.Target.Id}")).RootElement;
        Assert.Equal((3, 7), (json.GetProperty("target").GetProperty("used").GetInt32(), json.GetProperty("target").GetProperty("issued").GetInt32()));
    }

    [Fact]
    public async Task A_trade_beside_a_programme_of_it_is_not_approved_and_a_department_without_a_budget_line_is_named()
    {
        var (plan, whole) = await DraftAsync(10);
        var trade = await TradeOfAsync(1001);
        (await DivideAsync(plan, whole, TargetSplit.Programme, ($"{trade}", "4"), ("1001", "6"))).OrThrow();
        Assert.Equal(RefusalCode.PlanPartsOverlap, Desk.Refused(await ApproveAsync(plan)).Code);
        (await DivideAsync(plan, whole, TargetSplit.Programme, ($"{trade}", "10"), ("1001", ""))).OrThrow();
        (await DivideAsync(plan, whole, TargetSplit.Department, ("县打错局", "10"))).OrThrow();
        Assert.Equal(["县打错局"], (await server.Get<PlanProgress>().ReadAsync(plan, null))!.WithoutBudget);
        using (var portal = await server.OpenPortalAsync("clerk"))
            Assert.Contains("按券计数永远是 0：县打错局。", WebUtility.HtmlDecode(await portal.GetStringAsync($"/planning/{plan}")), StringComparison.Ordinal);
        (await ApproveAsync(plan)).OrThrow();
    }

    private async Task<int> TradeOfAsync(int programme)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("select trade_code from programme where code = @programme", new { programme });
    }

    [Fact]
    public async Task A_draft_waits_on_the_list_of_the_approver_and_its_pages_bear_any_typing()
    {
        var (plan, whole) = await DraftAsync(10);
        using (var approver = await server.OpenPortalAsync("approver"))
        {
            Assert.Contains("待批准的计划", WebUtility.HtmlDecode(await approver.GetStringAsync("/")), StringComparison.Ordinal);
            Assert.Contains("approve-plan", await approver.GetStringAsync($"/planning/{plan}"), StringComparison.Ordinal);
        }
        using var clerk = await server.OpenPortalAsync("clerk");
        foreach (var by in new[] { "Year", "Department", "Township", "Programme", "Item", "99", "\0" })
        {
            var page = await clerk.GetStringAsync($"/planning/{plan}/edit/{whole}?by={Uri.EscapeDataString(by)}");
            foreach (var value in new[] { "\0", "99999999999999999999", "-1", new string('长', 500), "<b>'; --" })
            {
                using var answer = await clerk.PostAsync($"/planning/{plan}/edit/{whole}", new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["by"] = by, ["People"] = value, ["Rows[0].Key"] = value, ["Rows[0].People"] = "5", ["Rows[0].Responsible"] = value, ["Rows[0].Scope"] = value,
                    ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(page),
                }));
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{by} {value}: {answer.StatusCode}");
            }
        }
        foreach (var of in new[] { "townships", "departments", "text004", "text000" })
        {
            using var template = await clerk.GetAsync($"/planning/{plan}/sheet/{whole}?handler=Template&of={of}");
            Assert.Equal(HttpStatusCode.OK, template.StatusCode);
        }
        using var missing = await clerk.GetAsync($"/planning/{plan}/{long.MaxValue}");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private static FormFile Upload(string csv)
    {
        var content = Encoding.UTF8.GetBytes(csv);
        return new FormFile(new MemoryStream(content), 0, content.Length, "file", "分解表.csv");
    }
}
