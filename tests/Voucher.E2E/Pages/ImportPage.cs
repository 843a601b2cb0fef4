using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Pages;

/// <summary>导入花名册.</summary>
public sealed class ImportPage(IPage page)
{
    public async Task UploadAsync(string spreadsheet, string list)
    {
        await page.GotoAsync("/register/import");
        await page.SetInputFilesAsync("#file", spreadsheet);
        await page.FillAsync("#list", list);
        await page.GetByTestId("import-send").ClickAsync();
        await Expect(page.GetByTestId("import-status")).ToHaveAttributeAsync("data-status", "Checked");
        await page.GetByTestId("import-start").ClickAsync();
        await Expect(page.GetByTestId("import-status")).ToHaveAttributeAsync("data-status", "Finished");
    }

    public async Task<int> CountAsync(string figure) =>
        int.Parse(await page.GetByTestId($"import-{figure}").InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>One line for each error: row, column, reason.</summary>
    public Task<IReadOnlyList<string>> ErrorsAsync() => page.GetByTestId("import-errors").Locator("tbody tr").AllInnerTextsAsync();
}
