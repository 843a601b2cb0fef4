using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Allowances;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Settling;

/// <summary>Monthly lists: from scans to what is owed, and back.</summary>
public sealed class AllowanceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task A_month_is_drawn_up_from_scans_approved_by_another_person_and_owed_to_the_trainees()
    {
        var scene = await AllowanceScene.BuildAsync(server, 1);
        await scene.TraineesAsync(2);
        var drawn = await scene.PreviewAsync();
        Assert.Equal((2, Fen.FromYuan(160), 0), (drawn.People, drawn.Draft.Total, drawn.Draft.LeftOut.Count));

        var list = (await scene.DraftAsync()).OrThrow();
        Assert.Equal(AllowanceListState.Drafted, (await scene.ReadAsync(list)).State);
        await _desk.HireAsync("same-person", Role.Approver, sameAs: "clerk");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await scene.ApproveAsync(list, "same-person"));
        (await scene.ApproveAsync(list)).OrThrow();

        var read = await scene.ReadAsync(list);
        Assert.Equal((AllowanceListState.Approved, 2, 8, Fen.FromYuan(160)), (read.State, read.People, read.Days, read.Total));
        var entry = (await scene.EntriesAsync(list))[0];
        Assert.Equal("2 天 × 30.00 元 = 60.00 元", entry.Amount.Arithmetic.Zh);
        Assert.StartsWith("补助测试", Assert.Single(await server.Get<AllowanceReading>().RulesAsync([entry])), StringComparison.Ordinal);
        Assert.Equal(Fen.FromYuan(160), (await scene.Settled.BalancesAsync())[LedgerAccountKind.Payable]);
        Assert.Equal(
            [(60L, true), (20L, true), (60L, true), (20L, true)],
            (await scene.RowsAsync<(long, bool)>("select amount_fen / 100, person_id is not null from payable where kind = 3 and budget_line_id = @BudgetLine order by id", new { scene.Settled.BudgetLine })));
        Desk.ExpectRefusal(RefusalCode.AllowanceWrongStep, await scene.ApproveAsync(list));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_day_is_paid_once_ever_and_a_later_list_takes_up_only_what_is_new()
    {
        var scene = await AllowanceScene.BuildAsync(server, 2);
        var vouchers = await scene.TraineesAsync(2, withAccounts: false);
        await scene.AddAccountAsync(vouchers[0]);
        await scene.AddAccountAsync(vouchers[1], usableInDays: 2);
        var first = await scene.ApprovedAsync();
        Assert.Single((await scene.EntriesAsync(first)).Select(entry => entry.Person).Distinct());
        Assert.Equal(AllowanceObstacle.NoVerifiedAccount, Assert.Single(Assert.Single((await scene.PreviewAsync()).Draft.LeftOut, left => left.Obstacles[0] != AllowanceObstacle.DaysTaken).Obstacles));
        Desk.ExpectRefusal(RefusalCode.NothingToAllow, await scene.DraftAsync());
        await scene.AddAccountAsync(vouchers[1]);
        var second = await scene.ApprovedAsync();
        Assert.Equal(Fen.FromYuan(80), (await scene.ReadAsync(second)).Total);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_month_drafted_in_parallel_is_drafted_once()
    {
        var scene = await AllowanceScene.BuildAsync(server, 3);
        await scene.TraineesAsync(3);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => scene.DraftAsync())));
        Assert.Single(outcomes.OfType<Outcome<AllowanceListId>.Done>());
        Assert.All(outcomes.OfType<Outcome<AllowanceListId>.Refused>(), refused => Assert.Equal(RefusalCode.NothingToAllow, refused.Refusal.Code));
        var list = outcomes.OfType<Outcome<AllowanceListId>.Done>().Single().Value;
        await _desk.HireAsync("approver-two", Role.Approver);
        var approvals = await Task.WhenAll(Enumerable.Range(0, 6).Select(hand => Task.Run(() => scene.ApproveAsync(list, hand % 2 == 0 ? "approver" : "approver-two"))));
        Assert.Single(approvals.OfType<Outcome<Nothing>.Done>());
        Assert.Equal(Fen.FromYuan(240), (await scene.Settled.BalancesAsync())[LedgerAccountKind.Payable]);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Past_every_check_the_index_still_refuses_a_day_twice()
    {
        var scene = await AllowanceScene.BuildAsync(server, 4);
        await scene.TraineesAsync(1);
        var list = (await scene.DraftAsync()).OrThrow();
        var twice = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => scene.ExecuteAsync("""
            with another as (
                insert into allowance_list (region, month, budget_line_id, status, drafted_by, drafted_by_staff, drafted_at)
                select region, month, budget_line_id, 1, drafted_by, drafted_by_staff, drafted_at from allowance_list where id = @list returning id),
            more as (
                insert into allowance (region, list_id, kind, person_id, voucher_id, class_id, budget_line_id, days, full_fen, amount_fen)
                select region, another.id, kind, person_id, voucher_id, class_id, budget_line_id, days, full_fen, amount_fen
                from allowance, another where list_id = @list and kind = 1 returning id)
            insert into allowance_day (allowance_id, person_id, kind, day, rate_fen, policy_id, standing)
            select more.id, d.person_id, d.kind, d.day, d.rate_fen, d.policy_id, 1
            from more, allowance_day d join allowance a on a.id = d.allowance_id
            where a.list_id = @list and a.kind = 1
            """, new { list }));
        Assert.Equal(AllowanceStore.DayOnce, twice.ConstraintName);
    }

    [Fact]
    public async Task Whoever_is_held_in_conflict_matched_revoked_or_outside_the_purpose_is_left_out_with_the_reason()
    {
        var scene = await AllowanceScene.BuildAsync(server, 5);
        var vouchers = await scene.TraineesAsync(4);
        await scene.ExecuteAsync("""
            insert into hold (region, voucher_id, reason, opened_at, due_at, evidence, alarmed_at, scan_id, terminal_id)
            select b.region, v.id, 2, now(), now(), '{}', now(), (select id from scan limit 1), (select min(id) from terminal)
            from voucher v join batch b on b.id = v.batch_id where v.id = @id
            """, new { id = vouchers[0] });
        await scene.ExecuteAsync("update voucher set in_conflict = true where id = @id", new { id = vouchers[1] });
        await scene.ExecuteAsync("""
            with run as (insert into match_run (region, source, file_name, as_of, created_by, created_at) select region, 1, 'x.xlsx', '2026-01-01', id, now() from account, county where login = 'clerk' returning id, region)
            insert into match_hit (run_id, region, person_id, source) select run.id, run.region, v.person_id, 1 from run, voucher v where v.id = @id
            """, new { id = vouchers[2] });
        await scene.ExecuteAsync("update enrolment set is_active = false where voucher_id = @id", new { id = vouchers[3] });
        var drawn = await scene.PreviewAsync();
        Assert.Empty(drawn.Draft.Entries);
        Assert.Equal(
            [AllowanceObstacle.Held, AllowanceObstacle.InConflict, AllowanceObstacle.Matched, AllowanceObstacle.NoLongerInClass],
            vouchers.Select(voucher => Assert.Single(drawn.Draft.LeftOut, left => drawn.Trainees[left.Enrolment].Voucher == voucher).Obstacles[0]));
        // Put right again: the other tests of the class look at all books.
        await scene.ExecuteAsync("""
            update hold set released_at = now() where voucher_id = @held;
            update voucher set in_conflict = false where id = @contested;
            update enrolment set is_active = true where voucher_id = @gone;
            """, new { held = vouchers[0], contested = vouchers[1], gone = vouchers[3] });
    }

    [Fact]
    public async Task Money_for_others_pays_neither_the_person_nor_in_the_end_the_row()
    {
        var scene = await AllowanceScene.BuildAsync(server, 13);
        await scene.TraineesAsync(1);
        var other = await SettledScene.BuildAsync(server);
        await scene.ExecuteAsync("insert into fund_purpose (region, fund_source_id, budget_line_id, category) select region, fund_source_id, id, '残疾人' from budget_line where id = @line", new { line = other.BudgetLine });
        await AllowanceScene.AllowAsync(server, other.BudgetLine, "残联〔2026〕1号");
        var drawn = (await server.Get<DrawUpAllowances>().PreviewAsync(scene.Request with { Line = other.BudgetLine.Value })).OrThrow();
        Assert.Equal(AllowanceObstacle.PersonOutsidePurpose, Assert.Single(Assert.Single(drawn.Draft.LeftOut).Obstacles));
        var list = (await scene.DraftAsync()).OrThrow();
        var outside = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => scene.ExecuteAsync("""
            insert into allowance (region, list_id, kind, person_id, voucher_id, class_id, budget_line_id, days, full_fen, amount_fen)
            select region, (select max(id) from allowance_list), 2, person_id, voucher_id, class_id, @line, days, full_fen, amount_fen from allowance where list_id = @list and kind = 2
            """, new { list, line = other.BudgetLine }));
        Assert.Equal("VX712", outside.SqlState);
        // And a purpose on which a list rests is not changed under it.
        var settled = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => scene.ExecuteAsync(
            "insert into fund_purpose (region, fund_source_id, budget_line_id, category) select region, fund_source_id, id, '残疾人' from budget_line where id = @line",
            new { line = scene.Settled.BudgetLine }));
        Assert.Equal("VX714", settled.SqlState);
    }

    [Fact]
    public async Task What_came_up_between_draft_and_approval_stops_the_list()
    {
        var scene = await AllowanceScene.BuildAsync(server, 6);
        var vouchers = await scene.TraineesAsync(2);
        var list = (await scene.DraftAsync()).OrThrow();
        await scene.ExecuteAsync("update payee_account set ended_at = now() where person_id = (select person_id from voucher where id = @id)", new { id = vouchers[0] });
        var refusal = Desk.Refused(await scene.ApproveAsync(list));
        Assert.Equal((RefusalCode.AllowanceNoLongerDue, "表中有 2 笔现在不能发：没有核验过且可用的本人账户。"), (refusal.Code, refusal.Reason.Zh));
        Assert.Equal(Fen.Zero, (await scene.Settled.BalancesAsync())[LedgerAccountKind.Payable]);
        (await scene.CancelAsync(list)).OrThrow();
        Assert.Equal(Fen.FromYuan(80), (await scene.ReadAsync(await scene.ApprovedAsync())).Total);
    }

    [Fact]
    public async Task A_line_that_is_short_refuses_the_whole_list_with_figures()
    {
        var scene = await AllowanceScene.BuildAsync(server, 7);
        await scene.TraineesAsync(2);
        var list = (await scene.DraftAsync()).OrThrow();
        // All but 100 yuan of a million (less what two vouchers reserve) leaves the line.
        var free = (await scene.Settled.BalancesAsync())[LedgerAccountKind.Unreserved];
        (await server.Get<Voucher.Server.Ledger.Budget.MoveBudget>().LowerAsync(await _desk.WhoAsync("finance"), scene.Settled.BudgetLine, free - Fen.FromYuan(100), "调减1号")).OrThrow();
        var refusal = Desk.Refused(await scene.ApproveAsync(list));
        Assert.Equal((RefusalCode.BudgetShort, "预算不足：需要 160.00 元，可用 100.00 元。"), (refusal.Code, refusal.Reason.Zh));
        Assert.Equal(AllowanceListState.Drafted, (await scene.ReadAsync(list)).State);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task While_unpaid_a_list_is_cancelled_its_money_goes_back_and_its_days_are_free_again()
    {
        var scene = await AllowanceScene.BuildAsync(server, 8);
        await scene.TraineesAsync(1);
        var before = (await scene.Settled.BalancesAsync())[LedgerAccountKind.Unreserved];
        var list = await scene.ApprovedAsync();
        Desk.ExpectBadField("reason", await scene.CancelAsync(list, " "));
        (await scene.CancelAsync(list)).OrThrow();
        Assert.Equal(before, (await scene.Settled.BalancesAsync())[LedgerAccountKind.Unreserved]);
        Assert.Equal(AllowanceListState.Cancelled, (await scene.ReadAsync(list)).State);
        Desk.ExpectRefusal(RefusalCode.AllowanceWrongStep, await scene.CancelAsync(list));
        Assert.Equal(Fen.FromYuan(80), (await scene.ReadAsync(await scene.ApprovedAsync())).Total);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task An_entry_whose_days_were_not_attended_after_all_is_struck_off_for_good()
    {
        var scene = await AllowanceScene.BuildAsync(server, 9);
        await scene.TraineesAsync(1);
        var list = await scene.ApprovedAsync();
        var living = (await scene.EntriesAsync(list)).Single(entry => entry.Kind == AllowanceKind.Living);
        (await scene.CancelOneAsync(list, living.Id, isStruckOff: true)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.NotFound, await scene.CancelOneAsync(list, living.Id, isStruckOff: true));
        Assert.Equal(Fen.FromYuan(20), (await scene.ReadAsync(list)).Total);
        Desk.ExpectRefusal(RefusalCode.NothingToAllow, await scene.DraftAsync());
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_is_in_a_payment_or_paid_is_not_cancelled_and_the_state_follows_the_payables()
    {
        var scene = await AllowanceScene.BuildAsync(server, 10);
        await scene.TraineesAsync(1);
        var list = await scene.ApprovedAsync();
        var entries = await scene.EntriesAsync(list);
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var paid = Dapper.SqlMapper.Execute(connection, """
            with payment as (
                insert into payment (region, status, created_by, created_by_staff, created_at, round_by_staff, total_fen)
                select region, 1, id, staff_id, now(), staff_id, 6000 from account, county where login = 'finance' returning id),
            line as (
                insert into payment_row (payment_id, number, person_id, budget_line_id, payee_name, payee_bank, payee_account_sealed, payee_account_masked, vouchers, gross_fen, amount_fen)
                select payment.id, 1, a.person_id, a.budget_line_id, 'x', 'x', '\x00', 'x', 1, 6000, 6000 from payment, allowance a where a.id = @id returning id)
            update payable set state = 2, payment_row_id = line.id from line where allowance_id = @id
            """, new { id = entries[0].Id.Value }, transaction);
        Assert.Equal(1, paid);
        await transaction.CommitAsync();
        Desk.ExpectRefusal(RefusalCode.AllowanceAlreadySent, await scene.CancelAsync(list));
        Desk.ExpectRefusal(RefusalCode.AllowanceAlreadySent, await scene.CancelOneAsync(list, entries[0].Id, isStruckOff: false));
        (await scene.CancelOneAsync(list, entries[1].Id, isStruckOff: false)).OrThrow();
        await scene.ExecuteAsync("update payable set state = 3 where allowance_id = @id", new { id = entries[0].Id.Value });
        Assert.Equal(AllowanceListState.Paid, (await scene.ReadAsync(list)).State);
        // Undone, so that other tests of the class find the books as they were.
        await scene.ExecuteAsync("update payable set state = 1, payment_row_id = null where allowance_id = @id; delete from payment_row where person_id is not null; delete from payment where total_fen = 6000", new { id = entries[0].Id.Value });
    }

    [Fact]
    public async Task One_account_of_two_people_is_marked_on_the_list_and_in_the_file()
    {
        var scene = await AllowanceScene.BuildAsync(server, 11);
        var vouchers = await scene.TraineesAsync(2, withAccounts: false);
        foreach (var voucher in vouchers) await scene.AddAccountAsync(voucher, hash: "one account");
        var list = await scene.ApprovedAsync();
        Assert.All(await scene.EntriesAsync(list), entry => Assert.True(entry.IsShared));
        using var clerk = await server.OpenPortalAsync("clerk");
        var page = await clerk.GetStringAsync($"/settling/allowances/{list}");
        Assert.Contains("data-testid=\"shared-account\"", page, StringComparison.Ordinal);
        Assert.Contains("2 天 × 30.00 元 = 60.00 元", page, StringComparison.Ordinal);
        Assert.DoesNotContain("62292619900101000", page, StringComparison.Ordinal);
        using var answer = await clerk.ExportAsync("allowance-entries", ("list", $"{list}"));
        var file = await ExportClient.OpenAsync(answer);
        Assert.Equal(160.0, file.Column("金额（元）").Sum(cell => (double)cell!));
        Assert.All(file.Column("账号与他人相同"), cell => Assert.Equal("是", cell));
        using var all = await clerk.ExportAsync("allowance-lists");
        Assert.Contains(160.0, (await ExportClient.OpenAsync(all)).Column("金额（元）"));
        Assert.Contains("data-testid=\"allowance-month\"", await clerk.GetStringAsync("/settling/allowances"), StringComparison.Ordinal);
        Assert.Contains("allowance-left-out", await clerk.GetStringAsync($"/settling/allowances/new?month={scene.Request.Month}&line={scene.Request.Line}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_not_recorded_pays_nothing_and_a_future_month_is_no_month()
    {
        var scene = await AllowanceScene.BuildAsync(server, 12);
        var other = await SettledScene.BuildAsync(server);
        var clerk = await _desk.WhoAsync("clerk");
        Desk.ExpectBadField("line", await server.Get<DrawUpAllowances>().RunAsync(clerk, scene.Request with { Line = other.BudgetLine.Value }));
        Desk.ExpectBadField("month", await server.Get<DrawUpAllowances>().RunAsync(clerk, scene.Request with { Month = "2099-01" }));
        Desk.ExpectBadField("month", await server.Get<DrawUpAllowances>().RunAsync(clerk, scene.Request with { Month = "2026-3" }));
        Desk.ExpectBadField("line", await server.Get<AllowLine>().ProposeAsync(await _desk.WhoAsync("finance"), scene.Settled.BudgetLine.Value, "又一次"));
    }

    [Fact]
    public async Task A_line_pays_allowances_by_two_persons_of_the_county_until_one_ends_it()
    {
        var scene = await AllowanceScene.BuildAsync(server, 22);
        await scene.TraineesAsync(1);
        var (allow, line, finance, approver) = (server.Get<AllowLine>(), scene.Settled.BudgetLine.Value, await _desk.WhoAsync("finance"), await _desk.WhoAsync("approver"));
        var draft = (await scene.DraftAsync()).OrThrow();
        Desk.ExpectBadField("reason", await allow.EndAsync(finance, line, " "));
        Desk.ExpectRefusal(RefusalCode.NotAllowed, await allow.EndAsync(await _desk.WhoAsync("manager"), line, "不再列支"));
        (await allow.EndAsync(finance, line, "资金文件已废止")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.LinePaysNoAllowances, await scene.ApproveAsync(draft)); // What was drafted is not approved any more.
        Desk.ExpectRefusal(RefusalCode.NotFound, await allow.ConfirmAsync(approver, line));

        Desk.ExpectRefusal(RefusalCode.NotAllowed, await allow.ProposeAsync(await _desk.WhoAsync("manager"), line, "财社〔2026〕2号"));
        Desk.ExpectRefusal(RefusalCode.NotAllowed, await allow.ProposeAsync(approver, line, "财社〔2026〕2号"));
        (await allow.ProposeAsync(finance, line, "财社〔2026〕2号")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.LinePaysNoAllowances, await scene.ApproveAsync(draft)); // One person's word pays nothing.
        Desk.ExpectBadField("line", await server.Get<DrawUpAllowances>().PreviewAsync(scene.Request));
        Desk.ExpectRefusal(RefusalCode.NotAllowed, await allow.ConfirmAsync(finance, line));
        await _desk.HireAsync("finance-approves", Voucher.Server.Accounts.Role.Approver, sameAs: "finance");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await allow.ConfirmAsync(await _desk.WhoAsync("finance-approves"), line));
        (await allow.ConfirmAsync(approver, line)).OrThrow();
        Desk.ExpectBadField("line", await allow.ConfirmAsync(approver, line));
        (await scene.ApproveAsync(draft)).OrThrow();
        using var portal = await server.OpenPortalAsync("approver");
        Assert.Contains($"end-line-{line}", await portal.GetStringAsync("/settling/allowances"), StringComparison.Ordinal);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Of_two_who_propose_a_line_at_once_one_does()
    {
        var other = await SettledScene.BuildAsync(server);
        var finance = await _desk.WhoAsync("finance");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(() => server.Get<AllowLine>().ProposeAsync(finance, other.BudgetLine.Value, $"财社〔2026〕{n}号"))));
        Assert.Single(outcomes.OfType<Outcome<Nothing>.Done>());
        (await server.Get<AllowLine>().EndAsync(finance, other.BudgetLine.Value, "重新提出")).OrThrow();
    }
}
