using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Tokens;
using Voucher.Server.Portal;

namespace Voucher.Server.Vouchers;

[Authorize(Policy = Permission.ReadBatches)]
public sealed class FindVoucherModel(NpgsqlDataSource database, County county) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    public string? Fault { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (string.IsNullOrWhiteSpace(Q)) return Page();
        if (await FindAsync(Q) is { } id) return Redirect($"/issuing/vouchers/{OneVoucherModel.DigitsOf(id)}");
        Fault = Speech.IsEnglish ? "No voucher has this number or code; check the digits." : "没有这个券号或短码的培训券，请核对数字。";
        return Page();
    }

    private async Task<VoucherId?> FindAsync(string text)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (VoucherId.TryParse(text, out var id))
            return await VoucherRecordStore.FindAsync(connection, county.Region, id) is null ? null : id;
        return ShortCode.TryParse(text, out var code)
            ? await VoucherRecordStore.FindByShortCodeAsync(connection, county.Region, code)
            : null;
    }
}
