namespace Voucher.E2E.Pages;

/// <summary>终端, in the portal.</summary>
public sealed class TerminalsPage(IPage page)
{
    public ILocator Rows => page.GetByTestId("terminal-row");

    /// <returns>The code as it is read out to the desk.</returns>
    public async Task<string> MakeCodeAsync(string institution)
    {
        await page.GotoAsync("/terminals");
        await page.Locator("#institution").SelectOptionAsync(new SelectOptionValue { Label = institution });
        await page.GetByTestId("code-form").GetByRole(AriaRole.Button).ClickAsync();
        return await page.GetByTestId("pairing-code").InnerTextAsync();
    }

    public async Task<string> FingerprintAsync()
    {
        await page.GotoAsync("/terminals");
        return await Rows.Locator("code").InnerTextAsync();
    }

    public Task ConfirmAsync() => page.GetByTestId("terminal-confirm").ClickAsync();
}
