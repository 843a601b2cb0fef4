using System.Text;
using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Register.Importing;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Payees;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Tests.Settling;

/// <summary>What stops money from going out twice or to the wrong place, and what is said of it afterwards.</summary>
public sealed class PaymentControlTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Header = "流水号,次数,账号,金额,状态,原因,银行流水\r\n";
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task What_the_bank_never_got_has_failed_once_two_persons_say_so()
    {
        var (scene, payment) = await PaymentAsync(1);
        Desk.ExpectRefusal(RefusalCode.PaymentRowWrongStep, await UnpaidAsync(payment, "finance", "没送到"));
        (await _desk.ReleaseAsync(payment)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.ReasonMissing, await UnpaidAsync(payment, "finance", null));
        (await UnpaidAsync(payment, "finance", "银行函复未收到文件")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await UnpaidAsync(payment, "finance", "银行函复未收到文件"));
        Assert.Equal(PaymentRowState.Sent, (await RowAsync(payment)).Status);
        (await UnpaidAsync(payment, "finance2", null)).OrThrow();
        var failed = await RowAsync(payment);
        Assert.Equal((PaymentRowState.Failed, "银行函复未收到文件"), (failed.Status, failed.Failure));
        await scene.ExpectAsync(reserved: 0, payable: 1200, paid: 0);
        (await ResendAsync(payment, "重新送交")).OrThrow();
        (await _desk.PaidAsync(payment)).OrThrow();
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 1200);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task While_the_bank_may_have_paid_a_row_it_is_neither_sent_again_nor_taken_out_nor_given_up()
    {
        var (scene, payment) = await PaymentAsync(1);
        (await _desk.ReleaseAsync(payment)).OrThrow();
        (await BookAsync(Line(payment, 1, "1200.00", "失败", "L1"))).OrThrow();
        var late = (await BookAsync(Line(payment, 1, "1200.00", "成功", "L2"))).OrThrow();
        Assert.Equal((0, 1), (late.Booked, late.Differences));
        var rows = server.Get<CorrectRows>();
        Desk.ExpectRefusal(RefusalCode.PaymentAnswerOpen, await ResendAsync(payment, "催"));
        Desk.ExpectRefusal(RefusalCode.PaymentAnswerOpen, await rows.TakeOutAsync(await _desk.WhoAsync("finance"), payment, 1, "不付了"));
        await ClearAsync(late);
        (await ResendAsync(payment, "银行确认未付")).OrThrow();
        var later = (await BookAsync(Line(payment, 1, "1200.00", "成功", "L3"))).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PaymentAnswerOpen, await _desk.ReleaseAsync(payment));
        await ClearAsync(later);
        (await _desk.ReleaseAsync(payment)).OrThrow();
        (await BookAsync(Line(payment, 1, "1200.00", "成功", "L4"))).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PaymentAnswerOpen, await UnpaidAsync(payment, "finance", "没付"));
        await scene.ExpectAsync(reserved: 0, payable: 1200, paid: 0);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_transfer_of_which_a_part_was_taken_back_is_a_difference_when_the_bank_returns_it()
    {
        var recovering = new RecoveryScene(server);
        var (scene, paid) = await recovering.PaidAsync(1);
        var payment = new PaymentId(await ValueAsync<long>($"select payment_id from claim_line where voucher_id = {paid[0].Value}"));
        await recovering.DecidedAsync($"{paid[0]} 300");
        Desk.ExpectRefusal(
            RefusalCode.PaymentRowWrongStep, await server.Get<BounceRow>().RunAsync(await _desk.WhoAsync("finance"), payment, 1, "1200", "退2", null));
        var preview = (await server.Get<ImportReturn>().PreviewAsync(await _desk.WhoAsync("finance"), await UploadAsync(Line(payment, 1, "1200.00", "退汇", "T1")))).OrThrow();
        Assert.Equal(ReturnFinding.TakenBack, Assert.Single(preview.Rows).Finding);
        Assert.Equal(0, (await BookAsync(Line(payment, 1, "1200.00", "退汇", "T2"))).OrThrow().Booked);
        Assert.Equal(900, await recovering.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Paid));
        Assert.Equal(300, await recovering.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_payment_stays_paid_on_the_day_and_by_the_document_of_the_bank_when_a_row_is_taken_out_later()
    {
        var payment = await PaymentOfTwoAsync();
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var day = CountyTime.DayOf(server.Clock.GetUtcNow());
        server.Clock.Advance(TimeSpan.FromDays(2));
        var booked = (await BookAsync(
            Line(payment, 1, "1200.00", "成功", "D1") + $"{PaymentFile.ReferenceOf(payment, 2)},1,****8888,1200.00,失败,销户,D2\r\n", day.AddDays(1))).OrThrow();
        Assert.Equal(2, booked.Booked);
        server.Clock.Advance(TimeSpan.FromDays(3));
        var rows = server.Get<CorrectRows>();
        (await rows.TakeOutAsync(await _desk.WhoAsync("finance"), payment, 2, "机构已销户")).OrThrow();
        (await rows.TakeOutAsync(await _desk.WhoAsync("finance2"), payment, 2, null)).OrThrow();
        var summary = (await server.Get<PaymentReading>().FindAsync(payment))!.Summary;
        Assert.Equal((PaymentStatus.Paid, day.AddDays(1), $"回盘{booked.Id}"), (summary.Status, summary.PaidOn, summary.BankReference));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_return_is_booked_on_no_day_before_what_it_answers_was_handed_over()
    {
        var (_, payment) = await PaymentAsync(1);
        server.Clock.Advance(TimeSpan.FromDays(3));
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var sent = CountyTime.DayOf(server.Clock.GetUtcNow());
        var upload = await UploadAsync(Line(payment, 1, "1200.00", "成功", "B1"));
        var finance = await _desk.WhoAsync("finance");
        Desk.ExpectBadField("paidOn", await server.Get<ImportReturn>().BookAsync(finance, upload, keepDifferences: false, sent.AddDays(-1)));
        Desk.ExpectBadField("paidOn", await server.Get<ImportReturn>().BookAsync(finance, upload, keepDifferences: false, sent.AddDays(1)));
        server.Clock.Advance(TimeSpan.FromDays(5));
        (await server.Get<ImportReturn>().BookAsync(finance, upload, keepDifferences: false, sent.AddDays(2))).OrThrow();
        Assert.Equal(sent.AddDays(2), (await server.Get<PaymentReading>().FindAsync(payment))!.Summary.PaidOn);
    }

    [Fact]
    public async Task A_payment_of_one_bank_pays_no_account_at_another_and_is_not_sent_again_to_one()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        var make = server.Get<MakePayment>();
        var finance = await _desk.WhoAsync("finance");
        Desk.ExpectRefusal(RefusalCode.NothingToPay, await make.RunAsync(finance, new PaymentChoice([claim], Bank: "工商银行")));
        Desk.ExpectBadField("bank", await make.RunAsync(finance, new PaymentChoice([claim], Bank: new string('行', PaymentChoice.LongestBank + 1))));
        var payment = (await make.RunAsync(finance, new PaymentChoice([claim], Bank: "农商行"))).OrThrow();
        (await _desk.ReleaseAsync(payment)).OrThrow();
        (await BookAsync(Line(payment, 1, "1200.00", "失败", "K1"))).OrThrow();
        var other = (await server.Get<ProposePayee>().RunAsync(
            await _desk.WhoAsync("clerk"), PayeeOwner.Of(scene.Institution), new PayeeForm("新户名", "工商银行东乡支行", "6228480000000000068", "换户", null))).OrThrow();
        (await server.Get<DecidePayee>().VerifyAsync(await _desk.WhoAsync("reviewer"), other.Id)).OrThrow();
        server.Clock.Advance(TimeSpan.FromDays(4));
        Desk.ExpectRefusal(RefusalCode.PaymentRowWrongStep, await ResendAsync(payment, "换户"));
    }

    [Fact]
    public async Task What_is_owed_of_a_claim_of_which_a_part_is_still_open_waits_to_be_paid()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(2))).OrThrow();
        var lines = (await _desk.ReadAsync(claim)).Lines;
        (await _desk.ReviewAsync(claim, lines[0].Id, LineVerdict.Pass)).OrThrow();
        (await _desk.StepAsync(claim, lines[1].Id, LineStepKind.Held, "再查")).OrThrow();
        (await _desk.ApproveAsync(claim)).OrThrow();
        Assert.Equal(Fen.FromYuan(1200), await ToPayAsync(claim));
        var payment = (await _desk.PayAsync([claim])).OrThrow();
        Assert.Null(await ToPayAsync(claim));
        (await _desk.PaidAsync(payment)).OrThrow();
        (await _desk.StepAsync(claim, lines[1].Id, LineStepKind.Released, "无误")).OrThrow();
        (await _desk.ReviewAsync(claim, lines[1].Id, LineVerdict.Pass, "已核对")).OrThrow();
        (await _desk.ApproveAsync(claim)).OrThrow();
        Assert.Equal(Fen.FromYuan(1200), await ToPayAsync(claim));
        (await _desk.PaidAsync((await _desk.PayAsync([claim])).OrThrow())).OrThrow();
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 2400);
    }

    [Fact]
    public async Task Looking_at_a_return_waits_for_nobody()
    {
        var (_, payment) = await PaymentAsync(1);
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var upload = await UploadAsync(Line(payment, 1, "1200.00", "成功", "V1"));
        await using var busy = await server.Database.OpenConnectionAsync();
        await using var transaction = await busy.BeginTransactionAsync();
        await busy.ExecuteAsync($"select from payment where id = {payment} for update", transaction: transaction);
        await busy.ExecuteAsync("select from claim for update; select from payable for update", transaction: transaction);
        var preview = (await server.Get<ImportReturn>().PreviewAsync(await _desk.WhoAsync("finance"), upload)).OrThrow();
        Assert.Equal(1, preview.Good);
    }

    [Fact]
    public async Task Reasons_that_stand_on_the_trail_for_good_hold_no_account_number()
    {
        var (_, payment) = await PaymentAsync(1);
        const string reason = "新账号 6217000012345678901";
        Desk.ExpectBadField("reason", await ResendAsync(payment, reason));
        Desk.ExpectBadField("reason", await server.Get<CorrectRows>().CancelAsync(await _desk.WhoAsync("finance"), payment, reason));
        Desk.ExpectBadField("reason", await UnpaidAsync(payment, "finance", reason));
        var claim = new ClaimId(await ValueAsync<long>($"select max(claim_id) from claim_line where payment_id = {payment}"));
        Desk.ExpectBadField("reason", await _desk.ReviewAsync(claim, (await _desk.ReadAsync(claim)).Lines[0].Id, LineVerdict.Reject, reason));
    }

    [Fact]
    public async Task A_file_without_one_row_of_ours_is_not_booked_and_of_a_foreign_row_no_number_is_kept()
    {
        const string foreign = "6217000012345678901,1,6217000012345678901,1.00,成功,户名6217000012345678901,6217000012345678901\r\n";
        Desk.ExpectRefusal(RefusalCode.ReturnHasNothingGood, await BookAsync(foreign));
        var (_, payment) = await PaymentAsync(1);
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var booked = (await BookAsync(foreign + Line(payment, 1, "1200.00", "成功", "6217000012345678901"))).OrThrow();
        Assert.Equal((1, 1), (booked.Booked, booked.Differences));
        Assert.Equal(0, await ValueAsync<long>($"""
            select count(*) from payment_return_row where return_id = {booked.Id} and not is_booked and (reference || reason || serial || account_masked) like '%621700%'
            """));
        Assert.Equal(1, await ValueAsync<long>($"select count(*) from payment_return_row where return_id = {booked.Id} and serial = '6217000012345678901'"));
    }

    private async Task<(SettledScene Scene, PaymentId Payment)> PaymentAsync(int vouchers)
    {
        var scene = await SettledScene.BuildAsync(server);
        return (scene, (await _desk.PayAsync([await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(vouchers))])).OrThrow());
    }

    /// <summary>One voucher of each of two institutions, out of one source.</summary>
    private async Task<PaymentId> PaymentOfTwoAsync()
    {
        var first = await _desk.ApprovedClaimAsync(await (await SettledScene.BuildAsync(server)).CompletedVouchersAsync(1));
        var second = (await _desk.ClaimAsync(await (await SettledScene.BuildAsync(server, manager: "manager2")).CompletedVouchersAsync(1), "manager2")).OrThrow();
        (await _desk.ReviewAllAsync(second)).OrThrow();
        (await _desk.ApproveAsync(second)).OrThrow();
        return (await _desk.PayAsync([first, second])).OrThrow();
    }

    private static string Line(PaymentId payment, int attempt, string yuan, string status, string serial) =>
        $"{PaymentFile.ReferenceOf(payment, 1)},{attempt},****8888,{yuan},{status},,{serial}\r\n";

    private async Task<long> UploadAsync(string lines) => (await server.Get<ImportReturn>().UploadAsync(
        await _desk.WhoAsync("finance"), new UploadedFile("回盘.csv", Encoding.UTF8.GetBytes(Header + lines)), BankFormats.Usual)).OrThrow();

    private async Task<Outcome<BookedReturn>> BookAsync(string lines, DateOnly? paidOn = null) =>
        await server.Get<ImportReturn>().BookAsync(await _desk.WhoAsync("finance"), await UploadAsync(lines), keepDifferences: true, paidOn);

    private async Task<Outcome<Nothing>> ResendAsync(PaymentId payment, string? reason) =>
        await server.Get<CorrectRows>().ResendAsync(await _desk.WhoAsync("finance"), payment, [1], reason);

    private async Task<Outcome<Nothing>> UnpaidAsync(PaymentId payment, string login, string? reason) =>
        await server.Get<RecordUnpaid>().RunAsync(await _desk.WhoAsync(login), payment, [1], reason);

    private async Task ClearAsync(BookedReturn booked)
    {
        var difference = Assert.Single(await server.Get<ReturnReading>().DifferencesAsync(open: true, 0, 100), one => one.ReturnId == booked.Id);
        var note = server.Get<NoteDifference>();
        (await note.RunAsync(await _desk.WhoAsync("finance"), difference.Id, "银行已更正：未付")).OrThrow();
        // One word is not enough where the bank may have paid: after it the row could go out again.
        Assert.Contains(await server.Get<ReturnReading>().DifferencesAsync(open: true, 0, 100), one => one.Id == difference.Id);
        Desk.ExpectRefusal(RefusalCode.SamePerson, await note.RunAsync(await _desk.WhoAsync("finance"), difference.Id, "银行已更正：未付"));
        (await note.RunAsync(await _desk.WhoAsync("finance2"), difference.Id, "已与银行核对")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.NotFound, await note.RunAsync(await _desk.WhoAsync("finance"), difference.Id, "又记"));
    }

    private async Task<PaymentRow> RowAsync(PaymentId payment) => (await server.Get<PaymentReading>().FindAsync(payment))!.Rows[0];

    /// <summary>What the work list says is open of the claim; <c>null</c> when it is not on the list.</summary>
    private async Task<Fen?> ToPayAsync(ClaimId claim) =>
        (await server.Get<ClaimReading>().ListAsync(await _desk.WhoAsync("finance"), ClaimQueue.ToPay, 0, 100)).SingleOrDefault(one => one.Id == claim.Value)?.Open;

    private async Task<T> ValueAsync<T>(string sql)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }
}
