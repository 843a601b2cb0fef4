using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Settling.Recovering;
using Voucher.Server.Vouchers.Delivery;
using Voucher.Server.Vouchers.Reissuing;

namespace Voucher.Server.Vouchers;

/// <summary>One voucher: what it is, its history, and what can be done with it.</summary>
[Authorize(Policy = Permission.ReadBatches)]
[ResponseCache(NoStore = true)]
public sealed class OneVoucherModel(
    NpgsqlDataSource database, HandOver handOver, RecordDelivery record, RevokeVoucher revoke, ReplaceVoucher replace, RequestReissue request,
    PolicyStore policies, PhoneKeys phones,
    IAuthorizationService authorization, County county, TimeProvider clock) : PortalPage
{
    private VoucherId _id;

    [BindProperty(SupportsGet = true)]
    public string? Number { get; set; }

    public VoucherRecord Voucher { get; private set; } = null!;
    public IReadOnlyList<HistoryEntry> History { get; private set; } = [];
    public IReadOnlyList<MoneyStep> Money { get; private set; } = [];
    public DeliveryRecord? Delivery { get; private set; }
    public ReissueRequest? OpenReissue { get; private set; }
    public bool IsDeliveryRequired { get; private set; }

    /// <summary>The next reissue is one for two persons.</summary>
    public bool NeedsReview { get; private set; }

    /// <summary>How often the paper was replaced; <c>null</c> for a first print, of which there is nothing to say.</summary>
    public int? ReissuesShown => Voucher.Reissues > 0 ? Voucher.Reissues : null;

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
    public Task<IActionResult> OnPostHandOverAsync(long? back, int? p, int? township, DeliveryItems[] items, bool signed) => ActAsync(
        () => handOver.RunAsync(_id, Actor, All(items), signed), _ => ("已登记领取。", "Recorded as handed over."),
        back is null ? null : $"/issuing/batches/{back}?township={township}&p={p}");

    public Task<IActionResult> OnPostDeliveryAsync(DeliveryItems[] items, bool signed) => ActAsync(
        () => record.RunAsync(_id, All(items), signed, Actor), _ => ("已登记随券发给的材料。", "Recorded."), null);

    public Task<IActionResult> OnPostRequestReissueAsync(string? reason) => ActAsync(
        async () => await request.RunAsync(_id, reason, Actor) switch
        {
            Outcome<long>.Done => _id,
            Outcome<long>.Refused(var refusal) => refusal,
            Outcome<long>.BadInput(var errors) => errors.ToList(),
            _ => throw new InvalidOperationException(),
        },
        _ => ("已提交复核，等待另一位同事办理。", "Asked for; another colleague must review it."), null);

    public Task<IActionResult> OnPostRevokeAsync(string? reason) => ActAsync(
        () => revoke.RunAsync(_id, reason, Actor), _ => ("此券已作废。", "The voucher is revoked."), null);

    public Task<IActionResult> OnPostReplaceAsync(string? reason) => ActAsync(
        () => replace.RunAsync(_id, reason, Actor),
        _ => ("已补发新券，旧券作废。请打印新券交给持券人。", "Replaced: this is the new voucher, print it for the holder."), null);

    private static DeliveryItems All(IEnumerable<DeliveryItems> items) => items.Aggregate(DeliveryItems.None, (all, one) => all | one);

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
        Money = await VoucherMoneyStore.OfAsync(connection, _id);
        Delivery = await DeliveryStore.FindAsync(connection, _id);
        OpenReissue = await ReissueStore.OpenOfAsync(connection, county.Region, _id);
        var rules = (await policies.InForceOrLastAsync(Today)).Parameters;
        IsDeliveryRequired = rules.DeliveryRecordRequired;
        NeedsReview = voucher.Reissues + 1 >= rules.ReissueReviewFrom;
        if (Actor.May(Permission.PrintVouchers) && voucher.IsUsable(Today)) Code = new QrImage(voucher.Digits(), QrStrength.M);
        return true;
    }
}
