using Voucher.Core;
using Voucher.Core.Institutions;
using Voucher.E2E.Browsers;
using Voucher.E2E.Camera;
using Voucher.E2E.County;
using Voucher.E2E.Pages;
using Voucher.E2E.Register;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E;

/// <summary>
/// The county's desk in a real browser on the real programs: an institution is accredited and stands on the public menu, a
/// plan is imported, a batch is tried out, approved and printed with the menu on its second half. Every step is kept as a
/// picture, at a desk and on a phone, and no page is wider than either.
/// </summary>
public sealed class CountyDeskTests(CountyUnderTest county) : IClassFixture<CountyUnderTest>
{
    private const string Township = "锁南镇";
    private const string List = "锁南镇2026年摸底名单";
    private const string Institution = "锁南焊接技工学校";
    private const string Initials = "snhjjg";
    private const string Teacher = "妥师傅";
    private const string TooOld = "祁长寿";
    private const int Eligible = 4;
    private const double ReadableAtArmsLength = 22;

    /// <summary>A made-up body of the civil affairs register of the county.</summary>
    private const string UsccBegins = "52622926DEMX00099";

    private static readonly string[] Villages = ["示例1村", "示例2村"];

    private readonly Album _album = new("county-desk");
    private readonly IReadOnlyList<Villager> _villagers = [.. Villager.Of(Township, Eligible), Villager.Aged(TooOld, 66, Township)];
    private readonly List<Visitor> _visitors = [];
    private readonly DateOnly _today = CountyTime.DayOf(TimeProvider.System.GetUtcNow());
    private IBrowser _office = null!;

    [Fact]
    public async Task An_institution_is_accredited_stands_on_the_menu_and_on_the_vouchers_of_a_batch_under_the_plan()
    {
        await using var browsers = await BrowserShelf.OpenAsync();
        _office = await browsers.OfficeAsync();
        try
        {
            await WorkAsync();
        }
        catch
        {
            await _album.KeepFailureAsync(_visitors, county.Logs);
            throw;
        }
        foreach (var visitor in _visitors) visitor.AssertQuiet();
    }

    private async Task WorkAsync()
    {
        var clerk = await LogInAsync("clerk");
        var accreditation = await ApplyAsync(clerk);
        await JudgeAsync(accreditation);
        await LookWithoutLogInAsync();

        var plan = await PlanAsync(clerk);
        await LookAtPolicyAsync(clerk);

        await RegisterAsync();
        await AskForOneAsync(clerk);
        var pdf = await IssueAsync(clerk);
        await LookAtPaperAsync(pdf);
        await LookAtProgressAsync(clerk, plan);
        Assert.Contains("0", await county.CommandAsync("invariants"), StringComparison.Ordinal);
    }

    /// <returns>The application's page.</returns>
    private async Task<string> ApplyAsync(IPage clerk)
    {
        var pages = new AccreditationPages(clerk);
        var institution = await pages.EnterInstitutionAsync(Institution, UsccBegins + Uscc.CheckCharacter(UsccBegins), "锁南镇东大街8号", "0930-0000099");
        await ShowAsync(clerk, "institution-entered");
        await pages.EnterTeacherAsync(Teacher, "企业骨干", "电工焊工", _today);
        await ShowAsync(clerk, "teacher-in-the-pool");
        var accreditation = await pages.StartAsync(institution, _today.Year);
        await Expect(pages.Missing).ToContainTextAsync("办学许可证号");
        await pages.FillInAsync(_today.Year, Teacher, "电工", "电焊");
        await ShowAsync(clerk, "application");
        await pages.SubmitAsync();
        await ShowAsync(clerk, "application-handed-in");
        return accreditation;
    }

    /// <summary>One person inspects and proposes; another one confirms.</summary>
    private async Task JudgeAsync(string accreditation)
    {
        var reviewer = await LogInAsync("reviewer");
        var first = new AccreditationPages(reviewer);
        await first.InspectAsync(accreditation);
        await ShowAsync(reviewer, "accreditation-inspected");
        await first.ProposeAsync(30);
        await first.ConfirmAsync(accreditation);
        await Expect(reviewer.GetByRole(AriaRole.Alert).First).ToBeVisibleAsync();
        await first.ExpectAsync("Inspected", "Grant");
        await ShowAsync(reviewer, "accreditation-not-by-oneself");

        var approver = await LogInAsync("approver");
        var second = new AccreditationPages(approver);
        await second.ConfirmAsync(accreditation);
        await second.ExpectAsync("Granted");
        await ShowAsync(approver, "accreditation-granted");
    }

    private async Task LookWithoutLogInAsync()
    {
        var anyone = await ArriveAsync();
        var pages = new PublicPages(anyone);
        await anyone.GotoAsync("/institutions/published");
        await Expect(pages.Published.Filter(new() { HasText = Institution })).ToContainTextAsync("电焊");
        await ShowAsync(anyone, "published");

        await anyone.GotoAsync("/menu");
        await ShowAsync(anyone, "menu");
        await pages.SearchAsync(Initials);
        await pages.ExpectProgrammesAsync("电工", "电焊");
        await Expect(pages.Programmes.First).ToContainTextAsync("0930-0000099");
        Assert.InRange(await pages.SmallestTextAsync(), ReadableAtArmsLength, double.MaxValue);
        await ShowAsync(anyone, "menu-found");
    }

    /// <returns>The plan's page.</returns>
    private async Task<string> PlanAsync(IPage clerk)
    {
        (string, int)[] parts = [(Township, 200), ("达板镇", 100)];
        var pages = new PlanPages(clerk);
        var plan = await pages.DraftAsync("东人社示例〔2026〕9号", "冬季培训任务", _today.Year, 300);
        var sheet = Path.Combine(county.Folder, "任务分解表.xlsx");
        BreakdownSpreadsheet.Save(sheet, _today.Year, parts, total: 310);
        await pages.UploadAsync(plan, sheet);
        await Expect(pages.Problems).ToHaveTextAsync(["B5 合计写的是 310，各项相加是 300，差 10"]);
        await ShowAsync(clerk, "plan-wrong-sum");

        BreakdownSpreadsheet.Save(sheet, _today.Year, parts, total: 300);
        await pages.UploadAsync(plan, sheet);
        await ShowAsync(clerk, "plan-checked");
        await pages.AdoptAsync();

        var approver = await LogInAsync("approver");
        await new PlanPages(approver).ApproveAsync(plan);
        await ShowAsync(approver, "plan-approved");
        await Expect(approver.GetByTestId("used")).ToHaveTextAsync("0（0%）");
        return plan;
    }

    private async Task LookAtPolicyAsync(IPage clerk)
    {
        await clerk.GotoAsync("/policies");
        await ShowAsync(clerk, "policies");
        await clerk.GetByTestId("policy-row").GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(clerk.Locator("h1")).ToContainTextAsync("57号");
        await ShowAsync(clerk, "policy");
    }

    /// <summary>Two villages' people; <see cref="MainJobTests"/> imports in the browser.</summary>
    private async Task RegisterAsync()
    {
        using var api = new CountyApi(county.Portal);
        var lines = _villagers.Select((one, index) => $"{one.Name},{one.IdNumber},{one.Phone},{Township},{Villages[index % Villages.Length]}")
            .Prepend("姓名,身份证号码,联系电话,乡镇,村");
        var import = (await api.UploadAsync("clerk", "/api/register/imports", "people.csv", string.Join('\n', lines), ("list", List))).GetProperty("id").GetInt64();
        var done = await api.UntilAsync("clerk", $"/api/register/imports/{import}", one => one.GetProperty("status").GetString() is not ("Waiting" or "Running"));
        Assert.True(done.GetProperty("added").GetInt32() == _villagers.Count, $"{done}");
    }

    private async Task AskForOneAsync(IPage clerk)
    {
        await clerk.GotoAsync("/register");
        await clerk.FillAsync("#who", TooOld);
        await clerk.GetByTestId("find-form").GetByRole(AriaRole.Button).ClickAsync();
        await clerk.GetByRole(AriaRole.Link, new() { Name = TooOld }).ClickAsync();
        var reason = clerk.GetByTestId("eligibility-card").Locator("[data-reason=TooOld]");
        await Expect(reason).ToContainTextAsync("超过 60 周岁");
        await Expect(reason).ToContainTextAsync("57号");
        await ShowAsync(clerk, "person-may-not");
    }

    /// <returns>The PDF.</returns>
    private async Task<string> IssueAsync(IPage clerk)
    {
        var pages = new BatchPages(clerk);
        await pages.FillInAsync("电工焊工第一批", "2000", "劳动力技能培训", List);
        await Expect(clerk.GetByTestId("eligible")).ToHaveTextAsync($"{Eligible}");
        await Expect(clerk.Locator("#eligibility")).ToContainTextAsync("8,000.00");
        await Expect(clerk.Locator("#eligibility")).ToContainTextAsync("劳动力技能培训");
        await Expect(clerk.GetByTestId("after")).ToBeVisibleAsync();
        await pages.ListAsync("TooOld");
        var listed = clerk.GetByTestId("dry-run-list").Locator("tbody tr");
        await Expect(listed).ToHaveCountAsync(1);
        await Expect(listed).ToContainTextAsync(TooOld);
        await ShowAsync(clerk, "batch-dry-run");
        var batch = await pages.SubmitAsync();

        var approver = await LogInAsync("approver");
        await new BatchPages(approver).ApproveAsync(batch);
        var pdf = await pages.PrintAsync(batch, county.Folder);
        await pages.HandOverAllAsync();
        await Expect(clerk.GetByTestId("batch-funnel").GetByText("已领取").Locator("xpath=..")).ToContainTextAsync($"{Eligible} 100%");
        await ShowAsync(clerk, "batch-funnel");
        return pdf;
    }

    /// <summary>For each village a list to sign and then its sheets, each with the menu on its second half.</summary>
    private async Task LookAtPaperAsync(string pdf)
    {
        var pages = await PaperPage.ReadAllAsync(pdf);
        for (var page = 1; page <= pages.Count; page++) await _album.KeepAsync(await PaperPage.RenderAsync(pdf, page), "paper");
        Assert.Equal(1 + Villages.Length + Eligible, pages.Count);
        Assert.Contains("汇总表", pages[0], StringComparison.Ordinal);
        foreach (var village in Villages)
        {
            Assert.Contains(village, pages[0], StringComparison.Ordinal);
            Assert.Single(pages, page => page.Contains("领取签收表", StringComparison.Ordinal) && page.Contains(village, StringComparison.Ordinal));
        }
        foreach (var villager in _villagers.SkipLast(1))
        {
            var sheet = Assert.Single(pages, page => page.Contains("培训机构和项目清单", StringComparison.Ordinal) && page.Contains(villager.Name, StringComparison.Ordinal));
            Assert.Contains(Institution, sheet, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(pages, page => page.Contains(TooOld, StringComparison.Ordinal));
    }

    /// <summary>Vouchers that are only issued fulfil nothing, but stand beside the target.</summary>
    private async Task LookAtProgressAsync(IPage clerk, string plan)
    {
        await clerk.GotoAsync(plan);
        await Expect(clerk.GetByTestId("issued")).ToHaveTextAsync($"{Eligible}");
        await Expect(clerk.GetByTestId("used")).ToHaveTextAsync("0（0%）");
        await clerk.GetByTestId("target-line").GetByRole(AriaRole.Link).First.ClickAsync();
        await ShowAsync(clerk, "plan-by-township");
    }

    /// <summary>Keeps the page as at a desk and on a phone.</summary>
    private async Task ShowAsync(IPage page, string name)
    {
        await _album.TakeAsync(page, name);
        Assert.Equal("", await _album.TakeOnPhoneAsync(page, name));
    }

    private async Task<IPage> LogInAsync(string login)
    {
        _visitors.Add(await Portal.LogInAsync(_office, county, login));
        return _visitors[^1].Page;
    }

    private async Task<IPage> ArriveAsync()
    {
        _visitors.Add(await Visitor.ArriveAsync(_office, county.Portal));
        return _visitors[^1].Page;
    }
}
