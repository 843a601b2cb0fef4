using System.Globalization;
using Voucher.Core;
using Voucher.E2E.Browsers;
using Voucher.E2E.County;
using Voucher.E2E.Pages;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E;

/// <summary>
/// The county's finance desk in a real browser on the real programs: a claim over two budget lines is paid by a file of two
/// transfers, the bank answers one paid and one failed, the failed one goes out again under the same number, and the books tie to the
/// fen at every step. Every page is kept as a picture, at a desk and on a phone.
/// </summary>
public sealed class MoneyDeskTests(CountyAtWork county) : IClassFixture<CountyAtWork>
{
    private const string Header = "流水号,次数,账号,金额,状态,原因,银行流水";

    private readonly Album _album = new("money-desk");
    private readonly List<Visitor> _visitors = [];

    [Fact]
    public async Task A_failed_transfer_is_sent_again_and_nothing_is_paid_twice()
    {
        try
        {
            await WorkAsync();
        }
        catch
        {
            await _album.KeepFailureAsync(_visitors, county.Programs.Logs);
            throw;
        }
        foreach (var visitor in _visitors) visitor.AssertQuiet();
    }

    private async Task WorkAsync()
    {
        await TrainAsync();
        await ClaimAsync();
        var (finance, finance2) = (await LogInAsync("finance"), await LogInAsync("finance2"));
        var payment = await new SettlingPages(finance).MakePaymentAsync();
        await ShowAsync(finance, "payment-made");
        await new SettlingPages(finance2).ReleaseAsync(payment);
        await finance.GotoAsync(payment);
        var sent = Transfers(await new SettlingPages(finance).DownloadFileAsync(county.Programs.Folder));
        Assert.Equal(2, sent.Count);
        await ShowAsync(finance2, "payment-with-the-bank");

        var (first, second) = (sent[0], sent[1]);
        var answer = Return(Row(first, "成功", "", "E1"), Row(second, "失败", "账号状态异常", "E2"), $"PXQ00999999-1,1,,1.00,成功,,E3");
        var pages = new PaymentPages(finance);
        await pages.UploadReturnAsync("回盘1.csv", answer);
        await pages.ExpectPreviewAsync(good: 2, differences: 1);
        await ShowAsync(finance, "return-to-be-booked");
        await pages.BookGoodAsync();
        await pages.ExpectRowsAsync(payment, "Paid", "Failed");
        await ShowAsync(finance, "payment-with-a-failure");
        await pages.ExpectTieAsync();
        await ShowAsync(finance, "reconciliation-open");

        await AskForAnotherAccountAsync();
        await pages.ResendFailedAsync(payment, "银行确认账户已恢复");
        await new SettlingPages(finance2).ReleaseAsync(payment);
        await finance.GotoAsync(payment);
        var again = Transfers(await new SettlingPages(finance).DownloadFileAsync(county.Programs.Folder));
        Assert.Equal([second with { Attempt = "2" }], again);
        await pages.UploadReturnAsync("回盘2.csv", Return(Row(again[0], "成功", "", "E4")));
        await pages.BookAsync();
        await pages.ExpectRowsAsync(payment, "Paid", "Paid");
        await ShowAsync(finance, "payment-paid");

        // The first answer once more, in another file: nothing of it is booked again.
        await pages.UploadReturnAsync("回盘1再次.csv", answer + "\r\n");
        await pages.ExpectPreviewAsync(good: 0, differences: 1);
        await pages.ExpectTieAsync();
        await ShowAsync(finance, "reconciliation-done");
        await LookAtPapersAsync(finance, payment);
        Assert.Contains("0 violations", await county.Programs.CommandAsync("invariants"), StringComparison.Ordinal);
        Assert.Contains("0 findings", await county.Programs.CommandAsync("audit", "verify"), StringComparison.Ordinal);
    }

    /// <summary>Four vouchers of two budget lines of one source go through a class.</summary>
    private async Task TrainAsync()
    {
        var line = (await county.Api.GetAsync("finance", "/api/budget-lines")).EnumerateArray().First();
        var second = (await county.Api.PostAsync("finance", "/api/budget-lines", new
        {
            fundSource = line.GetProperty("fundSource").GetString(), documentNo = line.GetProperty("documentNo").GetString(), year = line.GetProperty("year").GetInt32(),
            department = "县人社局", name = "冬季电工培训",
        })).GetProperty("id").GetInt64();
        await county.Api.PostAsync("finance", $"/api/budget-lines/{second}/allocate", new { amountFen = 1_000_000, documentNo = "东财示例〔2026〕7号" });
        var others = await county.IssueAsync(await county.DraftAsync("冬季电工批次", CountyAtWork.OtherList, second));
        await county.CompleteAsync([county.TakeVoucher(), county.TakeVoucher(), .. others]);
    }

    private async Task ClaimAsync()
    {
        var manager = await LogInAsync("manager");
        await manager.GotoAsync("/settling/claimable");
        await ShowAsync(manager, "claimable");
        var claim = await new SettlingPages(manager).ClaimAllAsync();
        var number = claim.Split('/')[^1];
        foreach (var line in (await county.Api.GetAsync("reviewer", $"/api/claims/{number}")).GetProperty("lines").EnumerateArray())
            await county.Api.PostAsync("reviewer", $"/api/claims/{number}/lines/{line.GetProperty("id").GetInt64()}/review", new { verdict = "pass", reason = "已核对" });
        foreach (var call in (await county.Api.GetAsync("clerk", $"/api/claims/{number}/calls")).EnumerateArray().Where(call => call.GetProperty("isOpen").GetBoolean()))
            await county.Api.PostAsync("clerk", $"/api/claims/{number}/lines/{call.GetProperty("lineId").GetInt64()}/call", new { result = "confirms" });
        var reviewer = await LogInAsync("reviewer");
        await reviewer.GotoAsync(claim);
        await ShowAsync(reviewer, "claim-reviewed");
        await new SettlingPages(await LogInAsync("approver")).ApproveAsync(claim);
    }

    /// <summary>By one, verified by another; it can be used some days later, so this time the old one is tried again.</summary>
    private async Task AskForAnotherAccountAsync()
    {
        var institution = (await county.Api.GetAsync("manager", "/api/institutions")).EnumerateArray().First().GetProperty("id").GetInt64();
        var clerk = await LogInAsync("clerk");
        await clerk.GotoAsync($"/settling/payees/institution/{institution}");
        var form = clerk.GetByTestId("payee-form");
        await form.Locator("[name=holder]").FillAsync("东乡县职业技术学校");
        await form.Locator("[name=bank]").FillAsync("东乡县农村信用合作联社");
        await form.Locator("[name=account]").FillAsync("62229260000000055");
        await form.Locator("[name=reason]").FillAsync("原账户状态异常");
        await clerk.GetByTestId("payee-propose").ClickAsync();
        await Expect(clerk.Locator("[data-testid=payee-account]").First).ToBeVisibleAsync();
        await ShowAsync(clerk, "payee-proposed");
        var approver = await LogInAsync("approver");
        await approver.GotoAsync($"/settling/payees/institution/{institution}");
        await approver.GetByTestId("payee-verify").ClickAsync();
        await Expect(approver.GetByTestId("payee-verify")).ToHaveCountAsync(0);
        await ShowAsync(approver, "payee-verified");
    }

    private async Task LookAtPapersAsync(IPage finance, string payment)
    {
        foreach (var (path, name) in new[]
        {
            ($"/forms/payment/{payment.Split('/')[^1]}", "form-payment-list"), ("/forms/day", "form-day-sheet"), ("/forms", "forms"),
            ("/ledger/books", "books"), ("/ledger", "ledger"), ("/settling/payments", "payments"),
        })
        {
            await finance.GotoAsync(path);
            await _album.TakeAsync(finance, name);
        }
    }

    /// <summary>A transfer as the bank reads it in the file.</summary>
    private sealed record Transfer(string Reference, string Attempt, string Account, string Yuan);

    private static List<Transfer> Transfers(string file) =>
    [
        .. file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.TrimEnd('\r').Split(','))
            .Select(cells => new Transfer(cells[1], cells[2], cells[5].TrimStart('\''), cells[6])),
    ];

    private static string Row(Transfer transfer, string status, string reason, string serial) =>
        string.Create(CultureInfo.InvariantCulture, $"{transfer.Reference},{transfer.Attempt},{transfer.Account},{transfer.Yuan},{status},{reason},{serial}");

    private static string Return(params string[] rows) => string.Join("\r\n", [Header, .. rows, ""]);

    private async Task<IPage> LogInAsync(string login)
    {
        var visitor = await Portal.LogInAsync(await county.OfficeAsync(), county.Programs, login);
        _visitors.Add(visitor);
        return visitor.Page;
    }

    /// <summary>At a desk, and on a phone, where nothing is wider than the screen.</summary>
    private async Task ShowAsync(IPage page, string name)
    {
        await _album.TakeAsync(page, name);
        Assert.Equal("", await _album.TakeOnPhoneAsync(page, name));
    }
}
