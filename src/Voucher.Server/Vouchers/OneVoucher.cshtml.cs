using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Portal;

namespace Voucher.Server.Vouchers;

/// <summary>One voucher: what it is, its history, and what can be done with it.</summary>
[Authorize(Policy = Permission.ReadBatches)]
[ResponseCache(NoStore = true)]
public sealed class OneVoucherModel(
    NpgsqlDataSource database, HandOver handOver, RevokeVoucher revoke, ReplaceVoucher replace, PhoneKeys phones,
    IAuthorizationService authorization, County county, TimeProvider clock) : PortalPage
{
    private VoucherId _id;

    [BindProperty(SupportsGet = true)]
    public string? Number { get; set; }

    public VoucherRecord Voucher { get; private set; } = null!;
    public IReadOnlyList<HistoryEntry> History { get; private set; } = [];
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    /// <summary>The QR, for those who may print it and while it is good.</summary>
    public QrImage? Code { get; private set; }

    /// <summary>Address of the holder's phone page.</summary>
    public string PhoneAddress => $"{Request.Scheme}://{Request.Host}/v/{phones.Of(_id)}";

    public bool MayHandle => Actor.May(Permission.HandleVouchers);

    public static string DigitsOf(VoucherId id) => id.ToString().Replace(" ", "", StringComparison.Ordinal);

    public string? FaultOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    /// <param name="back">The batch from whose list it was asked, to go back there.</param>
    public Task<IActionResult> OnPostHandOverAsync(long? back, int? p, int? township) => ActAsync(
        () => handOver.RunAsync(_id, Actor), _ => ("已登记领取。", "Recorded as handed over."),
        back is null ? null : $"/issuing/batches/{back}?township={township}&p={p}");

    public Task<IActionResult> OnPostRevokeAsync(string? reason) => ActAsync(
        () => revoke.RunAsync(_id, reason, Actor), _ => ("此券已作废。", "The voucher is revoked."), null);

    public Task<IActionResult> OnPostReplaceAsync(string? reason) => ActAsync(
        () => replace.RunAsync(_id, reason, Actor),
        _ => ("已补发新券，旧券作废。请打印新券交给持券人。", "Replaced: this is the new voucher, print it for the holder."), null);

    private async Task<IActionResult> ActAsync(Func<Task<Outcome<VoucherId>>> act, Func<VoucherId, (string Zh, string En)> said, string? back)
    {
        if (!(await authorization.AuthorizeAsync(User, Permission.HandleVouchers)).Succeeded) return Forbid();
        if (!await LoadAsync()) return NotFound();
        if (!Accept(await act(), out var id)) return Page();
        var (zh, en) = said(id);
        Done = Speech.IsEnglish ? en : zh;
        return Redirect(back ?? $"/issuing/vouchers/{DigitsOf(id)}");
    }

    private async Task<bool> LoadAsync()
    {
        if (!VoucherId.TryParse(Number, out _id)) return false;
        await using var connection = await database.OpenConnectionAsync();
        if (await VoucherRecordStore.FindAsync(connection, county.Region, _id) is not { } voucher) return false;
        Voucher = voucher;
        History = await VoucherRecordStore.HistoryAsync(connection, _id);
        if (Actor.May(Permission.PrintVouchers) && voucher.IsUsable(Today)) Code = new QrImage(voucher.Digits(), QrStrength.M);
        return true;
    }
}
