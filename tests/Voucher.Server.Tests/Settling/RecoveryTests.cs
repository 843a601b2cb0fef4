using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Settling.Recovering;
using Voucher.Testing;

namespace Voucher.Server.Tests.Settling;

/// <summary>追回: from the finding to the last fen that came back.</summary>
public sealed class RecoveryTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly RecoveryScene _scene = new(server);

    [Fact]
    public async Task What_was_paid_is_decided_by_a_second_person_and_becomes_receivable_with_a_numbered_notice()
    {
        var (scene, paid) = await _scene.PaidAsync(2);
        var id = (await _scene.ProposeAsync([paid[0]])).OrThrow();
        Assert.Equal(2400, await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Paid)); // Nothing has moved yet.
        await _scene.Desk.HireAsync("clerk-decides", Role.Approver, sameAs: "clerk");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _scene.ConfirmAsync(id, "clerk-decides"));
        foreach (var hand in new[] { "manager", "reviewer", "approver", "finance" })
            Assert.IsNotType<Outcome<NoticeNumber>.Done>(await _scene.ConfirmAsync(id, hand));
        var notice = (await _scene.ConfirmAsync(id)).OrThrow();
        Assert.Equal($"追〔{_scene.Today.Year}〕{notice.No}号", notice.ToString());
        Assert.Equal((1200m, 1200m), (await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Paid), await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable)));
        Assert.Equal(7, await _scene.ValueAsync<int>("select state::int from claim_line where voucher_id = @v", new { v = paid[0] }));
        var known = await _scene.ReadAsync(id);
        Assert.Equal((RecoveryState.Open, Fen.FromYuan(1200)), (known.Summary.State, known.Summary.Outstanding));
        Assert.Contains("追回", known.Rule.Length > 0 ? RecoveryStep.Decide.Name().Zh : "", StringComparison.Ordinal);
        await _scene.Desk.ExpectInvariantsAsync();
        Desk.ExpectRefusal(RefusalCode.RecoveryWrongStep, await _scene.ConfirmAsync(id));
        Desk.ExpectRefusal(RefusalCode.AlreadyInClaim, await _scene.Desk.ClaimAsync([paid[0]])); // Taken back is not claimed again.
    }

    [Fact]
    public async Task Who_reviewed_the_line_may_propose_but_not_decide()
    {
        var (_, paid) = await _scene.PaidAsync(1);
        var id = (await _scene.ProposeAsync([paid[0]], "reviewer")).OrThrow();
        await _scene.Desk.HireAsync("reviewer-as-approver", Role.Approver, sameAs: "approver");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _scene.ConfirmAsync(id, "reviewer-as-approver")); // The same person by another log-in.
        (await _scene.ConfirmAsync(id)).OrThrow();
    }

    [Fact]
    public async Task A_part_is_paid_in_by_bank_documents_each_once_and_never_more_than_is_owed()
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        var id = await _scene.DecidedAsync($"{paid[0]} 500.50 只上了一半的课");
        Assert.Equal(5, await _scene.ValueAsync<int>("select state::int from claim_line where voucher_id = @v", new { v = paid[0] }));
        Desk.ExpectRefusal(RefusalCode.PayInExceeds, await _scene.PayInAsync(id, "缴款书-甲1", "500.51"));
        (await _scene.PayInAsync(id, "缴款书-甲1", "200")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PayInDocumentUsed, await _scene.PayInAsync(id, "缴款书-甲1", "100"));
        Desk.ExpectBadField("amount", await _scene.PayInAsync(id, "缴款书-甲2", "1.234"));
        (await _scene.PayInAsync(id, "缴款书-甲2", "300.50")).OrThrow();
        Assert.Equal(RecoveryState.Settled, (await _scene.ReadAsync(id)).Summary.State);
        Assert.Equal(0, await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable));
        Desk.ExpectRefusal(RefusalCode.RecoveryWrongStep, await _scene.PayInAsync(id, "缴款书-甲3", "1"));
        await _scene.Desk.ExpectInvariantsAsync();
        // The rest of the same line may still be taken back, and no more than that.
        Desk.ExpectRefusal(RefusalCode.RecoveryExceeds, await _scene.ProposeAsync($"{paid[0]} 699.51"));
        await _scene.DecidedAsync($"{paid[0]} 699.50");
        Desk.ExpectRefusal(RefusalCode.NothingToRecover, await _scene.ProposeAsync([paid[0]]));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_is_owed_and_not_paid_is_cancelled_and_what_is_kept_back_is_free_again()
    {
        await _scene.Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        var scene = await SettledScene.BuildAsync(server, ownSource: true);
        var vouchers = await scene.CompletedVouchersAsync(2);
        await Packs.SetAsync(server, Packs.Usual with { RetentionPercent = 10 });
        var claim = await _scene.Desk.ApprovedClaimAsync(vouchers);
        await Packs.SetAsync(server, Packs.Usual);
        var id = await _scene.DecidedAsync($"{vouchers[0]} 700");
        var line = Assert.Single((await _scene.ReadAsync(id)).Lines);
        Assert.Equal((Fen.FromYuan(120), Fen.FromYuan(580), Fen.Zero), (line.FromRetained, line.FromOwed, line.FromPaid));
        Assert.Equal((1580m, 120m, 0m), (await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Payable),
            await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Retained), await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable)));
        Assert.Equal(RecoveryState.Settled, (await _scene.ReadAsync(id)).Summary.State); // Nobody owes anything.
        await _scene.Desk.ExpectInvariantsAsync();
        // The rest is paid as before; a voucher of which all is taken back is in no payment.
        await _scene.DecidedAsync($"{vouchers[1]}");
        (await _scene.Desk.PaidAsync((await _scene.Desk.PayAsync([claim])).OrThrow())).OrThrow();
        Assert.Equal((500m, 0m), (await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Paid), await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Payable)));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_claim_of_which_all_is_taken_back_before_payment_is_closed()
    {
        await _scene.Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = await _scene.Desk.ApprovedClaimAsync(vouchers);
        await _scene.DecidedAsync(string.Join('\n', vouchers));
        Desk.ExpectRefusal(RefusalCode.WrongStep, await _scene.Desk.PayAsync([claim]));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task While_the_bank_has_the_money_nothing_is_decided_and_the_payment_is_named()
    {
        await _scene.Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(1);
        var payment = (await _scene.Desk.PayAsync([await _scene.Desk.ApprovedClaimAsync(vouchers)])).OrThrow();
        Desk.ExpectRefusal(RefusalCode.RecoveryInPayment, await _scene.ProposeAsync([vouchers[0]]));
        (await _scene.Desk.PaidAsync(payment)).OrThrow();
        await _scene.DecidedAsync($"{vouchers[0]}");
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_wrong_decision_is_reversed_by_two_persons_and_nothing_is_deleted()
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        var id = await _scene.DecidedAsync($"{paid[0]}");
        var reverse = server.Get<ReverseRecovery>();
        // Whoever has settled it says neither that taking it back was wrong nor that it was right.
        Desk.ExpectRefusal(RefusalCode.SamePerson, await reverse.ProposeAsync(id, "复核后查明有误", await _scene.Desk.WhoAsync("reviewer")));
        await _scene.Desk.HireAsync("doubts", Role.Reviewer);
        await _scene.Desk.HireAsync("doubts-again", Role.Approver, sameAs: "doubts");
        (await reverse.ProposeAsync(id, "复核后查明有误", await _scene.Desk.WhoAsync("doubts"))).OrThrow();
        foreach (var login in new[] { "doubts-again", "approver" })
            Desk.ExpectRefusal(RefusalCode.SamePerson, await reverse.ConfirmAsync(id, null, await _scene.Desk.WhoAsync(login)));
        (await reverse.ConfirmAsync(id, null, await _scene.Desk.WhoAsync(RecoveryScene.Decider))).OrThrow();
        Assert.Equal((1200m, 0m), (await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Paid), await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable)));
        var known = await _scene.ReadAsync(id);
        Assert.Equal(RecoveryState.Reversed, known.Summary.State);
        Assert.Equal([RecoveryStep.Propose, RecoveryStep.Decide, RecoveryStep.ProposeReversal, RecoveryStep.ConfirmReversal], known.Steps.Select(step => step.Step));
        Assert.Equal(5, await _scene.ValueAsync<int>("select state::int from claim_line where voucher_id = @v", new { v = paid[0] }));
        await _scene.Desk.ExpectInvariantsAsync();
        // And what was owed is owed again.
        var other = await SettledScene.BuildAsync(server, ownSource: true);
        var vouchers = await other.CompletedVouchersAsync(1);
        var claim = await _scene.Desk.ApprovedClaimAsync(vouchers);
        var second = await _scene.DecidedAsync($"{vouchers[0]} 100");
        (await reverse.ProposeAsync(second, "有误", await _scene.Desk.WhoAsync("clerk"))).OrThrow();
        (await reverse.ConfirmAsync(second, null, await _scene.Desk.WhoAsync(RecoveryScene.Decider))).OrThrow();
        (await _scene.Desk.PaidAsync((await _scene.Desk.PayAsync([claim])).OrThrow())).OrThrow();
        Assert.Equal(1200m, await _scene.BalanceAsync(other.BudgetLine, LedgerAccountKind.Paid));
        await _scene.Desk.ExpectInvariantsAsync();
        // What came back is not undone by a word.
        var third = await _scene.DecidedAsync($"{vouchers[0]}");
        (await _scene.PayInAsync(third, "缴款书-乙1", "1")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.RecoveryCameBack, await reverse.ProposeAsync(third, "有误", await _scene.Desk.WhoAsync("clerk")));
    }

    [Fact]
    public async Task Lines_are_pasted_with_amounts_and_reasons_and_each_fault_is_named()
    {
        var (scene, paid) = await _scene.PaidAsync(2);
        foreach (var bad in new[] { "", "12", $"{paid[0]} 1.234", $"{paid[0]} 0", $"{paid[0]}\n{paid[0]}", $"{paid[0]} {new string('长', 300)}" })
            Desk.ExpectBadField("lines", await _scene.ProposeAsync(bad));
        var digits = paid[0].ToString().Replace(" ", "", StringComparison.Ordinal);
        var id = (await _scene.ProposeAsync($"{digits}，100 代签到\n{paid[1]}\t1,000.50\t重复申报")).OrThrow();
        Assert.Equal([(Fen.FromYuan(100), "代签到"), (new Fen(100_050), "重复申报")], (await _scene.ReadAsync(id)).Lines.Select(line => (line.Amount, line.Reason)));
        Assert.Equal(2, (await server.Get<ProposeRecovery>().LinesOfAsync(scene.Class, null, await _scene.Desk.WhoAsync("clerk"))).Split('\n').Length);
        (await server.Get<DecideRecovery>().WithdrawAsync(id, await _scene.Desk.WhoAsync("clerk"))).OrThrow();
        var (_, elsewhere) = await _scene.PaidAsync(1, "manager2");
        Desk.ExpectRefusal(RefusalCode.RecoveryOfSeveral, await _scene.ProposeAsync([paid[0], elsewhere[0]]));
    }

    [Fact]
    public async Task An_institution_reads_its_own_from_the_decision_on_and_nobody_elses()
    {
        var (_, paid) = await _scene.PaidAsync(1);
        var id = (await _scene.ProposeAsync([paid[0]])).OrThrow();
        var reading = server.Get<RecoveryReading>();
        Assert.Null(await reading.FindAsync(id, await _scene.Desk.WhoAsync("manager")));
        (await _scene.ConfirmAsync(id)).OrThrow();
        Assert.NotNull(await reading.FindAsync(id, await _scene.Desk.WhoAsync("manager")));
        Assert.Null(await reading.FindAsync(id, await _scene.Desk.WhoAsync("manager2")));
        using var own = await server.OpenPortalAsync("manager");
        var page = await own.GetStringAsync($"/recoveries/{id}");
        Assert.Contains("1,200.00", page, StringComparison.Ordinal);
        Assert.Contains("壹仟贰佰元整", await own.GetStringAsync($"/recoveries/{id}/notice"), StringComparison.Ordinal);
        using var other = await server.OpenPortalAsync("manager2");
        using var hidden = await other.GetAsync($"/recoveries/{id}");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, hidden.StatusCode);
        using var clerk = await server.OpenPortalAsync("clerk");
        var story = await clerk.GetStringAsync($"/issuing/vouchers/{paid[0].ToString().Replace(" ", "", StringComparison.Ordinal)}");
        foreach (var step in new[] { "列入申报单", "审核通过", "结算审批", "已支付", "提出追回", "决定追回" }) Assert.Contains(step, story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_to_pay_in_by_that_is_over_before_the_decision_is_not_served()
    {
        var (_, paid) = await _scene.PaidAsync(1);
        var id = (await _scene.ProposeAsync([paid[0]])).OrThrow();
        server.Clock.Advance(TimeSpan.FromDays(31));
        Desk.ExpectRefusal(RefusalCode.TermIsOver, await _scene.ConfirmAsync(id));
        (await server.Get<DecideRecovery>().RejectAsync(id, "期限已过", await _scene.Desk.WhoAsync(RecoveryScene.Decider))).OrThrow();
        await _scene.DecidedAsync($"{paid[0]}");
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_was_served_stays_as_it_was_and_a_reversed_one_is_stamped_and_both_are_taken_away_as_files()
    {
        Requires.Chromium();
        var (_, paid) = await _scene.PaidAsync(1);
        var id = await _scene.DecidedAsync($"{paid[0]} 1000.50");
        using var clerk = await server.OpenPortalAsync("clerk");
        var served = await clerk.GetStringAsync($"/recoveries/{id}/notice");
        foreach (var part in new[] { "壹仟元零伍角整", "1,000.50", $"追〔{_scene.Today.Year}〕" }) Assert.Contains(part, served, StringComparison.Ordinal);
        var reverse = server.Get<ReverseRecovery>();
        (await reverse.ProposeAsync(id, "有误", await _scene.Desk.WhoAsync("clerk"))).OrThrow();
        (await reverse.ConfirmAsync(id, null, await _scene.Desk.WhoAsync(RecoveryScene.Decider))).OrThrow();
        var now = await clerk.GetStringAsync($"/recoveries/{id}/notice");
        Assert.Contains("本通知书作废", now, StringComparison.Ordinal);
        Assert.Contains("请于", now, StringComparison.Ordinal); // What it demanded is still read on it.
        foreach (var (handler, type, start) in new[] { ("Xlsx", Voucher.Server.Spreadsheets.Workbook.ContentType, "PK"), ("Pdf", "application/pdf", "%PDF") })
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(now) });
            using var answer = await clerk.PostAsync($"/recoveries/{id}/notice?handler={handler}", form);
            Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            Assert.StartsWith(start, System.Text.Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
        }
        Assert.Equal(2, await _scene.ValueAsync<int>("select count(*)::int from audit_entry where subject = 'recovery:' || @id and action in ('notice.print', 'notice.xlsx') and ground <> ''", new { id }));
    }

    [Fact]
    public async Task A_trainees_allowance_is_taken_back_from_the_trainee()
    {
        await _scene.Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        var allowances = await AllowanceScene.BuildAsync(server, 20);
        var paid = await allowances.TraineesAsync(1);
        await allowances.ApprovedAsync();
        var source = await _scene.ValueAsync<int>("select fund_source_id from budget_line where id = @BudgetLine", new { allowances.Settled.BudgetLine });
        var payment = (await server.Get<MakePayment>().RunAsync(
            await _scene.Desk.WhoAsync("finance"), new PaymentChoice([], new FundSourceId(source), ToPeople: true))).OrThrow();
        (await _scene.Desk.PaidAsync(payment)).OrThrow();
        await _scene.Desk.ExpectInvariantsAsync();
        var id = (await _scene.ProposeAsync($"{paid[0]} 60", fromTrainee: true)).OrThrow();
        (await _scene.ConfirmAsync(id)).OrThrow();
        var known = await _scene.ReadAsync(id);
        Assert.Equal((null, Fen.FromYuan(60)), (known.Summary.Institution, known.Summary.Outstanding));
        await _scene.Desk.ExpectInvariantsAsync();
        // What the bank returns of it now is not sent again as if nothing had been taken back.
        var row = (await server.Get<PaymentReading>().FindAsync(payment))!.Rows[0];
        Desk.ExpectRefusal(RefusalCode.PaymentRowWrongStep, await server.Get<BounceRow>().RunAsync(
            await _scene.Desk.WhoAsync("finance"), payment, row.Number, row.PaidFen.ToString(), "退-丙1", null));
        (await _scene.PayInAsync(id, "缴款书-丙1", "60")).OrThrow();
        await _scene.Desk.ExpectInvariantsAsync();
    }
}
