using System.Globalization;
using Voucher.E2E.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Pages;

/// <summary>计划: drafting, importing its 任务分解表, approving, progress.</summary>
public sealed class PlanPages(IPage page)
{
    /// <summary>What is wrong with a sheet, each by its cell.</summary>
    public ILocator Problems => page.GetByTestId("breakdown-problems").Locator("li");

    public ILocator Lines => page.GetByTestId("target-line");

    /// <returns>The plan's own page.</returns>
    public async Task<string> DraftAsync(string documentNo, string title, int year, int people)
    {
        await page.GotoAsync("/planning");
        await page.Locator("summary").Filter(new() { HasText = "新建计划" }).ClickAsync();
        await page.FillAsync("#DocumentNo", documentNo);
        await page.FillAsync("#PlanTitle", title);
        foreach (var field in new[] { "#FirstYear", "#LastYear" }) await page.FillAsync(field, year.ToString(CultureInfo.InvariantCulture));
        await page.FillAsync("#People", people.ToString(CultureInfo.InvariantCulture));
        await page.GetByTestId("plan-form").GetByRole(AriaRole.Button).ClickAsync();
        await page.ToBeAtAsync("/planning/");
        return new Uri(page.Url).AbsolutePath;
    }

    /// <summary>Until the sheet stands there checked.</summary>
    public async Task UploadAsync(string plan, string sheet)
    {
        await page.GotoAsync(plan);
        await page.GetByTestId("import-breakdown").ClickAsync();
        await page.SetInputFilesAsync("#file", sheet);
        await page.GetByTestId("breakdown-form").Locator("button").ClickAsync();
        await Expect(page.GetByTestId("breakdown-grid")).ToBeVisibleAsync();
    }

    public async Task AdoptAsync()
    {
        await page.GetByTestId("adopt-breakdown").ClickAsync();
        await Expect(Lines.First).ToBeVisibleAsync();
    }

    public async Task ApproveAsync(string plan)
    {
        await page.GotoAsync(plan);
        await page.GetByTestId("approve-plan").ClickAsync();
        await Expect(page.GetByTestId("approve-plan")).ToHaveCountAsync(0);
    }
}
