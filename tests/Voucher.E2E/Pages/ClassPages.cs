using System.Globalization;
using Voucher.E2E.County;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Pages;

/// <summary>班级: opening, approving, results, spot checks.</summary>
public sealed class ClassPages(IPage page)
{
    public ILocator Status => page.GetByTestId("class-status");

    public async Task FillInAsync(string name, string programme, SessionNow session)
    {
        await page.GotoAsync("/classes/new");
        await page.FillAsync("#name", name);
        await page.Locator("#programmeCode").SelectOptionAsync(
            (await page.Locator("#programmeCode option").Filter(new() { HasText = programme }).First.GetAttributeAsync("value"))!);
        await page.FillAsync("#site", "锁南镇大树村文化广场");
        await page.FillAsync("#capacity", "30");
        var day = session.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await page.FillAsync("#startsOn", day);
        await page.FillAsync("#endsOn", day);
        await page.ClickAsync("#add-session");
        var row = page.Locator("#sessions tbody tr").Last;
        await row.Locator("[name$='.heldOn']").FillAsync(day);
        await row.Locator("[name$='.startsAt']").FillAsync(session.StartsAt.ToString("HH:mm", CultureInfo.InvariantCulture));
        await row.Locator("[name$='.endsAt']").FillAsync(session.EndsAt.ToString("HH:mm", CultureInfo.InvariantCulture));
        await row.Locator("[name$='.isPractice']").SelectOptionAsync("true");
        await row.Locator("[name$='.hours']").FillAsync("1");
    }

    /// <returns>The class's own page.</returns>
    public async Task<string> SubmitAsync()
    {
        await page.GetByTestId("class-submit").ClickAsync();
        await Expect(Status).ToHaveAttributeAsync("data-status", "Submitted");
        return new Uri(page.Url).AbsolutePath;
    }

    public async Task ApproveAsync(string trainingClass)
    {
        await page.GotoAsync(trainingClass);
        await page.GetByTestId("class-approve").ClickAsync();
        await Expect(Status).ToHaveAttributeAsync("data-status", "Approved");
    }

    public async Task RecordPassAsync(string trainingClass)
    {
        await page.GotoAsync(trainingClass);
        var row = page.GetByTestId("roster-row");
        await Expect(row).ToHaveCountAsync(1);
        await row.Locator("[name$='.theoryScore']").FillAsync("86");
        await row.Locator("[name$='.practiceScore']").FillAsync("91");
        await row.Locator("[name$='.passed']").SelectOptionAsync("true");
        await page.GetByTestId("assessment-save").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
    }

    public async Task RecordCleanSpotCheckAsync(string trainingClass)
    {
        await page.GotoAsync(trainingClass);
        await page.FillAsync("#present", "1");
        await page.FillAsync("#finding", "现场点名，人券相符，教材和实操设备齐全。");
        await page.Locator("[name=isClean][value=true]").CheckAsync();
        await page.GetByTestId("spot-check-save").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
    }
}
