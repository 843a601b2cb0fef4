using Dapper;
using Microsoft.AspNetCore.Http;
using Voucher.Core;
using Voucher.Core.Institutions;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Ledger.Closing;
using Voucher.Server.Ledger.Correcting;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Payees;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Settling.Publishing;
using Voucher.Server.Settling.Recovering;
using Voucher.Server.Settling.Retaining;
using Voucher.Server.Settling.Reviewing;
using Voucher.Server.Settling.Allowances;

namespace Voucher.Server.Tests.Settling;

/// <summary>Three different persons, by person and not by account, of parts and of lists alike, and with the roles of the instant.</summary>
public sealed class PersonsTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _made;
    private readonly RecoveryScene _scene = new(server);

    private Desk Desk => _scene.Desk;

    [Fact]
    public async Task Of_a_claim_approved_in_parts_each_approver_is_kept_from_what_they_approved()
    {
        var (first, second) = (Name("first"), Name("second"));
        await Desk.HireAsync(first, Role.Approver);
        await Desk.HireAsync(second, Role.Approver);
        var (scene, vouchers, claim) = await InPartsAsync(first, second);
        // The claim names its last approver only; the first is known by the line's own approval.
        foreach (var approver in new[] { first, second })
        {
            await Desk.HireAsync($"{approver}-pays", Role.Finance, sameAs: approver);
            var refusal = Desk.Refused(await Desk.PayAsync([claim], $"{approver}-pays"));
            Assert.Equal(RefusalCode.SamePerson, refusal.Code);
            Assert.Contains(Duties.Approval.En, refusal.Reason.En, StringComparison.Ordinal);
        }
        var payment = (await Desk.PayAsync([claim])).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await Desk.ReleaseAsync(payment, $"{first}-pays"));
        (await Desk.PaidAsync(payment)).OrThrow();
        var of = (await _scene.ProposeAsync([vouchers[0]])).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _scene.ConfirmAsync(of, first));
        (await _scene.ConfirmAsync(of, second)).OrThrow(); // Approved the other part only.
        await Desk.ExpectInvariantsAsync();
        Assert.Equal(1200m, await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable));
    }

    [Fact]
    public async Task Whoever_ever_gave_a_verdict_or_called_is_kept_from_paying_though_another_reviewed_last()
    {
        var (once, caller) = (Name("once"), Name("caller"));
        await Desk.HireAsync(once, Role.Reviewer);
        await Desk.HireAsync(caller, Role.Clerk);
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await Desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        var line = (await Desk.ReadAsync(claim)).Lines.Single().Id;
        (await Desk.ReviewAsync(claim, line, LineVerdict.Pass, reviewer: once)).OrThrow();
        (await Desk.StepAsync(claim, line, LineStepKind.TakenBack, "看错了", reviewer: once)).OrThrow();
        (await Desk.ReviewAllAsync(claim)).OrThrow();
        foreach (var person in (await Desk.SampleAsync(claim)).Where(person => person.IsOpen))
            (await Desk.CallAsync(claim, person.Line, PhoneResult.Confirms, caller: caller)).OrThrow();
        (await Desk.ApproveAsync(claim)).OrThrow();
        foreach (var login in new[] { once, caller })
        {
            await Desk.HireAsync($"{login}-pays", Role.Finance, sameAs: login);
            Desk.ExpectRefusal(RefusalCode.SamePerson, await Desk.PayAsync([claim], $"{login}-pays"));
        }
        (await Desk.PaidAsync((await Desk.PayAsync([claim])).OrThrow())).OrThrow();
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Who_drew_up_or_approved_a_list_of_allowances_pays_and_takes_back_nothing_of_it()
    {
        await Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        var (drafter, approver) = (Name("drafter"), Name("approver"));
        await Desk.HireAsync(drafter, Role.Clerk);
        await Desk.HireAsync(approver, Role.Approver);
        var scene = await AllowanceScene.BuildAsync(server, 20);
        var vouchers = await scene.TraineesAsync(1);
        var list = (await scene.DraftAsync(drafter)).OrThrow();
        await Desk.HireAsync($"{drafter}-approves", Role.Approver, sameAs: drafter);
        Desk.ExpectRefusal(RefusalCode.SamePerson, await scene.ApproveAsync(list, $"{drafter}-approves"));
        (await scene.ApproveAsync(list, approver)).OrThrow();
        var source = new FundSourceId(await _scene.ValueAsync<int>("select fund_source_id from budget_line where id = @BudgetLine", new { scene.Settled.BudgetLine }));
        var choice = new PaymentChoice([], source, ToPeople: true);
        foreach (var login in new[] { drafter, approver })
        {
            await Desk.HireAsync($"{login}-pays", Role.Finance, sameAs: login);
            Desk.ExpectRefusal(RefusalCode.SamePerson, await server.Get<MakePayment>().RunAsync(await Desk.WhoAsync($"{login}-pays"), choice));
        }
        var payment = (await server.Get<MakePayment>().RunAsync(await Desk.WhoAsync("finance"), choice)).OrThrow();
        foreach (var login in new[] { drafter, approver })
            Desk.ExpectRefusal(RefusalCode.SamePerson, await Desk.ReleaseAsync(payment, $"{login}-pays"));
        (await Desk.PaidAsync(payment)).OrThrow();
        var recovery = (await _scene.ProposeAsync($"{vouchers[0]} 60", fromTrainee: true)).OrThrow();
        foreach (var login in new[] { $"{drafter}-approves", approver }) Desk.ExpectRefusal(RefusalCode.SamePerson, await _scene.ConfirmAsync(recovery, login));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await server.Get<DecideRecovery>().RejectAsync(recovery, "没有问题", await Desk.WhoAsync(approver)));
        (await _scene.ConfirmAsync(recovery)).OrThrow();
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Two_entries_of_one_person_take_no_step_together()
    {
        var (old, now) = (Name("old"), Name("now"));
        await HireAsync(old, Role.Clerk, Role.Reviewer, Role.Finance);
        await HireAsync(now, Role.Approver);
        var (scene, paid) = await _scene.PaidAsync(2);
        var recovery = (await _scene.ProposeAsync([paid[0]], old)).OrThrow();
        var decided = await _scene.DecidedAsync($"{paid[1]} 100");
        (await server.Get<ReverseRecovery>().ProposeAsync(decided, "有误", await Desk.WhoAsync(old))).OrThrow();
        var impose = server.Get<ImposeConsequence>();
        var warning = (await impose.ProposeAsync(scene.Institution, new ConsequenceForm(ConsequenceRung.Warning, "代签到", null, null, null), await Desk.WhoAsync(old))).OrThrow();
        var month = new DateOnly(_scene.Today.Year, _scene.Today.Month, 1).AddMonths(-30); // Long before anything: the first to be closed.
        (await server.Get<CloseMonth>().ProposeAsync(await Desk.WhoAsync(old), month)).OrThrow();
        var allocation = await _scene.ValueAsync<long>(
            "select max(t.id) from ledger_transaction t join ledger_posting p on p.transaction_id = t.id join ledger_account a on a.id = p.ledger_account_id where t.kind = 1 and a.budget_line_id = @BudgetLine",
            new { scene.BudgetLine });
        (await server.Get<CorrectTransaction>().ProposeAsync(await Desk.WhoAsync(old), allocation, "记错")).OrThrow();
        var allowances = await AllowanceScene.BuildAsync(server, 21);
        await allowances.TraineesAsync(1);
        var list = (await allowances.DraftAsync(old)).OrThrow();

        await MergeAsync(old, now);
        // Whoever acts is now one person with two rows: what was proposed under the old is their own.
        Desk.ExpectRefusal(RefusalCode.SamePerson, await AsPersonAsync(now, actor => server.Get<DecideRecovery>().ConfirmAsync(recovery, null, actor)));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await AsPersonAsync(now, actor => server.Get<DecideRecovery>().RejectAsync(recovery, "不属实", actor)));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await AsPersonAsync(now, actor => server.Get<ReverseRecovery>().ConfirmAsync(decided, null, actor)));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await AsPersonAsync(now, actor => impose.ConfirmAsync(warning, null, actor)));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await AsPersonAsync(now, actor => server.Get<CloseMonth>().CloseAsync(actor, month)));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await AsPersonAsync(now, actor => server.Get<CorrectTransaction>().DecideAsync(actor, allocation, post: true)));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await AsPersonAsync(now, actor => server.Get<ApproveAllowances>().RunAsync(actor, list)));
        // Past every check the statement still compares persons.
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.Get<DecideRecovery>().RejectAsync(recovery, "不属实", await Desk.WhoAsync(now)));
        // And what they do under either log-in is theirs in the books and in the history.
        (await AsPersonAsync(old, actor => server.Get<DecideRecovery>().WithdrawAsync(recovery, actor))).OrThrow();
        (await AsPersonAsync(old, actor => impose.WithdrawAsync(warning, actor))).OrThrow();
        Assert.Equal((await Desk.WhoAsync(now)).Staff.Value, await _scene.ValueAsync<int>("select staff_id from recovery_step where recovery_id = @recovery order by number desc limit 1", new { recovery }));
        await Desk.ExpectInvariantsAsync();
        (await server.Get<CloseMonth>().SendBackAsync(await Desk.WhoAsync("approver"), month, "合并测试")).OrThrow();
        (await server.Get<CorrectTransaction>().DecideAsync(await Desk.WhoAsync("approver"), allocation, post: false)).OrThrow();
    }

    [Fact]
    public async Task Who_set_up_another_account_may_have_made_the_payment_that_is_resent_to_it_by_somebody_else()
    {
        await Desk.HireAsync("finance4", Role.Finance);
        var scene = await SettledScene.BuildAsync(server, manager: "manager2", ownSource: true);
        var claim = (await Desk.ClaimAsync(await scene.CompletedVouchersAsync(1), "manager2")).OrThrow();
        (await Desk.ReviewAllAsync(claim)).OrThrow();
        (await Desk.ApproveAsync(claim)).OrThrow();
        var payment = (await Desk.PayAsync([claim])).OrThrow();
        (await Desk.ReleaseAsync(payment)).OrThrow();
        (await Desk.BookReturnAsync($"{PaymentFile.ReferenceOf(payment, 1)},1,****8888,1200.00,失败,账号不存在,P1\r\n", keepDifferences: false)).OrThrow();
        // Verified before the payment was made, and in use only now: its maker had proposed it, and paid to the old one.
        await ExecuteAsync("""
            insert into payee_account (region, institution_id, holder_name, bank, account_sealed, account_masked, proposed_by, proposed_by_staff, proposed_at, verified_at, usable_from)
            select a.region, a.institution_id, a.holder_name, a.bank, a.account_sealed, '6228****9999', m.id, m.staff_id, now() - interval '40 days', p.created_at - interval '9 days', @today
            from payee_account a, account m, payment p where a.institution_id = @Institution and a.ended_at is null and m.login = 'finance' and p.id = @payment
            order by a.id limit 1
            """, new { scene.Institution, payment, today = _scene.Today });
        Desk.ExpectRefusal(RefusalCode.SamePerson, await server.Get<CorrectRows>().ResendAsync(await Desk.WhoAsync("finance"), payment, [1], null));
        (await server.Get<CorrectRows>().ResendAsync(await Desk.WhoAsync("finance2"), payment, [1], null)).OrThrow();
        await Desk.ExpectInvariantsAsync();
        (await Desk.ReleaseAsync(payment, "finance4")).OrThrow();
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Two_at_once_release_a_payment_once_and_approve_a_list_once()
    {
        await Desk.HireAsync("finance3", Role.Finance);
        var scene = await SettledScene.BuildAsync(server);
        var payment = (await Desk.PayAsync([await Desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(2))])).OrThrow();
        var released = await AtOnceAsync(["finance2", "finance3"], actor => server.Get<ReleasePayment>().RunAsync(actor, payment));
        Assert.Single(released.OfType<Outcome<Nothing>.Done>());
        Assert.All(released.OfType<Outcome<Nothing>.Refused>(), no => Assert.Equal(RefusalCode.WrongStep, no.Refusal.Code));

        await Desk.HireAsync("approver-of-lists", Role.Approver);
        var allowances = await AllowanceScene.BuildAsync(server, 19);
        await allowances.TraineesAsync(1);
        var list = (await allowances.DraftAsync()).OrThrow();
        var approved = await AtOnceAsync(["approver", "approver-of-lists"], actor => server.Get<ApproveAllowances>().RunAsync(actor, list));
        Assert.Single(approved.OfType<Outcome<Nothing>.Done>());
        Assert.All(approved.OfType<Outcome<Nothing>.Refused>(), no => Assert.Equal(RefusalCode.AllowanceWrongStep, no.Refusal.Code));
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Whose_log_in_was_closed_before_the_decision_decides_nothing()
    {
        var (login, one, other) = (Name("gone"), Name("one"), Name("other"));
        await HireAsync(login, Role.Clerk, Role.Reviewer, Role.Approver, Role.Finance);
        await HireAsync(one, Role.Clerk);
        await HireAsync(other, Role.Reviewer);
        var actor = await Desk.WhoAsync(login); // A session from before.
        var scene = await SettledScene.BuildAsync(server);
        await ExecuteAsync("update account set is_active = false where login = @login", new { login });
        var (month, none) = (new DateOnly(_scene.Today.Year, _scene.Today.Month, 1).AddMonths(-31), new RecoveryId(999_999));
        var transaction = await _scene.ValueAsync<long>("select min(id) from ledger_transaction");
        var (recover, reverse, impose, rows, payees) = (server.Get<DecideRecovery>(), server.Get<ReverseRecovery>(), server.Get<ImposeConsequence>(), server.Get<CorrectRows>(), server.Get<DecidePayee>());
        var (close, correct, payment, consequence) = (server.Get<CloseMonth>(), server.Get<CorrectTransaction>(), new PaymentId(999_999), new ConsequenceId(999_999));
        var steps = new Dictionary<string, Func<Task<Refusal>>>
        {
            ["objection"] = async () => Desk.Refused(await server.Get<DecideObjection>().RunAsync(actor, 999_999, ObjectionStep.Confirm, "已核实")),
            ["reversal, propose"] = async () => Desk.Refused(await server.Get<ReverseRecovery>().ProposeAsync(none, "有误", actor)),
            ["recovery, confirm"] = async () => Desk.Refused(await recover.ConfirmAsync(none, null, actor)),
            ["recovery, reject"] = async () => Desk.Refused(await recover.RejectAsync(none, "不属实", actor)),
            ["recovery, withdraw"] = async () => Desk.Refused(await recover.WithdrawAsync(none, actor)),
            ["reversal"] = async () => Desk.Refused(await reverse.ConfirmAsync(none, null, actor)),
            ["reversal, drop"] = async () => Desk.Refused(await reverse.DropAsync(none, null, actor)),
            ["pay-in"] = async () => Desk.Refused(await server.Get<RecordPayIn>().RunAsync(none, new PayInForm("缴款书-丁1", _scene.Today, "1"), actor)),
            ["retained"] = async () => Desk.Refused(await server.Get<DecideRetained>().RunAsync(actor, 999_999, true, null)),
            ["allowances"] = async () => Desk.Refused(await server.Get<ApproveAllowances>().RunAsync(actor, new AllowanceListId(999_999))),
            ["allowance line"] = async () => Desk.Refused(await server.Get<AllowLine>().ProposeAsync(actor, scene.BudgetLine.Value, "财社〔2026〕9号")),
            ["consequence, propose"] = async () => Desk.Refused(await impose.ProposeAsync(scene.Institution, new ConsequenceForm(ConsequenceRung.Warning, "代签到", null, null, null), actor)),
            ["consequence, confirm"] = async () => Desk.Refused(await impose.ConfirmAsync(consequence, null, actor)),
            ["payment, make"] = async () => Desk.Refused(await server.Get<MakePayment>().RunAsync(actor, [999_999])),
            ["payment, release"] = async () => Desk.Refused(await server.Get<ReleasePayment>().RunAsync(actor, payment)),
            ["payment, receipt"] = async () => Desk.Refused(await server.Get<MarkPaid>().RunAsync(actor, payment, "回单", null)),
            ["payment, return"] = async () => Desk.Refused(await server.Get<ImportReturn>().BookAsync(actor, 999_999, keepDifferences: true)),
            ["payment, bounce"] = async () => Desk.Refused(await server.Get<BounceRow>().RunAsync(actor, payment, 1, "1", "退汇单", null)),
            ["payment, resend"] = async () => Desk.Refused(await rows.ResendAsync(actor, payment, [1], "重发")),
            ["payment, cancel"] = async () => Desk.Refused(await rows.CancelAsync(actor, payment, "重做")),
            ["payee, verify"] = async () => Desk.Refused(await payees.VerifyAsync(actor, 999_999)),
            ["payee, end"] = async () => Desk.Refused(await payees.EndAsync(actor, 999_999, "不再使用")),
            ["month, propose"] = async () => Desk.Refused(await close.ProposeAsync(actor, month)),
            ["month, close"] = async () => Desk.Refused(await close.CloseAsync(actor, month)),
            ["correction, propose"] = async () => Desk.Refused(await correct.ProposeAsync(actor, transaction, "记错")),
            ["correction, post"] = async () => Desk.Refused(await correct.DecideAsync(actor, transaction, post: true)),
            ["merge"] = async () => Desk.Refused(await server.Get<MergeStaff>().ProposeAsync(actor, (await Desk.WhoAsync(one)).Staff, (await Desk.WhoAsync(other)).Staff, "同一人")),
        };
        List<string> wrong = [];
        foreach (var (name, step) in steps)
            if ((await step()).Code is var code && code != RefusalCode.NoLongerInRole) wrong.Add($"{name}: {code}");
        Assert.Empty(wrong);
    }

    private async Task<(SettledScene Scene, IReadOnlyList<VoucherId> Vouchers, ClaimId Claim)> InPartsAsync(string first, string second)
    {
        var scene = await SettledScene.BuildAsync(server, ownSource: true);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = (await Desk.ClaimAsync(vouchers)).OrThrow();
        var lines = (await Desk.ReadAsync(claim)).Lines;
        var (early, late) = (lines.Single(line => line.Voucher == vouchers[0]).Id, lines.Single(line => line.Voucher == vouchers[1]).Id);
        (await Desk.ReviewAsync(claim, early, LineVerdict.Pass)).OrThrow();
        (await Desk.StepAsync(claim, late, LineStepKind.Held, "等材料")).OrThrow();
        (await Desk.ApproveAsync(claim, first)).OrThrow();
        (await Desk.StepAsync(claim, late, LineStepKind.Released, "材料已到")).OrThrow();
        (await Desk.ReviewAsync(claim, late, LineVerdict.Pass, "材料已到")).OrThrow();
        (await Desk.ApproveAsync(claim, second)).OrThrow();
        return (scene, vouchers, claim);
    }

    private async Task<Outcome<Nothing>[]> AtOnceAsync(string[] logins, Func<Actor, Task<Outcome<Nothing>>> act)
    {
        var actors = await Task.WhenAll(logins.Select(Desk.WhoAsync));
        return await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => act(actors[n % actors.Length]))));
    }

    /// <summary>As the request of somebody who is known under several rows.</summary>
    private async Task<T> AsPersonAsync<T>(string login, Func<Actor, Task<T>> act)
    {
        var actor = await Desk.WhoAsync(login);
        var rows = (await server.Get<AccountStore>().RowsOfPersonAsync(actor))!;
        var outcome = default(T)!;
        await SamePerson.NoteAsync(
            new DefaultHttpContext { User = SamePerson.Name(actor.ToPrincipal("test"), rows) }, async _ => outcome = await act(actor));
        return outcome;
    }

    private async Task MergeAsync(string merged, string kept)
    {
        var merge = server.Get<MergeStaff>();
        var id = (await merge.ProposeAsync(await Desk.WhoAsync("operator"), (await Desk.WhoAsync(kept)).Staff, (await Desk.WhoAsync(merged)).Staff, "同一人两条记录")).OrThrow();
        (await merge.DecideAsync(await Desk.WhoAsync("approver"), id, true)).OrThrow();
    }

    private static string Name(string what) => $"{what}-{Interlocked.Increment(ref _made)}";

    private Task<AccountId> HireAsync(string login, params Role[] roles) =>
        server.Get<AccountStore>().SaveAsync(login, login, "x", roles, null, server.Clock.GetUtcNow());

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
