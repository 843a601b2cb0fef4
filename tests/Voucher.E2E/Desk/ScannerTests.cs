using Voucher.E2E.County;
using Voucher.E2E.Keyboards;
using Voucher.E2E.Pages;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Desk;

/// <summary>A desk with a USB scanner, or with nothing but a keyboard.</summary>
[Collection(nameof(CountyAtWork))]
public sealed class ScannerTests(CountyAtWork county)
{
    [Fact]
    public Task A_scanner_is_read_without_any_field_chosen_with_and_without_Enter_and_each_scan_counts_once() => Scene.PlayAsync(county, "scanner", async scene =>
    {
        var (first, second) = (await county.TakeEnrolledVoucherAsync(), await county.TakeEnrolledVoucherAsync());
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        await LeaveAllFieldsAsync(desk);
        var scanner = await KeyboardScanner.PlugInAsync(desk);

        await scanner.ScanAsync(first.Digits);
        await ExpectCheckedInAsync(kiosk, first);
        await scene.Album.TakeAsync(desk, "without-enter");
        await kiosk.WaitForReadyAsync();

        await LeaveAllFieldsAsync(desk);
        await scanner.ScanAsync(second.Digits, endsWithEnter: true);
        await ExpectCheckedInAsync(kiosk, second);
        await scene.Album.TakeAsync(desk, "with-enter");
        await kiosk.WaitForReadyAsync();

        await ExpectOneScanEachAsync(first, second);
        await Expect(kiosk.ShortCode).ToHaveValueAsync("");
    });

    [Fact]
    public Task A_scanner_is_read_on_a_busy_PC_that_hears_each_key_late() => Scene.PlayAsync(county, "scanner-heard-late", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        var scanner = await KeyboardScanner.PlugInAsync(desk);

        await scanner.ScanAsync(voucher.Digits, endsWithEnter: true, heardLate: TimeSpan.FromSeconds(0.5));
        await ExpectCheckedInAsync(kiosk, voucher);
        await kiosk.WaitForReadyAsync();
        await ExpectOneScanEachAsync(voucher);
    });

    [Fact]
    public Task A_scanner_is_read_while_the_input_method_writes_full_width_digits() => Scene.PlayAsync(county, "scanner-full-width", async scene =>
    {
        var (first, second) = (await county.TakeEnrolledVoucherAsync(), await county.TakeEnrolledVoucherAsync());
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        await LeaveAllFieldsAsync(desk);
        var scanner = await KeyboardScanner.PlugInAsync(desk);

        await scanner.ScanAsync(first.Digits, through: InputMethod.FullWidth);
        await ExpectCheckedInAsync(kiosk, first);
        await kiosk.WaitForReadyAsync();

        // Somebody has clicked into a field, into which the input method now writes what the scanner types.
        await kiosk.ShortCode.FocusAsync();
        await scanner.ScanAsync(second.Digits, endsWithEnter: true, through: InputMethod.FullWidth);
        await ExpectCheckedInAsync(kiosk, second);
        await kiosk.WaitForReadyAsync();

        await ExpectOneScanEachAsync(first, second);
        await Expect(kiosk.ShortCode).ToHaveValueAsync("");
    });

    [Theory]
    [InlineData(1, ScannerEnding.None)]
    [InlineData(1, ScannerEnding.Tab)]
    [InlineData(30, ScannerEnding.Enter)]
    public Task Two_vouchers_scanned_back_to_back_are_two_scans(int milliseconds, ScannerEnding ending) => Scene.PlayAsync(county, $"scanner-{milliseconds}-{ending}", async scene =>
    {
        var (first, second) = (await county.TakeEnrolledVoucherAsync(), await county.TakeEnrolledVoucherAsync());
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        var scanner = await KeyboardScanner.PlugInAsync(desk);

        await scanner.ScanAsync([first.Digits, second.Digits], ending, TimeSpan.FromMilliseconds(milliseconds));
        await ExpectCheckedInAsync(kiosk, second);
        await kiosk.WaitForReadyAsync();
        await ExpectOneScanEachAsync(first, second);
    });

    [Fact]
    public Task A_scan_while_a_verdict_or_the_identity_sheet_is_open_goes_on_with_the_new_voucher() => Scene.PlayAsync(county, "scanner-over-dialogs", async scene =>
    {
        var (first, second) = (await county.TakeEnrolledVoucherAsync(), county.TakeVoucher());
        var third = county.TakeVoucher();
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        var scanner = await KeyboardScanner.PlugInAsync(desk);
        await scanner.ScanAsync(first.Digits, endsWithEnter: true);
        await ExpectCheckedInAsync(kiosk, first);

        // Over the green verdict, in the next mode.
        await desk.Keyboard.PressAsync("F1");
        await scanner.ScanAsync(second.Digits, endsWithEnter: true);
        await Expect(kiosk.Identity).ToBeVisibleAsync();
        await Expect(desk.Locator("#identity-voucher")).ToHaveTextAsync(Grouped(second.Number));

        // Over the identity sheet: the new one counts, and its digits are typed nowhere.
        await scanner.ScanAsync(third.Digits, endsWithEnter: true);
        await Expect(desk.Locator("#identity-voucher")).ToHaveTextAsync(Grouped(third.Number));
        await Expect(kiosk.Identity).ToHaveValueAsync("");
        await scene.Album.TakeAsync(desk, "identity");
        await kiosk.ConfirmIdentityAsync(third.Holder.IdNumber);
        await kiosk.ExpectVerdictAsync("accepted");
        await kiosk.WaitForReadyAsync();
        Assert.DoesNotContain("Enrolled", await county.HistoryAsync(second));
        Assert.Single(await county.HistoryAsync(third), kind => kind == "Enrolled");
    });

    [Fact]
    public Task What_a_person_types_into_the_short_code_beside_a_scan_is_not_mixed_with_it() => Scene.PlayAsync(county, "scanner-beside-typing", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        var keyboard = await KeyboardScanner.PlugInAsync(desk);
        await kiosk.ShortCode.FocusAsync();
        await keyboard.TypeAsync('4', InputMethod.None);
        await Expect(kiosk.ShortCode).ToHaveValueAsync("4");

        await keyboard.ScanAsync([$"7{voucher.Digits}"], ScannerEnding.Enter, TimeSpan.FromMilliseconds(12));
        await ExpectCheckedInAsync(kiosk, voucher);
        await kiosk.WaitForReadyAsync();
        await ExpectOneScanEachAsync(voucher);
    });

    [Fact]
    public Task The_short_code_typed_by_hand_is_read_once() => Scene.PlayAsync(county, "short-code", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        await LeaveAllFieldsAsync(desk);

        await TypeByHandAsync(desk, kiosk, voucher, InputMethod.None);
        await scene.Album.TakeAsync(desk, "typed");
        await desk.Keyboard.PressAsync("Enter");
        await ExpectCheckedInAsync(kiosk, voucher);
        await kiosk.WaitForReadyAsync();

        await ExpectOneScanEachAsync(voucher);
        await Expect(kiosk.ShortCode).ToHaveValueAsync("");
    });

    [Fact]
    public Task The_short_code_typed_through_a_full_width_input_method_stands_in_the_field_as_it_was_typed() => Scene.PlayAsync(county, "short-code-full-width", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        await kiosk.ShortCode.FocusAsync();

        await TypeByHandAsync(desk, kiosk, voucher, InputMethod.FullWidth);
        await desk.Keyboard.PressAsync("Enter");
        await ExpectCheckedInAsync(kiosk, voucher);
        await ExpectOneScanEachAsync(voucher);
    });

    /// <summary>Digit by digit: the next when the last stands in the field.</summary>
    private static async Task TypeByHandAsync(IPage desk, KioskPage kiosk, PaperVoucher voucher, InputMethod through)
    {
        var keyboard = await KeyboardScanner.PlugInAsync(desk);
        var typed = "";
        foreach (var digit in voucher.ShortCode.Where(char.IsAsciiDigit))
        {
            await keyboard.TypeAsync(digit, through);
            await Expect(kiosk.ShortCode).ToHaveValueAsync(typed += digit);
        }
    }

    /// <summary>As the screen shows a voucher's number.</summary>
    private static System.Text.RegularExpressions.Regex Grouped(string number) =>
        new(string.Join(@"\s*", number.Chunk(4).Select(four => new string(four))), System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));

    private static Task LeaveAllFieldsAsync(IPage desk) => desk.EvaluateAsync("() => document.activeElement?.blur()");

    private static async Task ExpectCheckedInAsync(KioskPage kiosk, PaperVoucher voucher)
    {
        await kiosk.ExpectVerdictAsync("accepted");
        await Expect(kiosk.Holder).ToHaveTextAsync(Core.People.PersonName.Masked(voucher.Holder.Name));
    }

    /// <summary>By the terminal's journal, and by the county's books.</summary>
    private async Task ExpectOneScanEachAsync(params PaperVoucher[] vouchers)
    {
        const int checkIn = 2;
        var scans = (await county.AskTerminalAsync("/local/recent")).EnumerateArray().Where(one => one.GetProperty("mode").GetInt32() == checkIn).ToList();
        foreach (var voucher in vouchers)
        {
            Assert.Single(scans, one => one.GetProperty("voucherNumber").GetString()!.Replace(" ", "", StringComparison.Ordinal) == voucher.Number);
            Assert.Single(await county.HistoryAsync(voucher), kind => kind == "CheckedIn");
        }
    }
}
