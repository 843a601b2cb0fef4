using Voucher.E2E.Browsers;
using Voucher.E2E.Camera;
using Voucher.E2E.County;
using Voucher.E2E.Pages;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Desk;

/// <summary>A voucher that its holder has on a phone instead of on paper.</summary>
[Collection(nameof(CountyAtWork))]
public sealed class PhoneVoucherTests(CountyAtWork county)
{
    [Fact]
    public Task A_voucher_shown_on_a_phone_is_read_by_the_desks_camera() => Scene.PlayAsync(county, "phone-voucher", async scene =>
    {
        var voucher = county.TakeVoucher();
        var phone = await OpenPhoneAsync(scene, voucher);
        var screen = await phone.ScreenshotAsync();
        var photographs = new PhotoDesk(await county.OfficeAsync());
        using var camera = new FakeCamera(county.Programs.Folder, await photographs.EmptyAsync());
        var (desk, kiosk) = await scene.OpenDeskAsync(await county.Browsers.KioskAsync(camera));
        await kiosk.ExpectCameraAsync();
        await kiosk.ChooseAsync("enrol");

        camera.Show(await photographs.OfAsync(screen, new Clip { Width = Visitor.Phone.Width, Height = Visitor.Phone.Height }, degrees: 4));
        await Expect(kiosk.Identity).ToBeVisibleAsync();
        await scene.Album.TakeAsync(desk, "identity");
        await kiosk.ConfirmIdentityAsync(voucher.Holder.IdNumber);
        await kiosk.ExpectVerdictAsync("accepted");
        camera.TakeAway();
        await scene.Album.TakeAsync(desk, "enrolled");

        await phone.ReloadAsync();
        await Expect(phone.GetByTestId("phone-state")).ToHaveAttributeAsync("data-state", "Enrolled");
        await Expect(phone.Locator("main")).ToContainTextAsync(CountyAtWork.ClassName);
        Assert.Single(await county.HistoryAsync(voucher), kind => kind == "Enrolled");
    });

    [Fact]
    public Task A_voucher_that_stays_in_view_is_read_once_whatever_the_desk_does_and_again_when_shown_again() => Scene.PlayAsync(county, "stays-in-view", async scene =>
    {
        var voucher = county.TakeVoucher();
        var screen = await (await OpenPhoneAsync(scene, voucher)).ScreenshotAsync();
        var photographs = new PhotoDesk(await county.OfficeAsync());
        using var camera = new FakeCamera(county.Programs.Folder, await photographs.EmptyAsync());
        var picture = await photographs.OfAsync(screen, new Clip { Width = Visitor.Phone.Width, Height = Visitor.Phone.Height }, degrees: 4);
        var (desk, kiosk) = await scene.OpenDeskAsync(await county.Browsers.KioskAsync(camera));
        await kiosk.ExpectCameraAsync();
        await kiosk.ChooseAsync("enrol");

        camera.Show(picture);
        await Expect(kiosk.Identity).ToBeVisibleAsync();
        await desk.Keyboard.PressAsync("Escape");
        await ExpectNothingMoreIsReadAsync(desk, kiosk, camera);

        camera.Show(picture);
        await kiosk.ConfirmIdentityAsync(voucher.Holder.IdNumber);
        await kiosk.ExpectVerdictAsync("accepted");
        await kiosk.PutVerdictAwayAsync();
        await ExpectNothingMoreIsReadAsync(desk, kiosk, camera);
        Assert.Single(await county.HistoryAsync(voucher), kind => kind == "Enrolled");
    });

    /// <summary>The voucher lies in view for many more frames, and is taken away only then.</summary>
    private static async Task ExpectNothingMoreIsReadAsync(IPage desk, KioskPage kiosk, FakeCamera camera)
    {
        const int frames = 30;
        await desk.EvaluateAsync("""
            async frames => {
              const video = document.getElementById('video');
              for (let i = 0; i < frames; i++) await new Promise(next => video.requestVideoFrameCallback(next));
            }
            """, frames);
        await Expect(kiosk.Identity).ToBeHiddenAsync();
        await Expect(kiosk.Verdict).ToBeHiddenAsync();
        camera.TakeAway();
        await kiosk.ExpectNothingInViewAsync();
        await Expect(kiosk.Identity).ToBeHiddenAsync();
        await Expect(kiosk.Verdict).ToBeHiddenAsync();
    }

    /// <summary>As its holder opens it: from a link, without a log-in.</summary>
    private async Task<IPage> OpenPhoneAsync(Scene scene, PaperVoucher voucher)
    {
        var path = (await county.Api.GetAsync("clerk", $"/api/vouchers/{voucher.Number}")).GetProperty("phonePath").GetString()!;
        var phone = await scene.ArriveAsync(Visitor.Phone);
        await phone.GotoAsync(path);
        await Expect(phone.GetByTestId("phone-qr")).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Equal(Visitor.Phone.Width, await phone.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await scene.Album.TakeAsync(phone, "phone");
        return phone;
    }
}
