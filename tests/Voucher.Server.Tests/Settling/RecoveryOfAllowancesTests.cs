using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Settling.Publishing;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Tests.Settling;

/// <summary>Allowances and taking back: a trainee gives back what is meant, and is not made to pay for the institution.</summary>
public sealed class RecoveryOfAllowancesTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly RecoveryScene _scene = new(server);

    [Fact]
    public async Task Of_a_trainee_of_two_trainings_the_allowances_of_the_named_voucher_are_taken_and_merged_entries_are_one_trainee()
    {
        await _scene.Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        var allowances = await AllowanceScene.BuildAsync(server, 30);
        var vouchers = await allowances.TraineesAsync(2);
        await PayListAsync(allowances);
        // Both are one person: the second entry of the register was merged into the first after the money had gone.
        await allowances.ExecuteAsync("""
            update person set merged_into = (select person_id from voucher where id = @one), withdrawn_at = now() where id = (select person_id from voucher where id = @two)
            """, new { one = vouchers[0].Value, two = vouchers[1].Value });
        var single = (await _scene.ProposeAsync($"{vouchers[0]}", fromTrainee: true)).OrThrow();
        Assert.Equal((Fen.FromYuan(80), vouchers[0]), Of(await _scene.ReadAsync(single)));
        var both = await _scene.ProposeAsync($"{vouchers[0]} 10\n{vouchers[1]} 10", fromTrainee: true);
        Assert.Equal([vouchers[0], vouchers[1]], (await _scene.ReadAsync(both.OrThrow())).Lines.Select(line => line.Voucher));

        // And where the payables name the person who stayed, the voucher of the other still finds its own.
        await allowances.ExecuteAsync("""
            set session_replication_role = replica;
            update payable set person_id = (select person_id from voucher where id = @one)
            where allowance_id in (select id from allowance where voucher_id = @two);
            set session_replication_role = default;
            """, new { one = vouchers[0].Value, two = vouchers[1].Value });
        var other = (await _scene.ProposeAsync($"{vouchers[1]}", fromTrainee: true)).OrThrow();
        Assert.Equal((Fen.FromYuan(80), vouchers[1]), Of(await _scene.ReadAsync(other)));
        single = (await _scene.ProposeAsync($"{vouchers[0]}", fromTrainee: true)).OrThrow();
        Assert.Equal((Fen.FromYuan(80), vouchers[0]), Of(await _scene.ReadAsync(single)));

        // As it was: the other tests of the class look at the books of all.
        await allowances.ExecuteAsync("""
            set session_replication_role = replica;
            update payable y set person_id = a.person_id from allowance a where a.id = y.allowance_id and a.voucher_id = @two;
            update person set merged_into = null, withdrawn_at = null where id = (select person_id from voucher where id = @two);
            set session_replication_role = default;
            """, new { two = vouchers[1].Value });
    }

    [Fact]
    public async Task The_trainee_of_a_line_that_is_wholly_taken_back_is_still_paid_for_the_days_attended()
    {
        await _scene.Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        var scene = await AllowanceScene.BuildAsync(server, 31, rules: p => p with
        {
            LivingAllowanceFenPerDay = 0, TransportAllowanceFenPerDay = 1_000, TransportAllowanceSource = AllowanceSource.InstitutionSubsidy,
        });
        var vouchers = await scene.TraineesAsync(1);
        var claim = await _scene.Desk.ApprovedClaimAsync(vouchers);
        (await _scene.Desk.PaidAsync((await _scene.Desk.PayAsync([claim])).OrThrow())).OrThrow();
        await _scene.DecidedAsync($"{vouchers[0]}");
        Assert.Equal(7, await _scene.ValueAsync<int>("select state::int from claim_line where voucher_id = @v", new { v = vouchers[0] }));
        var payment = (await server.Get<MakePayment>().RunAsync(await _scene.Desk.WhoAsync("finance"), new PaymentChoice([claim], null, ToPeople: true))).OrThrow();
        (await _scene.Desk.PaidAsync(payment)).OrThrow();
        Assert.Equal(0, await _scene.BalanceAsync(scene.Settled.BudgetLine, LedgerAccountKind.Payable));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_list_with_an_open_objection_is_not_cancelled()
    {
        var desk = new PublicationDesk(server);
        var allowances = await AllowanceScene.BuildAsync(server, 32);
        await allowances.TraineesAsync(1);
        var list = await allowances.ApprovedAsync();
        var publication = (await desk.PublishAsync(workingDays: PublicationDesk.WorkingDays)).OrThrow();
        var position = await desk.AskAsync<int>("""
            select x.position from publication_line x join payable y on y.id = x.payable_id join allowance a on a.id = y.allowance_id
            where x.publication_id = @publication and a.list_id = @list order by 1 limit 1
            """, new { publication, list });
        (await desk.ObjectAsync(publication, $"{position}")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await allowances.CancelAsync(list));
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await allowances.CancelOneAsync(list, (await allowances.EntriesAsync(list))[0].Id, isStruckOff: true));
    }

    [Fact]
    public async Task What_was_paid_of_a_voucher_before_an_objection_against_it_is_upheld_is_proposed_to_be_taken_back()
    {
        var desk = new PublicationDesk(server);
        await desk.Desk.HireAsync(PublicationDesk.Proposer, Role.Reviewer);
        await desk.Desk.HireAsync(PublicationDesk.Decider, Role.Approver);
        await _scene.Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        var allowances = await AllowanceScene.BuildAsync(server, 33);
        var vouchers = await allowances.TraineesAsync(1);
        await PayListAsync(allowances);
        var claim = await desk.Desk.ApprovedClaimAsync(vouchers);
        var publication = (await desk.PublishAsync(claim, workingDays: PublicationDesk.WorkingDays)).OrThrow();
        var objection = (await desk.ObjectAsync(publication, "1")).OrThrow();
        Assert.Equal(ObjectionState.Upheld, await desk.DecideAsync(objection, ObjectionStep.ProposeUpheld));
        var id = await _scene.ValueAsync<RecoveryId>("select max(r.id) from recovery r join recovery_line l on l.recovery_id = r.id where l.voucher_id = @v", new { v = vouchers[0] });
        var known = await _scene.ReadAsync(id);
        Assert.Equal(
            (RecoveryState.Proposed, FindingSource.Objection, Fen.FromYuan(80), null),
            (known.Summary.State, known.Summary.Source, known.Summary.Amount, known.Summary.Institution));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _scene.ConfirmAsync(id, PublicationDesk.Decider)); // Who upheld it has proposed.
        (await _scene.ConfirmAsync(id)).OrThrow();
        await _scene.Desk.ExpectInvariantsAsync();
    }

    private static (Fen Amount, VoucherId Voucher) Of(RecoveryDetail known) => (known.Summary.Amount, Assert.Single(known.Lines.Select(line => line.Voucher).Distinct()));

    private async Task PayListAsync(AllowanceScene allowances)
    {
        await allowances.ApprovedAsync();
        var source = await _scene.ValueAsync<int>("select fund_source_id from budget_line where id = @BudgetLine", new { allowances.Settled.BudgetLine });
        var payment = (await server.Get<MakePayment>().RunAsync(
            await _scene.Desk.WhoAsync("finance"), new PaymentChoice([], new FundSourceId(source), ToPeople: true))).OrThrow();
        (await _scene.Desk.PaidAsync(payment)).OrThrow();
    }
}
