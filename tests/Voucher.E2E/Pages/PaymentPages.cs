using Voucher.E2E.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Pages;

/// <summary>支付: the bank's return, accounts, sending again, reconciliation.</summary>
public sealed class PaymentPages(IPage page)
{
    public ILocator Rows => page.GetByTestId("payment-row");

    /// <summary>Uploads the bank's answer; nothing is booked yet.</summary>
    public async Task UploadReturnAsync(string name, string text)
    {
        await page.GotoAsync("/settling/returns");
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
        await page.GetByTestId("return-upload").ClickAsync();
        await Expect(page.GetByTestId("return-summary")).ToBeVisibleAsync();
    }

    public async Task ExpectPreviewAsync(int good, int differences)
    {
        await Expect(page.GetByTestId("return-summary")).ToHaveAttributeAsync("data-good", $"{good}");
        await Expect(page.GetByTestId("return-summary")).ToHaveAttributeAsync("data-differences", $"{differences}");
    }

    /// <summary>What is right is booked, the rest stays as a difference.</summary>
    public async Task BookGoodAsync() => await LeaveAsync(page.GetByTestId("return-book-good"));

    public async Task BookAsync() => await LeaveAsync(page.GetByTestId("return-book"));

    private async Task LeaveAsync(ILocator button)
    {
        await button.ClickAsync();
        await page.ToLeaveAsync("/uploads/");
    }

    public async Task ExpectRowsAsync(string payment, params string[] states)
    {
        await page.GotoAsync(payment);
        await Expect(Rows).ToHaveCountAsync(states.Length);
        for (var row = 0; row < states.Length; row++) await Expect(Rows.Nth(row)).ToHaveAttributeAsync("data-status", states[row]);
    }

    public async Task ResendFailedAsync(string payment, string reason)
    {
        await page.GotoAsync(payment);
        await page.Locator("input[name=rows]").CheckAsync();
        await page.GetByTestId("payment-resend").Locator("xpath=ancestor::form").Locator("input[name=Reason]").FillAsync(reason);
        await page.GetByTestId("payment-resend").ClickAsync();
        await Expect(page.Locator("[data-testid=payment-row][data-status=Waiting]")).ToHaveCountAsync(1);
    }

    /// <summary>Paid by the ledger and paid by payments are the same to the fen.</summary>
    public async Task ExpectTieAsync()
    {
        await page.GotoAsync("/settling/reconciliation");
        await Expect(page.GetByTestId("tie")).ToHaveAttributeAsync("data-difference", "0");
    }
}
