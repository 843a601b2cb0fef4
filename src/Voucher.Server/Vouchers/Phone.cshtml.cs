using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Portal;
using Voucher.Server.PublicMenu;

namespace Voucher.Server.Vouchers;

/// <summary>
/// A voucher on its holder's phone, without a log-in: whoever has the address has the voucher, as with paper. Looking
/// changes nothing; that it was received is recorded when the holder says so.
/// </summary>
[AllowAnonymous]
[ResponseCache(NoStore = true)]
public sealed class PhoneModel(NpgsqlDataSource database, PhoneKeys phones, HandOver handOver, County county, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string? Key { get; set; }

    public VoucherRecord Voucher { get; private set; } = null!;
    public IReadOnlyList<Offer> Offers { get; private set; } = [];
    public QrImage? Code { get; private set; }
    public string CountyName => county.Name;
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await LoadAsync()) return NotFound();
        return Accept(await handOver.RunAsync(Voucher.Id, by: null)) ? Redirect($"/v/{Key}") : Page();
    }

    private async Task<bool> LoadAsync()
    {
        // The address is as good as the voucher: it must not travel to other sites or into search engines.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers["X-Robots-Tag"] = "noindex";
        if (phones.Read(Key) is not { } id) return false;
        await using var connection = await database.OpenConnectionAsync();
        if (await VoucherRecordStore.FindAsync(connection, county.Region, id) is not { } voucher) return false;
        Voucher = voucher;
        if (!voucher.IsUsable(Today)) return true;
        Code = new QrImage(voucher.Digits(), QrStrength.M);
        Offers = Offer.NearFirst(await MenuStore.OfferLinesAsync(connection, county, voucher.Scope, Today), voucher.Township);
        return true;
    }
}
