using Voucher.E2E.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Pages;

/// <summary>结算: claim, review, approval, payment.</summary>
public sealed class SettlingPages(IPage page)
{
    /// <returns>The claim's own page.</returns>
    public async Task<string> ClaimAllAsync()
    {
        await page.GetByTestId("claim-submit").ClickAsync();
        await page.ToBeAtAsync("/settling/claims/");
        return new Uri(page.Url).AbsolutePath;
    }

    public async Task PassLineAsync(string claim)
    {
        await page.GotoAsync(claim);
        await page.Locator("input[name=Reason]").First.FillAsync("已核对");
        await page.GetByTestId("line-pass").ClickAsync();
        await Expect(page.GetByTestId("line-verdict")).ToBeVisibleAsync();
        await CallAsync(claim);
        await page.GotoAsync(claim);
    }

    /// <summary>The drawn trainees confirm on the telephone.</summary>
    private async Task CallAsync(string claim)
    {
        await page.GotoAsync($"{claim}/calls");
        while (await page.GetByTestId("call-confirms").CountAsync() is var open and > 0)
        {
            await page.GetByTestId("call-confirms").First.ClickAsync();
            await Expect(page.GetByTestId("call-confirms")).ToHaveCountAsync(open - 1);
        }
    }

    public async Task ApproveAsync(string claim)
    {
        await page.GotoAsync(claim);
        await page.GetByTestId("claim-approve").ClickAsync();
        await Expect(page.GetByTestId("claim-status").First).ToHaveAttributeAsync("data-status", "Approved");
    }

    /// <returns>The payment's own page.</returns>
    public async Task<string> MakePaymentAsync()
    {
        await page.GotoAsync("/settling");
        await page.GetByTestId("payment-create").ClickAsync();
        await page.ToBeAtAsync("/settling/payments/");
        return new Uri(page.Url).AbsolutePath;
    }

    /// <returns>The bank's file.</returns>
    public async Task<string> DownloadFileAsync(string folder)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("payment-file").ClickAsync());
        var path = Path.Combine(folder, download.SuggestedFilename);
        await download.SaveAsAsync(path);
        return await File.ReadAllTextAsync(path);
    }

    /// <summary>Another finance person hands the payment to the bank, which makes its file.</summary>
    public async Task ReleaseAsync(string payment)
    {
        await page.GotoAsync(payment);
        await page.GetByTestId("payment-release").ClickAsync();
        await Expect(page.GetByTestId("payment-status").First).ToHaveAttributeAsync("data-status", "WithBank");
    }

    public async Task MarkPaidAsync(string bankReference)
    {
        await page.GetByTestId("payment-reference").FillAsync(bankReference);
        await page.GetByTestId("payment-paid").ClickAsync();
        await Expect(page.GetByTestId("payment-status").First).ToHaveAttributeAsync("data-status", "Paid");
    }
}
