using System.Text;
using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Register.Importing;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Tests.Settling;

/// <summary>From what is owed to the bank and back: what failed is corrected and sent again, and nothing is ever paid twice.</summary>
public sealed class PaymentLifeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Header = "流水号,次数,账号,金额,状态,原因,银行流水\r\n";
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task The_file_of_a_round_is_the_same_bytes_whenever_it_is_fetched_and_each_fetching_is_on_the_trail()
    {
        var (_, payment) = await PaymentAsync(1);
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var first = await _desk.FileAsync(payment);
        await SqlAsync($"update payment_row set payee_name = '别人' where payment_id = {payment}");
        var again = await _desk.FileAsync(payment, "finance2");
        Assert.Equal(first.Content, again.Content);
        Assert.Equal(2, await CountAsync($"select count(*) from audit_entry where action = 'payment.export' and subject = 'payment:{payment}'"));
        Assert.Equal(0, await CountAsync($"select count(*) from payment_file where position(convert_to('{SettledScene.Account}', 'UTF8') in content_sealed) > 0"));
    }

    [Fact]
    public async Task Who_made_the_payment_does_not_hand_it_to_the_bank_and_before_that_nobody_has_its_file()
    {
        var (_, payment) = await PaymentAsync(1);
        foreach (var finance in new[] { "finance", "finance2" })
            Desk.ExpectRefusal(RefusalCode.PaymentFileNotMade, await server.Get<MakeFile>().FetchAsync(await _desk.WhoAsync(finance), payment));
        Assert.Equal(0, await CountAsync($"select count(*) from payment_file where payment_id = {payment}"));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.ReleaseAsync(payment, "finance"));
        (await _desk.ReleaseAsync(payment)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.WrongStep, await _desk.ReleaseAsync(payment));
        _ = await _desk.FileAsync(payment);
        var rows = server.Get<CorrectRows>();
        var finance2 = await _desk.WhoAsync("finance2");
        Desk.ExpectRefusal(RefusalCode.WrongStep, await rows.CancelAsync(finance2, payment, "错了"));
        Desk.ExpectRefusal(RefusalCode.WrongStep, await rows.WithdrawAsync(finance2, payment));
        Desk.ExpectRefusal(RefusalCode.PaymentRowWrongStep, await rows.TakeOutAsync(finance2, payment, 1, "错了"));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_payment_that_has_not_gone_out_is_cancelled_and_its_claim_can_be_paid_again()
    {
        var (scene, payment) = await PaymentAsync(2);
        var rows = server.Get<CorrectRows>();
        Desk.ExpectRefusal(RefusalCode.ReasonMissing, await rows.CancelAsync(await _desk.WhoAsync("finance"), payment, " "));
        await _desk.HireAsync("reviewer-pays", Voucher.Server.Accounts.Role.Finance, sameAs: "reviewer");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await rows.CancelAsync(await _desk.WhoAsync("reviewer-pays"), payment, "来源选错"));
        (await rows.CancelAsync(await _desk.WhoAsync("finance"), payment, "来源选错")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await rows.CancelAsync(await _desk.WhoAsync("finance"), payment, "来源选错"));
        Assert.Equal(PaymentStatus.Made, (await server.Get<PaymentReading>().FindAsync(payment))!.Summary.Status);
        (await rows.CancelAsync(await _desk.WhoAsync("finance2"), payment, null)).OrThrow();
        var cancelled = (await server.Get<PaymentReading>().FindAsync(payment))!.Summary;
        Assert.Equal((PaymentStatus.Cancelled, "来源选错"), (cancelled.Status, cancelled.CancelReason));
        await scene.ExpectAsync(reserved: 0, payable: 2400, paid: 0);
        Desk.ExpectRefusal(RefusalCode.WrongStep, await _desk.ReleaseAsync(payment));
        var claim = new ClaimId(await CountAsync("select max(id) from claim"));
        (await _desk.PaidAsync((await _desk.PayAsync([claim])).OrThrow())).OrThrow();
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 2400);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_failed_is_sent_again_under_the_same_row_and_paid_once()
    {
        var (scene, payment) = await PaymentAsync(2);
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var failed = Line(payment, 1, "2400.00", "失败", "账号不存在", "S1");
        Assert.Equal((1, 0), await BookAsync(failed));
        await scene.ExpectAsync(reserved: 0, payable: 2400, paid: 0);
        Desk.ExpectRefusal(RefusalCode.ReasonMissing, await ResendAsync(payment, null));
        (await ResendAsync(payment, "银行系统故障")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PaymentRoundOpen, await ResendAsync(payment, "再来"));
        (await _desk.ReleaseAsync(payment)).OrThrow();
        // The old answer in another file, and a paid row: neither counts, neither opens the way to a third sending.
        Desk.ExpectRefusal(RefusalCode.ReturnHasNothingGood, await ImportAsync(failed + "\r\n", keep: true));
        Desk.ExpectRefusal(RefusalCode.PaymentRowWrongStep, await ResendAsync(payment, "催"));
        Assert.Equal((1, 0), await BookAsync(Line(payment, 2, "2400.00", "成功", "", "S2")));
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 2400);
        Desk.ExpectRefusal(RefusalCode.PaymentRowWrongStep, await ResendAsync(payment, "催"));
        Assert.Equal(PaymentStatus.Paid, (await server.Get<PaymentReading>().FindAsync(payment))!.Summary.Status);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_part_is_booked_by_voucher_and_only_the_rest_goes_out_again()
    {
        var (scene, payment) = await PaymentAsync(2);
        (await _desk.ReleaseAsync(payment)).OrThrow();
        Assert.Equal((1, 0), await BookAsync(Line(payment, 1, "1500.00", "部分成功", "限额", "P1")));
        await scene.ExpectAsync(reserved: 0, payable: 900, paid: 1500);
        await _desk.ExpectInvariantsAsync();
        (await ResendAsync(payment, "余额")).OrThrow();
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var file = await _desk.FileAsync(payment);
        Assert.Contains(",900.00,", Encoding.UTF8.GetString(file.Content), StringComparison.Ordinal);
        (await _desk.PaidAsync(payment)).OrThrow();
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 2400);
        Assert.Equal(2, await CountAsync($"select count(*) from ledger_transaction where kind = 5 and cause like 'payment:{payment}:return:%'"));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Money_that_the_bank_returns_is_owed_again_and_a_failed_row_is_taken_out_by_two()
    {
        var (scene, payment) = await PaymentAsync(1);
        (await _desk.PaidAsync(payment)).OrThrow();
        var bounce = server.Get<BounceRow>();
        var finance = await _desk.WhoAsync("finance");
        Desk.ExpectRefusal(RefusalCode.PaymentNotReturned, await bounce.RunAsync(finance, payment, 1, "1199.99", "退1", null));
        (await bounce.RunAsync(finance, payment, 1, "1200", "退1", null)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PaymentRowWrongStep, await bounce.RunAsync(finance, payment, 1, "1200", "退1", null));
        await scene.ExpectAsync(reserved: 0, payable: 1200, paid: 0);
        await _desk.ExpectInvariantsAsync();
        var rows = server.Get<CorrectRows>();
        (await rows.TakeOutAsync(finance, payment, 1, "机构已注销账户")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await rows.TakeOutAsync(finance, payment, 1, null));
        (await rows.TakeOutAsync(await _desk.WhoAsync("finance2"), payment, 1, null)).OrThrow();
        var claim = new ClaimId(await CountAsync("select max(id) from claim"));
        (await _desk.PayAsync([claim])).OrThrow();
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Each_wrong_row_is_named_and_nothing_is_booked_unless_the_differences_are_kept()
    {
        var (scene, payment) = await PaymentAsync(1);
        var (_, unsent) = await PaymentAsync(1);
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var text = Line(payment, 1, "1200.00", "成功", "", "D1")
            + "PXQ00999999-1,1,,1200.00,成功,,D2\r\n" + Line(unsent, 1, "1200.00", "成功", "", "D3") + $"{PaymentFile.ReferenceOf(payment, 9)},1,,1.00,成功,,D4\r\n";
        var upload = await UploadAsync(text);
        var preview = (await server.Get<ImportReturn>().PreviewAsync(await _desk.WhoAsync("finance"), upload)).OrThrow();
        Assert.Equal([ReturnFinding.Good, ReturnFinding.UnknownRow, ReturnFinding.NotSent, ReturnFinding.UnknownRow], preview.Rows.Select(row => row.Finding));
        Assert.Equal([2, 3, 4, 5], preview.Rows.Select(row => row.Line));
        Desk.ExpectRefusal(RefusalCode.ReturnHasDifferences, await server.Get<ImportReturn>().BookAsync(await _desk.WhoAsync("finance"), upload, keepDifferences: false));
        await scene.ExpectAsync(reserved: 0, payable: 1200, paid: 0);
        var booked = (await server.Get<ImportReturn>().BookAsync(await _desk.WhoAsync("finance"), upload, keepDifferences: true)).OrThrow();
        Assert.Equal((1, 3), (booked.Booked, booked.Differences));
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 1200);
        var differences = (await server.Get<ReturnReading>().DifferencesAsync(open: true, 0, 50)).Where(one => one.ReturnId == booked.Id).ToList();
        Assert.Equal(3, differences.Count);
        (await server.Get<NoteDifference>().RunAsync(await _desk.WhoAsync("finance"), differences[0].Id, "银行已更正")).OrThrow();
        Assert.All(await server.Get<ReturnReading>().MonthsAsync(0, 100), month => Assert.Equal(Core.Money.Fen.Zero, month.Difference));
        Assert.Equal(RefusalCode.ReturnAlreadyBooked, Desk.Refused(await server.Get<ImportReturn>().UploadAsync(
            await _desk.WhoAsync("finance2"), new UploadedFile("again.csv", Encoding.UTF8.GetBytes(Header + text)), null)).Code);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task The_same_file_in_many_hands_is_booked_once_and_resending_meanwhile_sends_nothing_twice()
    {
        var (scene, payment) = await PaymentAsync(3);
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var text = Line(payment, 1, "3600.00", "成功", "", "R1");
        var uploads = new[] { await UploadAsync(text), await UploadAsync(text), await UploadAsync(text) };
        var finance = await _desk.WhoAsync("finance");
        var books = uploads.Select(upload => Task.Run(() => server.Get<ImportReturn>().BookAsync(finance, upload, keepDifferences: false))).ToList();
        var resends = Enumerable.Range(0, 3).Select(_ => Task.Run(() => ResendAsync(payment, "催"))).ToList();
        var booked = await Task.WhenAll(books);
        Assert.Single(booked.OfType<Outcome<BookedReturn>.Done>());
        Assert.All(booked.OfType<Outcome<BookedReturn>.Refused>(), refused => Assert.Equal(RefusalCode.ReturnAlreadyBooked, refused.Refusal.Code));
        Assert.All(await Task.WhenAll(resends), outcome => Desk.ExpectRefusal(RefusalCode.PaymentRowWrongStep, outcome));
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 3600);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Cancelling_while_it_is_released_does_one_of_the_two()
    {
        var (_, payment) = await PaymentAsync(1);
        var (maker, other) = (await _desk.WhoAsync("finance"), await _desk.WhoAsync("finance2"));
        (await server.Get<CorrectRows>().CancelAsync(maker, payment, "不付了")).OrThrow();
        var release = Task.Run(() => server.Get<ReleasePayment>().RunAsync(other, payment));
        var cancel = Task.Run(() => server.Get<CorrectRows>().CancelAsync(other, payment, null));
        Assert.Single(new[] { await release, await cancel }.OfType<Outcome<Nothing>.Done>());
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_is_held_after_the_payment_was_made_does_not_go_out()
    {
        var (_, payment) = await PaymentAsync(1);
        await SqlAsync($"""
            insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
            select c.region, l.voucher_id, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now() from county c, claim_line l where l.payment_id = {payment}
            """);
        Desk.ExpectRefusal(RefusalCode.VoucherHeld, await _desk.ReleaseAsync(payment));
        await SqlAsync("update hold set released_at = now()");
        (await _desk.ReleaseAsync(payment)).OrThrow();
    }

    [Fact]
    public async Task All_that_a_source_owes_is_paid_together_but_what_is_stopped()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(4);
        await _desk.ApprovedClaimAsync(vouchers);
        await SqlAsync($"""
            insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
            select region, {vouchers[1].Value}, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now() from county
            """);
        var source = await CountAsync($"select fund_source_id from budget_line where id = {scene.BudgetLine}");
        var choice = new PaymentChoice([], new((int)source));
        await _desk.HireAsync("reviewer-pays", Voucher.Server.Accounts.Role.Finance, sameAs: "reviewer");
        Desk.ExpectRefusal(RefusalCode.NoLongerInRole, await MadeByAsync("reviewer", choice));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await MadeByAsync("reviewer-pays", choice));
        var payment = (await server.Get<MakePayment>().RunAsync(await _desk.WhoAsync("finance"), choice)).OrThrow();
        (await _desk.PaidAsync(payment)).OrThrow();
        await scene.ExpectAsync(reserved: 0, payable: 1200, paid: 3600);
        Desk.ExpectRefusal(RefusalCode.VoucherHeld, await server.Get<MakePayment>().RunAsync(await _desk.WhoAsync("finance"), choice));
        await SqlAsync("update hold set released_at = now()");
        (await server.Get<MakePayment>().RunAsync(await _desk.WhoAsync("finance"), choice)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.NothingToPay, await server.Get<MakePayment>().RunAsync(await _desk.WhoAsync("finance"), choice));
        await _desk.ExpectInvariantsAsync();
    }

    private async Task<Outcome<PaymentId>> MadeByAsync(string login, PaymentChoice choice) => await server.Get<MakePayment>().RunAsync(await _desk.WhoAsync(login), choice);

    private async Task<(SettledScene Scene, PaymentId Payment)> PaymentAsync(int vouchers)
    {
        var scene = await SettledScene.BuildAsync(server);
        return (scene, (await _desk.PayAsync([await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(vouchers))])).OrThrow());
    }

    private static string Line(PaymentId payment, int attempt, string yuan, string status, string reason, string serial) =>
        $"{PaymentFile.ReferenceOf(payment, 1)},{attempt},****8888,{yuan},{status},{reason},{serial}\r\n";

    private async Task<long> UploadAsync(string lines) => (await server.Get<ImportReturn>().UploadAsync(
        await _desk.WhoAsync("finance"), new UploadedFile("回盘.csv", Encoding.UTF8.GetBytes(Header + lines)), "generic-csv")).OrThrow();

    private async Task<Outcome<BookedReturn>> ImportAsync(string lines, bool keep) =>
        await server.Get<ImportReturn>().BookAsync(await _desk.WhoAsync("finance"), await UploadAsync(lines), keep);

    private async Task<(int Booked, int Differences)> BookAsync(string lines)
    {
        var booked = (await ImportAsync(lines, keep: false)).OrThrow();
        return (booked.Booked, booked.Differences);
    }

    private async Task<Outcome<Nothing>> ResendAsync(PaymentId payment, string? reason) =>
        await server.Get<CorrectRows>().ResendAsync(await _desk.WhoAsync("finance"), payment, [1], reason);

    private async Task SqlAsync(string sql)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
