using Voucher.E2E.Browsers;
using Voucher.E2E.Camera;
using Voucher.E2E.County;
using Voucher.E2E.Pages;
using Voucher.E2E.Register;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E;

/// <summary>
/// The whole job as the people of a county do it, in a real browser on the real programs: from a spreadsheet to a paid
/// voucher whose paper is seen by a camera, and that can never be used again. The screenshots of every step are kept.
/// </summary>
public sealed class MainJobTests(CountyUnderTest county) : IClassFixture<CountyUnderTest>
{
    private const string Township = "锁南镇";
    private const string List = "锁南镇2026年花名册";
    private const string Institution = "东乡县职业技术学校";
    private const string Programme = "牛肉拉面";
    private const string ClassName = "牛肉拉面第1期";

    private readonly Album _album = new("main-job");
    private readonly IReadOnlyList<Villager> _villagers = Villager.Of(Township);
    private readonly List<Visitor> _visitors = [];
    private IBrowser _office = null!;

    [Fact]
    public async Task A_laborer_on_a_spreadsheet_becomes_a_paid_voucher_that_can_never_be_used_again()
    {
        await using var browsers = await BrowserShelf.OpenAsync();
        _office = await browsers.OfficeAsync();
        try
        {
            await DoWholeJobAsync(browsers);
        }
        catch
        {
            await _album.KeepFailureAsync(_visitors, county.Logs);
            throw;
        }
        foreach (var visitor in _visitors) visitor.AssertQuiet();
    }

    private async Task DoWholeJobAsync(BrowserShelf browsers)
    {
        var clerk = await ArriveAsync("clerk");
        await _album.TakeAsync(clerk.Page, "clerk-home");

        await ImportAsync(clerk.Page);
        var paper = await IssueAsync(clerk.Page);

        var desk = new PhotoDesk(_office);
        using var camera = new FakeCamera(county.Folder, await desk.EmptyAsync());
        var voucher = await desk.OfAsync(paper.Picture, paper.CodePart);
        var trainingClass = await OpenClassAsync();
        var front = await Visitor.ArriveAsync(await browsers.KioskAsync(camera), county.Kiosk);
        _visitors.Add(front);
        var kiosk = new KioskPage(front.Page);
        await PairAsync(clerk.Page, front.Page, kiosk);

        await EnrolAsync(front.Page, kiosk, camera, voucher, paper.Holder);
        await AttendAsync(front.Page, kiosk, camera, voucher);
        await AssessAsync(clerk.Page, trainingClass);
        await CompleteAsync(front.Page, kiosk, camera, voucher);
        await SettleAsync();
        await PresentAgainAsync(front.Page, kiosk, camera, voucher, paper.Holder);
        await LookAtCountyAsync(clerk.Page);

        Assert.Contains("0", await county.CommandAsync("invariants"), StringComparison.Ordinal);
    }

    private async Task ImportAsync(IPage clerk)
    {
        var file = Path.Combine(county.Folder, "花名册.xlsx");
        RosterSpreadsheet.Save(file, Township, _villagers, badNumber: "622926198801150019");
        await clerk.GotoAsync("/register/import");
        await _album.TakeAsync(clerk, "import-form");
        var import = new ImportPage(clerk);
        await import.UploadAsync(file, List);
        Assert.Equal(_villagers.Count, await import.CountAsync("added"));
        var error = Assert.Single(await import.ErrorsAsync());
        Assert.Contains("身份证号码", error, StringComparison.Ordinal);
        Assert.Contains($"{_villagers.Count + 2}", error, StringComparison.Ordinal);
        await _album.TakeAsync(clerk, "import-result");
        await clerk.GotoAsync("/register");
        await _album.TakeAsync(clerk, "register");
        await _album.TakeOnPhoneAsync(clerk, "register");
    }

    private async Task<(ReadOnlyMemory<byte> Picture, Clip CodePart, Villager Holder)> IssueAsync(IPage clerk)
    {
        var batches = new BatchPages(clerk);
        await batches.FillInAsync("2026年第一批", "1500", "劳动力技能培训", List);
        await Expect(clerk.GetByTestId("eligible")).ToHaveTextAsync($"{_villagers.Count}");
        await _album.TakeAsync(clerk, "batch-draft");
        await _album.TakeOnPhoneAsync(clerk, "batch-draft");
        var batch = await batches.SubmitAsync();
        await _album.TakeAsync(clerk, "batch-submitted");
        await ApproveBatchAsync(batch);
        var pdf = await batches.PrintAsync(batch, county.Folder);
        await Expect(batches.Rows).ToHaveCountAsync(_villagers.Count);
        await batches.HandOverAllAsync();
        await _album.TakeAsync(clerk, "batch-printed");
        await _album.TakeOnPhoneAsync(clerk, "batch-printed");
        await _album.KeepAsync(await PaperPage.RenderAsync(pdf, 1), "paper-summary");
        await _album.KeepAsync(await PaperPage.RenderAsync(pdf, 2), "paper-sign-list");
        return await PickAsync(pdf);
    }

    private async Task ApproveBatchAsync(string batch)
    {
        var approver = await ArriveAsync("approver");
        await approver.Page.GotoAsync(batch);
        await _album.TakeAsync(approver.Page, "batch-to-approve");
        await new BatchPages(approver.Page).ApproveAsync(batch);
        await _album.TakeAsync(approver.Page, "batch-issued");
    }

    /// <summary>The sheet behind the summary and the list that holders sign: the voucher is its upper half.</summary>
    private async Task<(ReadOnlyMemory<byte>, Clip, Villager)> PickAsync(string pdf)
    {
        const int firstVoucher = 3;
        var picture = await PaperPage.RenderAsync(pdf, firstVoucher);
        await _album.KeepAsync(picture, "paper-voucher");
        var text = await PaperPage.ReadAsync(pdf, firstVoucher);
        var holder = _villagers.Single(villager => text.Contains(villager.Name, StringComparison.Ordinal));
        return (picture, PaperPage.Part(new Clip { X = 11, Y = 26, Width = 115, Height = 62 }), holder);
    }

    private async Task<string> OpenClassAsync()
    {
        var manager = await ArriveAsync("manager");
        var classes = new ClassPages(manager.Page);
        await classes.FillInAsync(ClassName, Programme, await SessionNow.ChooseAsync(TimeProvider.System, SessionNow.StoryTakes));
        await _album.TakeAsync(manager.Page, "class-form");
        await _album.TakeOnPhoneAsync(manager.Page, "class-form");
        var trainingClass = await classes.SubmitAsync();
        var approver = await ArriveAsync("approver");
        await approver.Page.GotoAsync(trainingClass);
        await _album.TakeAsync(approver.Page, "class-to-approve");
        await new ClassPages(approver.Page).ApproveAsync(trainingClass);
        await _album.TakeAsync(approver.Page, "class-approved");
        return trainingClass;
    }

    private async Task PairAsync(IPage clerk, IPage front, KioskPage kiosk)
    {
        var terminals = new TerminalsPage(clerk);
        var code = await terminals.MakeCodeAsync(Institution);
        await _album.TakeAsync(clerk, "terminal-code");
        await front.GotoAsync("/");
        await _album.TakeAsync(front, "kiosk-unpaired");
        var shown = await kiosk.PairAsync(code, "前台1号");
        await _album.TakeAsync(front, "kiosk-fingerprint");
        Assert.Equal(shown, await terminals.FingerprintAsync());
        await _album.TakeAsync(clerk, "terminal-to-confirm");
        await terminals.ConfirmAsync();
        await kiosk.WaitForWorkAsync();
        await kiosk.ExpectClassAsync(ClassName);
        await kiosk.ExpectCameraAsync();
        await _album.TakeAsync(front, "kiosk-ready");
        await _album.TakeOnPhoneAsync(front, "kiosk-ready");
    }

    private async Task EnrolAsync(IPage front, KioskPage kiosk, FakeCamera camera, CameraPicture voucher, Villager holder)
    {
        await kiosk.ChooseAsync("enrol");
        await kiosk.ExpectNothingInViewAsync();
        camera.Show(voucher);
        await Expect(kiosk.Identity).ToBeVisibleAsync();
        await _album.TakeAsync(front, "kiosk-identity");
        camera.TakeAway();
        await kiosk.ConfirmIdentityAsync(_villagers.First(other => other != holder).IdNumber);
        await kiosk.ExpectVerdictAsync("refused");
        await _album.TakeAsync(front, "kiosk-holder-differs");
        await kiosk.WaitForReadyAsync();

        await kiosk.ExpectNothingInViewAsync();
        camera.Show(voucher);
        await kiosk.ConfirmIdentityAsync(holder.IdNumber);
        await kiosk.ExpectVerdictAsync("accepted");
        await Expect(kiosk.Holder).ToContainTextAsync(holder.Name[..1]);
        await Expect(kiosk.Holder).Not.ToContainTextAsync(holder.Name);
        camera.TakeAway();
        await _album.TakeAsync(front, "kiosk-enrolled");
        await _album.TakeOnPhoneAsync(front, "kiosk-enrolled");
        await kiosk.WaitForReadyAsync();
    }

    private async Task AttendAsync(IPage front, KioskPage kiosk, FakeCamera camera, CameraPicture voucher)
    {
        foreach (var mode in new[] { "check-in", "check-out" })
        {
            await kiosk.ChooseAsync(mode);
            await kiosk.ExpectNothingInViewAsync();
            camera.Show(voucher);
            await kiosk.ExpectVerdictAsync("accepted");
            camera.TakeAway();
            await _album.TakeAsync(front, $"kiosk-{mode}");
            await kiosk.WaitForReadyAsync();
        }
    }

    private async Task AssessAsync(IPage clerk, string trainingClass)
    {
        var manager = await ArriveAsync("manager");
        await new ClassPages(manager.Page).RecordPassAsync(trainingClass);
        await _album.TakeAsync(manager.Page, "class-assessed");
        await _album.TakeOnPhoneAsync(manager.Page, "class-assessed");
        await new ClassPages(clerk).RecordCleanSpotCheckAsync(trainingClass);
        await _album.TakeAsync(clerk, "class-spot-checked");
    }

    private async Task CompleteAsync(IPage front, KioskPage kiosk, FakeCamera camera, CameraPicture voucher)
    {
        await kiosk.ChooseAsync("complete");
        await kiosk.ExpectNothingInViewAsync();
        camera.Show(voucher);
        await kiosk.ExpectVerdictAsync("accepted");
        camera.TakeAway();
        await _album.TakeAsync(front, "kiosk-completed");
        await kiosk.WaitForReadyAsync();
    }

    private async Task SettleAsync()
    {
        var manager = await ArriveAsync("manager");
        await manager.Page.GotoAsync("/settling/claimable");
        await _album.TakeAsync(manager.Page, "claimable");
        await _album.TakeOnPhoneAsync(manager.Page, "claimable");
        var claim = await new SettlingPages(manager.Page).ClaimAllAsync();

        var reviewer = await ArriveAsync("reviewer");
        await reviewer.Page.GotoAsync(claim);
        await _album.TakeAsync(reviewer.Page, "claim-to-review");
        await _album.TakeOnPhoneAsync(reviewer.Page, "claim-to-review");
        await new SettlingPages(reviewer.Page).PassLineAsync(claim);
        await _album.TakeAsync(reviewer.Page, "claim-reviewed");

        var approver = await ArriveAsync("approver");
        await new SettlingPages(approver.Page).ApproveAsync(claim);
        await _album.TakeAsync(approver.Page, "claim-approved");
        await PayAsync();
    }

    private async Task PayAsync()
    {
        var finance = await ArriveAsync("finance");
        var settling = new SettlingPages(finance.Page);
        await finance.Page.GotoAsync("/settling");
        await _album.TakeAsync(finance.Page, "settling-finance");
        await settling.MakePaymentAsync();
        await _album.TakeAsync(finance.Page, "payment");
        var payment = new Uri(finance.Page.Url).AbsolutePath;
        var second = await ArriveAsync("finance2");
        await new SettlingPages(second.Page).ReleaseAsync(payment);
        await finance.Page.GotoAsync(payment);
        var file = await settling.DownloadFileAsync(county.Folder);
        Assert.Contains(Institution, file, StringComparison.Ordinal);
        Assert.Contains("1500.00", file, StringComparison.Ordinal);
        await settling.MarkPaidAsync("农行回单 20260001");
        await _album.TakeAsync(finance.Page, "payment-paid");
        await finance.Page.GotoAsync("/ledger");
        await _album.TakeAsync(finance.Page, "ledger");
    }

    private async Task PresentAgainAsync(IPage front, KioskPage kiosk, FakeCamera camera, CameraPicture voucher, Villager holder)
    {
        await kiosk.ChooseAsync("enrol");
        await kiosk.ExpectNothingInViewAsync();
        camera.Show(voucher);
        await Expect(kiosk.Identity.Or(kiosk.Verdict).First).ToBeVisibleAsync();
        if (await kiosk.Identity.IsVisibleAsync()) await kiosk.ConfirmIdentityAsync(holder.IdNumber);
        await kiosk.ExpectVerdictAsync("refused");
        await Expect(kiosk.Reason).ToContainTextAsync(ClassName);
        await Expect(kiosk.Reason).ToContainTextAsync("前台1号");
        camera.TakeAway();
        await _album.TakeAsync(front, "kiosk-used-before");
        await kiosk.WaitForReadyAsync();
    }

    private async Task LookAtCountyAsync(IPage clerk)
    {
        await clerk.GotoAsync("/live");
        foreach (var (step, count) in new[] { ("issued", _villagers.Count), ("enrolled", 1), ("completed", 1), ("paid", 1) })
            await Expect(clerk.GetByTestId($"funnel-{step}").First).ToHaveTextAsync($"{count}");
        await Expect(clerk.GetByTestId("live-scan").First).ToBeVisibleAsync();
        await _album.TakeAsync(clerk, "live");
        await _album.TakeOnPhoneAsync(clerk, "live");
    }

    private async Task<Visitor> ArriveAsync(string login)
    {
        var visitor = await Portal.LogInAsync(_office, county, login);
        _visitors.Add(visitor);
        return visitor;
    }
}
