using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Issuing.LeavingOut;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Issuing.Stopping;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Vouchers;
using Voucher.Server.Vouchers.Delivery;

namespace Voucher.Server.Issuing;

/// <summary>One batch: where it stands, the decision on it, printing, its vouchers and their handing over.</summary>
[Authorize(Policy = Permission.ReadBatches)]
public sealed class OneBatchModel(
    NpgsqlDataSource database, ApproveBatch approve, CloseBatch close, PauseBatch pause, ResumeBatch resume, StopBatch stop, PrintBatch print, FetchPdf fetch, HandOver handOver,
    PolicyStore policies, IneligibleReader ineligible, IAuthorizationService authorization, ServerSettings settings, County county, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; } = 1;

    [BindProperty(SupportsGet = true)]
    public int? Township { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Village { get; set; }

    public IReadOnlyList<BatchVillage> Villages { get; private set; } = [];
    public bool IsDeliveryRequired { get; private set; }

    /// <summary>Who stands against what was just tried; <c>null</c> when nobody does.</summary>
    public IneligibleView? Ineligible { get; private set; }

    /// <summary>Whom it was drafted for, one line for each way of choosing.</summary>
    public IReadOnlyList<Words> ChosenBy { get; private set; } = [];

    public LeaveOutRequest? LeaveOutAsked { get; private set; }
    public int LeftOut { get; private set; }

    public string? FaultOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;

    public Batch Batch { get; private set; } = null!;
    public BatchFunnel Funnel { get; private set; } = BatchFunnel.Empty;
    public IReadOnlyList<BatchTownship> Townships { get; private set; } = [];
    public IReadOnlyList<ListedVoucher> Vouchers { get; private set; } = [];
    public IReadOnlyList<PrintFile> Files { get; private set; } = [];
    public int Total { get; private set; }
    public bool CanMakePdf => settings.Chromium is not null;
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    /// <summary>The page looks again by itself while something is under way.</summary>
    public bool IsUnderWay => (Batch.Status == BatchStatus.Approved && !Batch.IsPaused) || Files.Any(file => file.Status == PrintStatus.Waiting);

    public async Task<IActionResult> OnGetAsync() => ModelState.IsValid && await LoadAsync() ? Page() : NotFound();

    /// <param name="without">The mark of the list of those who are left out with the approval.</param>
    public Task<IActionResult> OnPostApproveAsync(string? without) => ActAsync(
        Permission.ApproveBatch, () => approve.RunAsync(new BatchId(Id), Actor, without),
        _ => ("已审批，资金已预留，正在制券。", "Approved; the money is reserved and the vouchers are being made."));

    public Task<IActionResult> OnPostRefuseAsync(string? reason) => ActAsync(
        Permission.ApproveBatch, () => close.RefuseAsync(new BatchId(Id), reason, Actor), _ => ("批次已退回。", "The batch is refused."));

    public Task<IActionResult> OnPostCancelAsync(string? reason) => ActAsync(
        Permission.DraftBatch, () => close.CancelAsync(new BatchId(Id), reason, Actor), _ => ("批次已撤回。", "The batch is cancelled."));

    public Task<IActionResult> OnPostPrintAsync() => ActAsync(
        Permission.PrintVouchers, () => print.RunAsync(new BatchId(Id), Township, Actor, Village),
        _ => ("正在生成 PDF，完成后可在下方下载。", "The PDFs are being made; they appear below."));

    public Task<IActionResult> OnPostPauseAsync(string? reason) => ActAsync(
        Permission.DraftBatch, () => pause.RunAsync(new BatchId(Id), reason, asksToStop: false, Actor), _ => ("已暂停制券。", "Paused."));

    public Task<IActionResult> OnPostAskStopAsync(string? reason) => ActAsync(
        Permission.DraftBatch, () => pause.RunAsync(new BatchId(Id), reason, asksToStop: true, Actor),
        _ => ("已暂停并申请中止，等待另一位同事批准。", "Paused; another colleague must approve the stop."));

    public Task<IActionResult> OnPostResumeAsync() => ActAsync(
        Permission.DraftBatch, () => resume.RunAsync(new BatchId(Id), Actor), _ => ("继续制券。", "Going on."));

    public Task<IActionResult> OnPostStopAsync() => ActAsync(
        Permission.ApproveBatch, () => stop.RunAsync(new BatchId(Id), Actor),
        _ => ("批次已中止，已制的券正在作废。", "The batch is stopped; what was written is being revoked."));

    /// <param name="except">Numbers of vouchers that nobody signed for, as they were typed.</param>
    public Task<IActionResult> OnPostHandOverAsync(DeliveryItems[] items, bool signed, string? except) => ActAsync(
        Permission.HandleVouchers, () => HandOverAsync(items, signed, except),
        count => ($"已登记领取 {count:N0} 张。", $"{count:N0} vouchers recorded as handed over."));

    private async Task<Outcome<int>> HandOverAsync(DeliveryItems[] items, bool signed, string? except)
    {
        // Numbers are printed in groups: a line is one number, blanks within it or not.
        var lines = (except ?? "").Split(['\n', '\r', ',', '，', '、', ';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var asked = new HandOverRequest(Township, Village, lines, null).Read();
        return asked is Outcome<HandedOver>.Done(var what)
            ? await handOver.RunAsync(new BatchId(Id), what with { Items = items.Aggregate(DeliveryItems.None, (all, one) => all | one), IsSigned = signed }, Actor)
            : ((Outcome<HandedOver>.BadInput)asked).Errors.ToList();
    }

    /// <summary>The PDF itself, for a browser that is logged in by cookie.</summary>
    public async Task<IActionResult> OnGetPdfAsync(int file)
    {
        if (!Actor.May(Permission.PrintVouchers)) return Forbid();
        Response.Headers.CacheControl = "no-store";
        return await fetch.RunAsync(new BatchId(Id), file, Actor) is Outcome<PdfFile>.Done(var pdf)
            ? File(pdf.Content, "application/pdf", pdf.Name)
            : NotFound();
    }

    private async Task<IActionResult> ActAsync<T>(string permission, Func<Task<Outcome<T>>> act, Func<T, (string Zh, string En)> said)
    {
        if (!(await authorization.AuthorizeAsync(User, permission)).Succeeded) return Forbid();
        // A township that cannot be read must never mean all of them.
        if (!ModelState.IsValid) return NotFound();
        if (!await LoadAsync()) return NotFound();
        if (!Accept(await act(), out var value))
        {
            if (Refusal?.Code is RefusalCode.NoLongerEligible or RefusalCode.LeaveOutListChanged && IneligibleReader.IsOpen(Batch)) Ineligible = await ineligible.ReadAsync(Batch, 1);
            return Page();
        }
        var (zh, en) = said(value);
        Done = Speech.IsEnglish ? en : zh;
        return Redirect($"/issuing/batches/{Id}" + (Township is null ? "" : $"?township={Township}&village={Village}"));
    }

    private async Task<bool> LoadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, new BatchId(Id)) is not { } batch) return false;
        Batch = batch;
        Funnel = (await BatchFunnelStore.ReadAsync(connection, [batch.Id], Today)).GetValueOrDefault(batch.Id, BatchFunnel.Empty);
        Townships = await BatchVoucherStore.TownshipsAsync(connection, batch.Id);
        if (await DraftStore.SelectionAsync(connection, county.Region, batch.Id) is { } chosen) ChosenBy = await SelectionNames.ReadAsync(connection, chosen);
        LeaveOutAsked = await LeaveOutStore.OpenAsync(connection, batch.Id);
        LeftOut = await LeaveOutStore.CountAsync(connection, batch.Id);
        if (Township is { } township) Villages = await BatchVoucherStore.VillagesAsync(connection, batch.Id, township);
        IsDeliveryRequired = (await policies.InForceOrLastAsync(Today)).Parameters.DeliveryRecordRequired;
        Total = await BatchVoucherStore.CountAsync(connection, batch.Id, Township, Village);
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));
        Vouchers = await BatchVoucherStore.ListAsync(connection, batch.Id, Township, (PageNumber - 1) * PageSize, PageSize, Village);
        if (Actor.May(Permission.PrintVouchers)) Files = await PrintStore.NewestAsync(connection, batch.Id);
        return true;
    }
}
