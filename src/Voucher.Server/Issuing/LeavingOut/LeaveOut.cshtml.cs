using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>Who of a batch may no longer have a voucher: asked to be left out by one, decided by another; and who was left out of it.</summary>
[Authorize(Policy = Permission.ReadBatches)]
[ResponseCache(NoStore = true)]
public sealed class LeaveOutModel(
    NpgsqlDataSource database, IneligibleReader reader, AskLeaveOut ask, DecideLeaveOut decide, IAuthorizationService authorization, County county) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; } = 1;

    /// <summary>Page of those who were left out.</summary>
    [BindProperty(SupportsGet = true, Name = "l")]
    public int LeftPage { get; set; } = 1;

    public Batch Batch { get; private set; } = null!;

    /// <summary><c>null</c> once nobody can be left out any more.</summary>
    public IneligibleView? View { get; private set; }

    public IReadOnlyList<LeftOutPerson> Left { get; private set; } = [];
    public int LeftTotal { get; private set; }
    public PolicyParameters Rules { get; private set; } = null!;

    public string? FaultOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!IneligibleReader.MayRead(Actor)) return Forbid();
        return ModelState.IsValid && await LoadAsync() ? Page() : NotFound();
    }

    public Task<IActionResult> OnPostAskAsync(string? list, string? reason) => ActAsync(
        Permission.DraftBatch, () => ask.RunAsync(new BatchId(Id), list, reason, Actor),
        _ => ("已申请剔除，等待另一位同事批准。", "Asked; another colleague must approve."),
        view => view with { Asking = Typed(reason) });

    public Task<IActionResult> OnPostApproveAsync(string? list) => ActAsync(
        Permission.ApproveBatch, () => decide.ApproveAsync(new BatchId(Id), list, Actor),
        batch => batch.Status == BatchStatus.Issued
            ? ("已剔除；其余的人都已有券，本批次制券完成。", "They are left out; all others have their vouchers, so the batch is issued.")
            : ("已剔除，其余的人继续制券。", "They are left out; the others' vouchers are being made."));

    public Task<IActionResult> OnPostRefuseAsync(string? reason) => ActAsync(
        Permission.ApproveBatch, () => decide.RefuseAsync(new BatchId(Id), reason, Actor),
        _ => ("没有剔除，批次仍暂停。", "Nobody is left out; the batch stays paused."),
        view => view with { Keeping = Typed(reason) });

    private TypedReason Typed(string? reason) => new(reason, FaultOf("reason") is not null || Refusal?.Code == RefusalCode.ReasonMissing);

    /// <param name="giveBack">Puts into the page what was typed, where it was not accepted.</param>
    private async Task<IActionResult> ActAsync(
        string permission, Func<Task<Outcome<Batch>>> act, Func<Batch, (string Zh, string En)> said, Func<IneligibleView, IneligibleView>? giveBack = null)
    {
        if (!(await authorization.AuthorizeAsync(User, permission)).Succeeded) return Forbid();
        if (!ModelState.IsValid) return NotFound();
        if (!Accept(await act(), out var batch))
        {
            if (!await LoadAsync()) return NotFound();
            if (View is not null && giveBack is not null) View = giveBack(View);
            return Page();
        }
        var (zh, en) = said(batch);
        Done = Speech.IsEnglish ? en : zh;
        return Redirect($"/issuing/batches/{Id}");
    }

    private async Task<bool> LoadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, new BatchId(Id)) is not { } batch) return false;
        Batch = batch;
        View = IneligibleReader.IsOpen(batch) ? await reader.ReadAsync(batch, PageNumber) : null;
        LeftTotal = await LeaveOutStore.CountAsync(connection, batch.Id);
        LeftPage = Math.Clamp(LeftPage, 1, Math.Max(1, (LeftTotal + PageSize - 1) / PageSize));
        Left = await LeaveOutStore.ListAsync(connection, batch.Id, (LeftPage - 1) * PageSize, PageSize);
        Rules = await reader.RulesOfAsync(batch);
        return true;
    }
}
