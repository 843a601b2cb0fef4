using Voucher.E2E.Browsers;
using Voucher.E2E.Camera;
using Voucher.E2E.County;
using Voucher.E2E.Pages;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Desk;

/// <summary>What the desk's camera makes of hard vouchers and of other people's codes, in a real browser's worker.</summary>
[Collection(nameof(CountyAtWork))]
public sealed class CameraReadingTests(CountyAtWork county)
{
    private static readonly Clip PhoneScreen = new() { Width = Visitor.Phone.Width, Height = Visitor.Phone.Height };

    [Fact]
    public Task A_voucher_far_away_and_out_of_focus_is_read() => Scene.PlayAsync(county, "camera-hard", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        var (photographs, camera) = await SetUpCameraAsync();
        using var _ = camera;
        var (desk, kiosk) = await scene.OpenDeskAsync(await county.Browsers.KioskAsync(camera));
        await kiosk.ExpectCameraAsync();
        await kiosk.ChooseAsync("check-in");

        camera.Show(await photographs.OfAsync(await ScreenOfAsync(scene, voucher), PhotoDesk.Around(PhoneScreen, 1.6f), degrees: 9, blur: 2.2));
        await kiosk.ExpectVerdictAsync("accepted");
        await scene.Album.TakeAsync(desk, "read");
        Assert.Single(await county.HistoryAsync(voucher), kind => kind == "CheckedIn");
    });

    [Fact]
    public Task A_payment_code_is_called_a_payment_code_in_both_languages() => Scene.PlayAsync(county, "camera-payment-code", async scene =>
    {
        var (photographs, camera) = await SetUpCameraAsync();
        using var _ = camera;
        var (desk, kiosk) = await scene.OpenDeskAsync(await county.Browsers.KioskAsync(camera));
        await kiosk.ExpectCameraAsync();
        await kiosk.ChooseAsync("enrol");

        camera.Show(await photographs.OfAsync(ForeignCode.Payment, PhotoDesk.Around(new Clip { Width = ForeignCode.Side, Height = ForeignCode.Side }, 2)));
        await kiosk.ExpectVerdictAsync("refused");
        await Expect(kiosk.Reason).ToContainTextAsync("这是付款码");
        await scene.Album.TakeAsync(desk, "chinese");
        await scene.Album.TakeOnPhoneAsync(desk, "chinese");
        camera.TakeAway();
        await kiosk.PutVerdictAwayAsync();
        await kiosk.ExpectNothingInViewAsync();

        await kiosk.SwitchLanguageAsync();
        camera.Show(await photographs.OfAsync(ForeignCode.Payment, PhotoDesk.Around(new Clip { Width = ForeignCode.Side, Height = ForeignCode.Side }, 2)));
        await Expect(kiosk.Reason).ToContainTextAsync("This is a payment code");
        await scene.Album.TakeAsync(desk, "english");
        await kiosk.PutVerdictAwayAsync();
        await kiosk.SwitchLanguageAsync();
    });

    private async Task<(PhotoDesk Photographs, FakeCamera Camera)> SetUpCameraAsync()
    {
        var photographs = new PhotoDesk(await county.OfficeAsync());
        return (photographs, new FakeCamera(county.Programs.Folder, await photographs.EmptyAsync()));
    }

    private async Task<byte[]> ScreenOfAsync(Scene scene, PaperVoucher voucher)
    {
        var path = (await county.Api.GetAsync("clerk", $"/api/vouchers/{voucher.Number}")).GetProperty("phonePath").GetString()!;
        var phone = await scene.ArriveAsync(Visitor.Phone);
        await phone.GotoAsync(path);
        await Expect(phone.GetByTestId("phone-qr")).ToBeInViewportAsync(new() { Ratio = 1 });
        return await phone.ScreenshotAsync();
    }
}
