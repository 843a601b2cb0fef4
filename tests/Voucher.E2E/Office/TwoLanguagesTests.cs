using System.Text.RegularExpressions;
using Voucher.E2E.County;
using Voucher.E2E.Keyboards;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Office;

/// <summary>Chinese by default, English at a click, and back.</summary>
[Collection(nameof(CountyAtWork))]
public sealed partial class TwoLanguagesTests(CountyAtWork county)
{
    /// <summary>What the program itself says; not what people have entered.</summary>
    private const string Headings = "head title, h1, h2, h3, thead th, .navbar-nav a, main nav a, legend, label.form-label, main dt, main button, main a.btn";
    private const string KioskHeadings = "h1, h2, .mode, .prompt, label > span, label[data-t], main button:not(.recent-button), #link-text, #camera-off, #recent-none, .recent-mode";

    /// <summary>Proper names, which stay as they are.</summary>
    private static readonly string[] Names =
    [
        "东乡族自治县", "东乡县职业技术学校", CountyAtWork.ClassName, CountyAtWork.BatchName, CountyAtWork.List, CountyAtWork.OtherList, CountyAtWork.Terminal,
        "东乡县劳动力培训三年行动任务（示例分解，年度自装入之年起）", "东县府办发〔2020〕57号",
        "马经办", "杨审批", "汪审核", "唐财务", "锁审计", "赵校长", "关前台",
    ];

    public static TheoryData<string, string[]> Pages { get; } = new()
    {
        { "clerk", ["/", "/live", "/register", "/register/import", "/issuing", "/issuing/new", "/issuing/batches/{batch}", "/institutions", "/programmes", "/classes", "/terminals", "/account"] },
        { "clerk", ["/institutions/1", "/institutions/new", "/institutions/published", "/accreditations", "/accreditations/1", "/teachers", "/teachers/new", "/planning", "/planning/1", "/policies", "/policies/1", "/reports", "/register/imports"] },
        { "approver", ["/", "/issuing/batches/{batch}", "/classes/{class}", "/classes/{class}/attendance", "/settling", "/audit"] },
        { "manager", ["/", "/live", "/classes/new", "/classes/{class}", "/settling", "/settling/claimable"] },
        { "finance", ["/", "/settling", "/ledger"] },
        { "auditor", ["/", "/issuing", "/ledger", "/audit"] },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public Task The_portal_speaks_English_all_over_once_switched_and_Chinese_again(string login, string[] paths) =>
        Scene.PlayAsync(county, $"portal-languages-{login}", async scene =>
        {
            var page = await scene.LogInAsync(login);
            await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
            await page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
            List<string> chinese = [];
            foreach (var path in paths)
            {
                await page.GotoAsync(path.Replace("{batch}", $"{county.Batch}", StringComparison.Ordinal).Replace("{class}", $"{county.Class}", StringComparison.Ordinal));
                await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
                await Expect(page.Locator("h1")).ToBeVisibleAsync();
                chinese.AddRange((await ChineseAsync(page, Headings)).Select(text => $"{path}: {text}"));
            }
            Assert.Empty(chinese);
            await scene.Album.TakeAsync(page, "english");

            await page.GetByRole(AriaRole.Button, new() { Name = "中文" }).ClickAsync();
            await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
            Assert.NotEmpty(await ChineseAsync(page, "h1, .navbar-nav a"));
        });

    [Fact]
    public Task The_desk_speaks_English_once_switched_and_Chinese_again() => Scene.PlayAsync(county, "kiosk-languages", async scene =>
    {
        var voucher = county.TakeVoucher();
        var (desk, kiosk) = await scene.OpenDeskAsync();
        var scanner = await KeyboardScanner.PlugInAsync(desk);
        await kiosk.SwitchLanguageAsync();
        await Expect(desk.Locator("html")).ToHaveAttributeAsync("lang", "en");
        Assert.Empty(await ChineseAsync(desk, KioskHeadings));
        await scene.Album.TakeAsync(desk, "english");

        await scanner.ScanAsync(voucher.Digits);
        await Expect(kiosk.Identity).ToBeVisibleAsync();
        Assert.Empty(await ChineseAsync(desk, "#identity *"));
        await scene.Album.TakeAsync(desk, "english-identity");
        await kiosk.ConfirmIdentityAsync(county.SomebodyElse.IdNumber);
        await kiosk.ExpectVerdictAsync("refused");
        Assert.Empty(await ChineseAsync(desk, "#verdict h2, #verdict p, #verdict button"));
        await scene.Album.TakeAsync(desk, "english-refused");

        await kiosk.SwitchLanguageAsync();
        await Expect(desk.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await Expect(desk.Locator("#verdict h2")).ToHaveTextAsync("不能办理");
        await Expect(desk.GetByTestId("mode-enrol")).ToContainTextAsync("报到");
    });

    /// <summary>What of these still is Chinese, proper names left out.</summary>
    private static async Task<IReadOnlyList<string>> ChineseAsync(IPage page, string selector)
    {
        var texts = await page.Locator(selector).AllInnerTextsAsync();
        Assert.NotEmpty(texts);
        return [.. texts.Where(text => Han().IsMatch(Names.Aggregate(text, (rest, name) => rest.Replace(name, "", StringComparison.Ordinal))))];
    }

    [GeneratedRegex(@"[\u3400-\u9FFF]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Han();
}
