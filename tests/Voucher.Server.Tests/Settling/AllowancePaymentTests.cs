using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Settling.Allowances;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Tests.Settling;

/// <summary>Monthly lists on their way to the bank: what stops them, what the bank returns, and what the books say of it.</summary>
public sealed class AllowancePaymentTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task A_list_is_paid_returned_by_the_bank_and_owed_again_and_every_posting_names_its_voucher()
    {
        var scene = await AllowanceScene.BuildAsync(server, 1, ownSource: true);
        var vouchers = await scene.TraineesAsync(2);
        var list = await scene.ApprovedAsync();
        var payment = (await scene.PayAsync()).OrThrow();
        Desk.ExpectRefusal(RefusalCode.AllowanceAlreadySent, await scene.CancelAsync(list));
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var booked = (await _desk.BookReturnAsync(Line(payment, 1, "成功", "A1") + Line(payment, 2, "失败", "A2"), keepDifferences: false)).OrThrow();
        Assert.Equal((2, 0), (booked.Booked, booked.Differences));
        Assert.Equal((AllowanceListState.PartlyPaid, Fen.FromYuan(80)), ((await scene.ReadAsync(list)).State, (await scene.ReadAsync(list)).PaidFen));
        await _desk.ExpectInvariantsAsync();

        (await server.Get<BounceRow>().RunAsync(await _desk.WhoAsync("finance"), payment, 1, "80", "退汇1号", null)).OrThrow();
        var balances = await scene.Settled.BalancesAsync();
        Assert.Equal((Fen.FromYuan(160), Fen.Zero), (balances[LedgerAccountKind.Payable], balances[LedgerAccountKind.Paid]));
        // Of living and of transport: paid, and back again.
        Assert.Equal(
            [(5, 8_000L), (11, 8_000L)],
            await scene.RowsAsync<(int, long)>("""
                select t.kind::int, sum(m.amount_fen)::bigint from ledger_voucher_move m join ledger_transaction t on t.id = m.transaction_id
                where m.voucher_id = any(@ids) and t.kind in (5, 11) group by t.kind order by t.kind
                """, new { ids = vouchers.Select(voucher => voucher.Value).ToArray() }));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_came_to_light_since_the_approval_stops_an_allowance_as_it_stops_a_claim()
    {
        var scene = await AllowanceScene.BuildAsync(server, 2, ownSource: true);
        var id = (await scene.TraineesAsync(1))[0];
        await scene.ApprovedAsync();
        foreach (var (change, code, undo) in new[]
        {
            ("""
             insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
             select region, @id, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now() from county
             """, RefusalCode.VoucherHeld, "update hold set released_at = now() where voucher_id = @id"),
            ("insert into conflict_case (region, voucher_id, opened_at) select region, @id, now() from county; update voucher set in_conflict = true where id = @id",
                RefusalCode.VoucherInConflict, "update voucher set in_conflict = false where id = @id"),
            ("""
             with run as (insert into match_run (region, source, file_name, as_of, created_by, created_at)
                          select region, 1, 'x.xlsx', '2026-01-01', id, now() from account, county where login = 'clerk' returning id, region)
             insert into match_hit (run_id, region, person_id, source) select run.id, run.region, v.person_id, 1 from run, voucher v where v.id = @id
             """, RefusalCode.MatchedElsewhere, "update match_hit set dismissed_at = now(), dismissed_reason = 'x', dismissed_by = (select min(id) from account) where person_id = (select person_id from voucher where id = @id)"),
            ("update voucher set state = 6 where id = @id", RefusalCode.AllowanceNotPayable, "update voucher set state = 4 where id = @id"),
            ("update enrolment set is_active = false where voucher_id = @id", RefusalCode.AllowanceNotPayable, "update enrolment set is_active = true where voucher_id = @id"),
            ("update allowance_day d set standing = 3 from allowance a where a.id = d.allowance_id and a.voucher_id = @id", RefusalCode.AllowanceNotPayable,
                "update allowance_day d set standing = 1 from allowance a where a.id = d.allowance_id and a.voucher_id = @id"),
        })
        {
            await scene.ExecuteAsync(change, new { id });
            Desk.ExpectRefusal(code, await scene.PayAsync());
            await scene.ExecuteAsync(undo, new { id });
        }
        await scene.Settled.SpotCheckAsync(isClean: false, at: server.Clock.GetUtcNow().AddMinutes(1));
        Desk.ExpectRefusal(RefusalCode.FindingsAfterReview, await scene.PayAsync());
    }

    [Fact]
    public async Task A_card_that_was_replaced_since_the_approval_stops_nobody_s_allowance_and_a_hold_of_the_new_one_does()
    {
        var scene = await AllowanceScene.BuildAsync(server, 3, ownSource: true);
        var vouchers = await scene.TraineesAsync(1);
        var spare = (await scene.Settled.EnrolledVouchersAsync(1))[0];
        await scene.ApprovedAsync();
        var ids = new { was = vouchers[0], now = spare };
        await scene.ExecuteAsync("""
            update enrolment set is_active = false where voucher_id = @now;
            update enrolment set voucher_id = @now where voucher_id = @was;
            update voucher set state = 7, replaced_by = @now where id = @was;
            insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
            select region, @now, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now() from county;
            """, ids);
        Desk.ExpectRefusal(RefusalCode.VoucherHeld, await scene.PayAsync());
        await scene.ExecuteAsync("update hold set released_at = now() where voucher_id = @now", ids);
        (await scene.PayAsync()).OrThrow();
        // Put right again: the other tests of the class look at all books.
        await scene.ExecuteAsync("""
            update voucher set state = 4, replaced_by = null where id = @was;
            update enrolment set voucher_id = @was where voucher_id = @now and is_active;
            update enrolment set is_active = true where voucher_id = @now;
            """, ids);
    }

    [Fact]
    public async Task A_list_drawn_up_before_two_entries_of_one_person_were_merged_is_approved_all_the_same()
    {
        var scene = await AllowanceScene.BuildAsync(server, 4, ownSource: true);
        var vouchers = await scene.TraineesAsync(2);
        var list = (await scene.DraftAsync()).OrThrow();
        await scene.ExecuteAsync("""
            with kept as (
                insert into person (region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, content_hash, created_at, changed_at)
                select region, sha256(id_number_hash), id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, content_hash, created_at, changed_at
                from person where id = (select person_id from voucher where id = @id) returning id)
            update person set merged_into = kept.id, withdrawn_at = now() from kept where person.id = (select person_id from voucher where id = @id)
            """, new { id = vouchers[0] });
        (await scene.ApproveAsync(list)).OrThrow();
        Assert.Equal((AllowanceListState.Approved, Fen.FromYuan(160)), ((await scene.ReadAsync(list)).State, (await scene.ReadAsync(list)).Total));
        await _desk.ExpectInvariantsAsync();
    }

    private static string Line(PaymentId payment, int row, string status, string serial) =>
        $"{PaymentFile.ReferenceOf(payment, row)},1,****1234,80.00,{status},,{serial}\r\n";
}
