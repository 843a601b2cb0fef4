using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Settling;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Allowances;

/// <summary>One monthly list: every person with days, arithmetic and account; approve, cancel, print (发放表).</summary>
[Authorize(Policy = Permission.ReadAllowances)]
public sealed class OneAllowanceListModel(AllowanceReading reading, ApproveAllowances approve, CancelAllowances cancel) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public long Entry { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>The days were not attended after all.</summary>
    [BindProperty]
    public bool IsStruckOff { get; set; }

    public AllowanceListSummary List { get; private set; } = null!;
    public IReadOnlyList<AllowanceEntry> Entries { get; private set; } = [];
    public IReadOnlyList<string> Rules { get; private set; } = [];
    public bool MayApprove => Actor.May(Permission.ApproveAllowances);

    /// <summary>A draft may be dropped by whoever may draft; what is approved only by an approver.</summary>
    public bool MayCancel => MayApprove || List.State == AllowanceListState.Drafted && Actor.May(Permission.DraftAllowances);

    public string? ReasonProblem => ModelState["reason"]?.Errors.FirstOrDefault()?.ErrorMessage;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostApproveAsync() => !MayApprove
        ? Forbid()
        : await AfterAsync(await approve.RunAsync(Actor, new AllowanceListId(Id)), new("已审批，列入应付。", "Approved; it is owed now."));

    public async Task<IActionResult> OnPostCancelAsync()
    {
        if (!await LoadAsync()) return NotFound();
        if (!MayCancel) return Forbid();
        return await AfterAsync(await cancel.ListAsync(Actor, new AllowanceListId(Id), Reason), new("已作废，款项退回预算项目。", "Cancelled; the money is back on its line."));
    }

    public async Task<IActionResult> OnPostCancelOneAsync() => !MayApprove
        ? Forbid()
        : await AfterAsync(
            await cancel.OneAsync(Actor, new AllowanceListId(Id), new AllowanceId(Entry), Reason, IsStruckOff), new("这一笔已作废。", "The entry is cancelled."));

    private async Task<IActionResult> AfterAsync(Outcome<Nothing> outcome, Words done)
    {
        ModelState.Clear();
        if (outcome is Outcome<Nothing>.Refused({ Code: RefusalCode.NotFound })) return NotFound();
        if (!Accept(outcome)) return await LoadAsync() ? Page() : NotFound();
        Done = done.In(Speech.Language);
        return LocalRedirect($"/settling/allowances/{Id}");
    }

    private async Task<bool> LoadAsync()
    {
        if (await reading.FindAsync(new AllowanceListId(Id)) is not { } list) return false;
        List = list;
        Entries = await reading.EntriesAsync(list.Id);
        Rules = await reading.RulesAsync(Entries);
        return true;
    }
}
