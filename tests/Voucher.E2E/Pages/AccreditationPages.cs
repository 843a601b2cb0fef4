using System.Globalization;
using Voucher.E2E.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Pages;

/// <summary>机构, 师资, 认定: an institution's way to its first accreditation.</summary>
public sealed class AccreditationPages(IPage page)
{
    public ILocator State => page.GetByTestId("accreditation-state");

    /// <summary>What a draft still lacks.</summary>
    public ILocator Missing => page.GetByTestId("missing");

    /// <returns>The institution's own page.</returns>
    public async Task<string> EnterInstitutionAsync(string name, string uscc, string address, string phone)
    {
        await page.GotoAsync("/institutions/new");
        await page.FillAsync("#name", name);
        await page.FillAsync("#uscc", uscc);
        await page.FillAsync("#address", address);
        await page.FillAsync("#phone", phone);
        await page.GetByTestId("institution-save").ClickAsync();
        await Expect(page.GetByTestId("standing")).ToHaveAttributeAsync("data-standing", "Never");
        return new Uri(page.Url).AbsolutePath;
    }

    public async Task EnterTeacherAsync(string name, string source, string trade, DateOnly from)
    {
        await page.GotoAsync("/teachers/new");
        await page.FillAsync("#name", name);
        await page.Locator("#source").SelectOptionAsync(new SelectOptionValue { Label = source });
        await page.FillAsync("#qualification", "焊工技师");
        await page.FillAsync("#phone", "15400000099");
        await page.FillAsync("#engagedFrom", Day(from));
        await page.GetByLabel(trade, new() { Exact = true }).CheckAsync();
        await page.GetByTestId("teacher-save").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = name })).ToBeVisibleAsync();
    }

    /// <returns>The accreditation's own page.</returns>
    public async Task<string> StartAsync(string institution, int year)
    {
        await page.GotoAsync(institution);
        await page.GetByTestId($"start-{year}").ClickAsync();
        await page.ToBeAtAsync("/accreditations/");
        return new Uri(page.Url).AbsolutePath;
    }

    /// <summary>Licence, rooms, one practice place, a teacher of the pool, programmes.</summary>
    public async Task FillInAsync(int year, string teacher, params string[] programmes)
    {
        await page.FillAsync("#licenceNo", "人社民示例00099号");
        await page.FillAsync("#licenceAuthority", "东乡县人社局");
        await page.FillAsync("#licenceFrom", Day(new(year - 1, 3, 1)));
        await page.FillAsync("#licenceUntil", Day(new(year + 2, 2, 28)));
        await page.FillAsync("#tenderNo", $"示例招标〔{year}〕9号");
        await page.FillAsync("#rooms", "3");
        await page.FillAsync("#areaM2", "260");
        await page.FillAsync("#capacity", "40");
        await page.FillAsync("[name='places[0].name']", "焊接实训车间");
        await page.FillAsync("[name='places[0].address']", "锁南镇东大街8号");
        await page.FillAsync("[name='places[0].places']", "20");
        await CheckAsync("teacherIds", teacher);
        foreach (var programme in programmes) await CheckAsync("programmeCodes", programme);
    }

    public async Task SubmitAsync()
    {
        await page.GetByTestId("application-submit").ClickAsync();
        await ExpectAsync("Submitted");
    }

    public async Task InspectAsync(string accreditation)
    {
        await page.GotoAsync(accreditation);
        await page.FillAsync("#finding", "教室、焊位与申请一致；一名老师到场，证书原件已核。");
        await page.GetByTestId("inspect-save").ClickAsync();
        await ExpectAsync("Inspected");
    }

    public async Task ProposeAsync(int capacity)
    {
        await page.FillAsync("#capacity", capacity.ToString(CultureInfo.InvariantCulture));
        await page.GetByTestId("propose-grant").ClickAsync();
        await ExpectAsync("Inspected", "Grant");
    }

    public async Task ConfirmAsync(string accreditation)
    {
        await page.GotoAsync(accreditation);
        await page.GetByTestId("second-confirm").ClickAsync();
    }

    public async Task ExpectAsync(string state, string proposal = "None")
    {
        await Expect(State).ToHaveAttributeAsync("data-state", state);
        await Expect(State).ToHaveAttributeAsync("data-proposal", proposal);
    }

    private Task CheckAsync(string field, string words) =>
        page.Locator($"label.form-check:has([name={field}])").Filter(new() { HasText = words }).GetByRole(AriaRole.Checkbox).CheckAsync();

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
