using Voucher.E2E.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Pages;

/// <summary>发券: drafting, approving, printing a batch.</summary>
public sealed class BatchPages(IPage page)
{
    private const float LongestPrintMs = 60_000;

    public ILocator Status => page.GetByTestId("batch-status").First;

    public ILocator Rows => page.GetByTestId("voucher-row");

    public async Task FillInAsync(string name, string faceValue, string budgetLine, string list)
    {
        await page.GotoAsync("/issuing/new");
        await page.FillAsync("#f-name", name);
        await page.FillAsync("#f-face", faceValue);
        await page.Locator("#f-line").SelectOptionAsync(await ValueOfAsync("#f-line", budgetLine));
        await page.GetByLabel(list, new() { Exact = true }).CheckAsync();
    }

    /// <summary>Of those who get no voucher for this reason.</summary>
    public async Task ListAsync(string reason)
    {
        await page.Locator($"#eligibility [data-reason={reason}]").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByTestId("dry-run-list")).ToBeVisibleAsync();
    }

    /// <returns>The batch's own page.</returns>
    public async Task<string> SubmitAsync()
    {
        await page.GetByTestId("batch-submit").ClickAsync();
        await page.ToBeAtAsync("/issuing/batches/");
        return new Uri(page.Url).AbsolutePath;
    }

    public async Task ApproveAsync(string batch)
    {
        await page.GotoAsync(batch);
        await page.GetByTestId("batch-approve").ClickAsync();
        await Expect(Status).ToHaveAttributeAsync("data-status", "Issued");
    }

    /// <returns>The downloaded file.</returns>
    public async Task<string> PrintAsync(string batch, string folder)
    {
        await page.GotoAsync(batch);
        await page.GetByTestId("print-pdf").ClickAsync();
        await Expect(page.GetByTestId("pdf-link")).ToHaveCountAsync(1, new() { Timeout = LongestPrintMs });
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("pdf-link").ClickAsync());
        var path = Path.Combine(folder, "batch.pdf");
        await download.SaveAsAsync(path);
        return path;
    }

    public async Task HandOverAllAsync()
    {
        page.Dialog += Agree;
        await page.GetByTestId("hand-over-all").ClickAsync();
        await Expect(page.GetByTestId("hand-over-all")).ToBeHiddenAsync();
        page.Dialog -= Agree;
    }

    private static void Agree(object? sender, IDialog dialog) => _ = dialog.AcceptAsync();

    private async Task<string> ValueOfAsync(string select, string words) =>
        (await page.Locator($"{select} option").Filter(new() { HasText = words }).First.GetAttributeAsync("value"))!;
}
