using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Institutions.Marking;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.CollegeCosts;
using Voucher.Server.Settling.Forms;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Settling.Reviewing;
using Voucher.Server.Settling.Retaining;
using Voucher.Server.Spreadsheets;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Settling;

/// <summary>
/// A county in which all has happened that can happen to approved money: two approvals of one claim, retention released and forfeited, an
/// upheld objection, part of a line taken back and netted from the next payment, allowances out of the subsidy and from a list, a transfer
/// that failed and one that the bank returned. The forms tie to each other and to the ledger.
/// </summary>
public sealed class FormTieTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private const string SecondApprover = "second-approver";

    private readonly PublicationDesk _desk = new(server);
    private readonly RecoveryScene _recoveries = new(server);
    private readonly List<PaymentId> _toInstitution = [];
    private AllowanceScene _county = null!;
    private DateOnly _first;
    private IReadOnlyList<VoucherId> _vouchers = [];
    private ClaimId _claim, _next;
    private PaymentId _toPeople;
    private DayFigures _dayOfFirstApproval = null!;

    private Desk Desk => _desk.Desk;

    public async ValueTask InitializeAsync()
    {
        await _desk.PrepareAsync();
        await Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        await Desk.HireAsync(SecondApprover, Role.Approver);
        _county = await AllowanceScene.BuildAsync(server, 1, rules: p => p with
        {
            LivingAllowanceFenPerDay = 2_000, LivingAllowanceSource = AllowanceSource.PublicFunds,
            TransportAllowanceFenPerDay = 1_000, TransportAllowanceSource = AllowanceSource.InstitutionSubsidy,
        });
        _first = _desk.Today;
        _vouchers = await _county.TraineesAsync(8);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task All_forms_tie_to_each_other_and_to_the_ledger_whatever_became_of_the_money()
    {
        await ApproveInTwoPartsAsync();
        await PublishAndUpholdAsync();
        await PayAsync();
        await TakeBackAndNetAsync();
        await ForfeitAndReleaseAsync();
        await Desk.ExpectInvariantsAsync();

        var statement = (await server.Get<StatementFigureStore>().FindAsync(_county.Settled.Institution, _first, _desk.Today))!;
        await ExpectClaimFormsAsync(statement);
        await ExpectPaymentsAsync(statement);
        await ExpectLedgerAsync(statement);
        await ExpectDaysAsync(statement);
        await ExpectMemoAsync(statement);
        ExpectNumbersInTheWorkbook(statement);
        if (Environment.GetEnvironmentVariable("VOUCHER_FORMS_TO") is { } folder) await KeepAsync(folder);
    }

    /// <summary>The papers, to be looked at.</summary>
    private async Task KeepAsync(string folder)
    {
        var auditor = await Desk.WhoAsync("auditor");
        FormWish[] wishes =
        [
            new(FormKind.Claim, _claim.Value), new(FormKind.Payment, _toInstitution[1].Value), new(FormKind.Payment, _toPeople.Value),
            new(FormKind.Ledger, Line: _county.Settled.BudgetLine.Value, From: _first), new(FormKind.Statement, Institution: _county.Settled.Institution.Value, From: _first),
            new(FormKind.Day, Day: _first.AddDays(1)),
        ];
        foreach (var wish in wishes)
            await File.WriteAllBytesAsync(
                Path.Combine(folder, $"tie-{wish.Kind}-{wish.Id}.pdf"), (await server.Get<ExportForm>().PdfAsync(auditor, wish, CancellationToken.None)).OrThrow().Content);
    }

    /// <summary>Six pass, one is rejected, one is returned and approved a day later by somebody else.</summary>
    private async Task ApproveInTwoPartsAsync()
    {
        _claim = (await Desk.ClaimAsync(_vouchers)).OrThrow();
        var lines = (await Desk.ReadAsync(_claim)).Lines;
        (await Desk.StepAsync(_claim, lines[6].Id, LineStepKind.Returned, "缺实操记录", "实操记录")).OrThrow();
        (await Desk.ReviewAsync(_claim, lines[7].Id, LineVerdict.Reject, "签到照片与本人不符")).OrThrow();
        (await Desk.ReviewAllAsync(_claim)).OrThrow();
        (await Desk.ApproveAsync(_claim)).OrThrow();
        var day = _desk.Today;
        server.Clock.MoveTo(day.AddDays(1), new TimeOnly(9, 0));
        _dayOfFirstApproval = await DayAsync(day);
        (await Desk.HandInAsync(_claim, lines[6].Id)).OrThrow();
        (await Desk.ReviewAllAsync(_claim)).OrThrow();
        (await Desk.ApproveAsync(_claim, SecondApprover)).OrThrow();
        await _county.ApprovedAsync();
    }

    private async Task PublishAndUpholdAsync()
    {
        var publication = (await _desk.PublishAsync()).OrThrow();
        var position = await _desk.AskAsync<int>("""
            select x.position from publication_line x join payable y on y.id = x.payable_id and y.kind = 1
            join claim_line l on l.id = y.claim_line_id and l.voucher_id = @voucher where x.publication_id = @publication
            """, new { publication, voucher = _vouchers[5] });
        var objection = (await _desk.ObjectAsync(publication, $"{position}")).OrThrow();
        Assert.Equal(ObjectionState.Upheld, await _desk.DecideAsync(objection, ObjectionStep.ProposeUpheld));
        _desk.WaitOut();
    }

    /// <summary>The institution's transfer fails and is sent again; of the trainees' one fails, and one comes back after it was paid.</summary>
    private async Task PayAsync()
    {
        var payment = (await Desk.PayAsync([_claim])).OrThrow();
        (await Desk.ReleaseAsync(payment)).OrThrow();
        var list = await ListAsync(payment);
        await AnswerAsync(payment, 1, list.Net, "8888", isPaid: false);
        (await server.Get<CorrectRows>().ResendAsync(await Desk.WhoAsync("finance"), payment, [1], "账户已恢复")).OrThrow();
        (await Desk.PaidAsync(payment)).OrThrow();
        _toInstitution.Add(payment);

        var source = await _desk.AskAsync<int>("select fund_source_id from budget_line where id = @BudgetLine", new { _county.Settled.BudgetLine });
        _toPeople = (await server.Get<MakePayment>().RunAsync(await Desk.WhoAsync("finance"), new PaymentChoice([], new(source), ToPeople: true))).OrThrow();
        (await Desk.ReleaseAsync(_toPeople)).OrThrow();
        var rows = (await ListAsync(_toPeople)).Rows;
        for (var number = 1; number <= rows.Count; number++) await AnswerAsync(_toPeople, number, rows[number - 1].Net, "1234", isPaid: number > 1);
        server.Clock.MoveTo(_desk.Today.AddDays(1), new TimeOnly(9, 0));
        (await server.Get<BounceRow>().RunAsync(await Desk.WhoAsync("finance"), _toPeople, 2, rows[1].Net.ToString(), "退汇-1", null)).OrThrow();
    }

    /// <summary>More than was kept back of the line, so that some of it was paid and is owed; the next payment nets it.</summary>
    private async Task TakeBackAndNetAsync()
    {
        await _recoveries.DecidedAsync($"{_vouchers[1]} 300");
        _next = (await Desk.ClaimAsync(await _county.TraineesAsync(2))).OrThrow();
        (await Desk.ReviewAllAsync(_next)).OrThrow();
        (await Desk.ApproveAsync(_next)).OrThrow();
        (await _desk.PublishAsync(_next)).OrThrow();
        _desk.WaitOut();
        var payment = (await Desk.PayAsync([_next])).OrThrow();
        (await Desk.PaidAsync(payment)).OrThrow();
        _toInstitution.Add(payment);
        Assert.True((await ListAsync(payment)).Netted > Fen.Zero);
    }

    private async Task ForfeitAndReleaseAsync()
    {
        server.Clock.MoveTo(_first.AddMonths(1).AddDays(2), new TimeOnly(9, 0));
        var line = await _desk.AskAsync<long>("select id from claim_line where voucher_id = @voucher and state <> 4", new { voucher = _vouchers[0] });
        var draft = server.Get<DraftRetained>();
        var decide = server.Get<DecideRetained>();
        var forfeit = (await draft.ForfeitAsync(await Desk.WhoAsync("clerk"), [line], "抽查查实未授课")).OrThrow();
        (await decide.RunAsync(await Desk.WhoAsync(PublicationDesk.RetentionApprover), forfeit, true, null)).OrThrow();
        var release = (await draft.ReleaseDueAsync(await Desk.WhoAsync("clerk"), _county.Settled.Institution.Value, "留存期满，未发现问题")).OrThrow();
        (await decide.RunAsync(await Desk.WhoAsync(PublicationDesk.RetentionApprover), release, true, null)).OrThrow();
    }

    private async Task ExpectClaimFormsAsync(StatementFigures statement)
    {
        Assert.Equal([_claim.Value, _next.Value], statement.Rows.Select(row => row.Claim));
        foreach (var row in statement.Rows)
        {
            var form = (await server.Get<ClaimFigureStore>().FindAsync(row.Claim))!;
            Assert.All(form.Lines, line => Assert.Equal(Fen.Zero, line.Money.Unexplained));
            Assert.Equal((row.Claimed, row.Money), (form.Claimed, form.Money));
            Assert.Equal(row.Claimed, row.Rejected + row.Undecided + row.Money.Approved);
        }
        var money = statement.Money;
        Assert.Equal((Fen.FromYuan(9 * 1200), Fen.FromYuan(1200), Fen.FromYuan(1200)), (money.Approved, money.Struck, statement.Rejected));
        Assert.Equal((Fen.FromYuan(118), Fen.FromYuan(300), Fen.FromYuan(182)), (money.Forfeited, money.TakenBack, money.TakenBackPaid));
        Assert.Equal((Fen.FromYuan(2 * 118), Fen.FromYuan(4 * 118)), (money.Retained, money.Outstanding));
        Assert.Equal((Fen.FromYuan(8 * 1062 - 182), Fen.FromYuan(8 * 20)), (money.Paid, money.Trainees));
        var signs = (await server.Get<ClaimFigureStore>().FindAsync(_claim.Value))!.Signs;
        Assert.Equal(["杨审批", SecondApprover], signs.Where(sign => sign.Step.Zh == "审批").Select(sign => sign.Who));
    }

    private async Task ExpectPaymentsAsync(StatementFigures statement)
    {
        var lists = await Task.WhenAll(_toInstitution.Select(ListAsync));
        Assert.Equal(statement.Money.PaidOut, Sum(lists, list => list.Paid + list.Netted));
        Assert.Equal(statement.Money.TakenBackPaid, Sum(lists, list => list.Netted));
        Assert.All(lists, list => Assert.Equal(PaymentStatus.Paid, list.Status));
        var people = await ListAsync(_toPeople);
        Assert.Equal(PaymentStatus.PartlyPaid, people.Status);
        Assert.StartsWith("支付失败：账号不存在", people.Rows[0].Result.Zh);
        Assert.Equal("支付失败：退汇", people.Rows[1].Result.Zh);
        foreach (var list in lists.Append(people)) Assert.Equal((list.TotalOfPayment, list.Gross - list.TakenOut - list.Netted), (list.Gross, list.Net));
    }

    private async Task ExpectLedgerAsync(StatementFigures statement)
    {
        var money = statement.Money;
        var extract = ((Outcome<LedgerFigures>.Done)(await server.Get<LedgerFigureStore>().FindAsync(_county.Settled.BudgetLine.Value, 0, _first, _desk.Today))!).Value;
        var balances = await _county.Settled.BalancesAsync();
        Assert.Equal(
            (balances[LedgerAccountKind.Payable], balances[LedgerAccountKind.Retained], balances[LedgerAccountKind.Paid], balances[LedgerAccountKind.Receivable]),
            (extract.Closing.Payable, extract.Closing.Retained, extract.Closing.Paid, extract.Closing.Receivable));
        Assert.Equal(money.Approved, Sum(extract.Rows.Where(row => row.Kind == LedgerTransactionKind.Approve), row => row.Movement.Payable + row.Movement.Retained));
        var people = await ListAsync(_toPeople);
        var owedToPeople = await _desk.AskAsync<long>("select coalesce(sum(amount_fen), 0)::bigint from payable where kind = 3 and state in (1, 2)");
        Assert.Equal(money.Outstanding + new Fen(owedToPeople), extract.Closing.Payable);
        Assert.Equal(money.Retained, extract.Closing.Retained);
        Assert.Equal(money.Paid + people.Paid, extract.Closing.Paid);
        Assert.Equal(Fen.Zero, extract.Closing.Receivable);
        Assert.All(extract.Rows, row => Assert.DoesNotContain(':', row.Cause.Zh));
    }

    private async Task ExpectDaysAsync(StatementFigures statement)
    {
        List<DayFigures> days = [];
        for (var day = _first; day <= _desk.Today; day = day.AddDays(1)) days.Add(await DayAsync(day));
        Assert.Equal((3, statement.Money.Approved), Of("申报单审批（核定）"));
        Assert.Equal((1, statement.Money.TakenBack), Of("决定追回"));
        var people = await ListAsync(_toPeople);
        Assert.Equal(people.Rows[1].Net, Of("登记退汇（笔）").Amount);
        Assert.Equal(statement.Money.PaidOut + people.Paid, Of("登记支付（笔）").Amount - Of("登记退汇（笔）").Amount);
        for (var next = 1; next < days.Count; next++) Assert.Equal(days[next - 1].Closing, days[next].Opening);

        // What was printed on the evening of the first approval still stands, word for word.
        var again = days[0];
        Assert.Equal((1, Fen.FromYuan(6 * 1200)), again.Counts.Where(count => count.What.Zh == "申报单审批（核定）").Select(count => (count.Count, count.Amount!.Value)).Single());
        Assert.Equal(_dayOfFirstApproval.Counts, again.Counts);
        Assert.Equal(_dayOfFirstApproval.Movements, again.Movements);
        Assert.Equal(_dayOfFirstApproval.Deeds, again.Deeds);
        Assert.DoesNotContain(again.ToSheet(Frame()).Tables[2].Rows, row => row[1].Text!.Zh.Contains('.', StringComparison.Ordinal));

        (int Count, Fen Amount) Of(string what)
        {
            var found = days.SelectMany(day => day.Counts).Where(count => count.What.Zh == what).ToList();
            return (found.Sum(count => count.Count), Sum(found, count => count.Amount!.Value));
        }
    }

    /// <summary>The county's year may end in between: what stands in the memos of both.</summary>
    private async Task ExpectMemoAsync(StatementFigures statement)
    {
        var clerk = await Desk.WhoAsync("clerk");
        var mark = new MarkForm(nameof(Core.Institutions.MarkKind.College), _first.Year, null, "教职〔2026〕1号", null, null, null, null);
        (await server.Get<MarkInstitution>().AddAsync(_county.Settled.Institution, mark, clerk)).OrThrow();
        List<CollegeMemo> memos = [];
        for (var year = _first.Year; year <= _desk.Today.Year; year++)
            memos.Add((await server.Get<CollegeReading>().FindAsync(clerk, _county.Settled.Institution, new CollegePeriod(year, null)))!);
        Assert.Equal((statement.Money.PaidOut, statement.Money.TakenBackPaid), (Sum(memos, memo => memo.Paid), Sum(memos, memo => memo.TakenBack)));
        Assert.Equal(statement.Money.Paid, Sum(memos, memo => memo.Split.Income));
    }

    private static void ExpectNumbersInTheWorkbook(StatementFigures statement)
    {
        var sheet = statement.ToSheet(Frame());
        var book = new SheetFile(FormWorkbook.Write(sheet, "zh"));
        var (header, total) = (book.Sheets[1].Rows[0], book.Sheets[1].Rows[^1]);
        foreach (var (title, amount) in new[] { ("核定", statement.Money.Approved), ("已付", statement.Money.Paid), ("追回", statement.Money.TakenBack) })
            Assert.Equal((double)(amount.Value / 100m), total[Array.FindIndex(header, cell => cell as string is { } text && text.Split('（')[0] == title)]);
        Assert.Equal((double)(statement.Money.Paid.Value / 100m), Head("已付合计"));
        Assert.Equal(statement.Money.Paid.ToCapitalChinese(), Head("已付合计（大写）"));
        Assert.Equal(2.0, Head("申报单"));

        object? Head(string label) => book.Sheets[0].Rows.Single(row => Equals(row[0], label))[1];
    }

    private static FormFrame Frame() => new(Voucher.Server.Demo.DemoCounty.Region, "东乡族自治县", DateTimeOffset.UnixEpoch, "唐财务", ["规则"]);

    private async Task<PaymentFigures> ListAsync(PaymentId payment) => (await server.Get<PaymentFigureStore>().FindAsync(payment.Value))!;

    private Task<DayFigures> DayAsync(DateOnly day) => server.Get<DayFigureStore>().ReadAsync(day, _desk.Today);

    private async Task AnswerAsync(PaymentId payment, int number, Fen amount, string tail, bool isPaid)
    {
        var answer = isPaid ? "成功," : "失败,账号不存在";
        var booked = (await Desk.BookReturnAsync($"{PaymentFile.ReferenceOf(payment, number)},1,****{tail},{amount},{answer},T{payment}-{number}\r\n", keepDifferences: false)).OrThrow();
        Assert.Equal((1, 0), (booked.Booked, booked.Differences));
    }

    private static Fen Sum<T>(IEnumerable<T> of, Func<T, Fen> part) => of.Aggregate(Fen.Zero, (sum, one) => sum + part(one));
}
