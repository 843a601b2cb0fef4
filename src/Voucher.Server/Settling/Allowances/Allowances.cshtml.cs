using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Institutions;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Allowances;

/// <summary>All monthly lists, what each month comes to, and the form for a new one.</summary>
[Authorize(Policy = Permission.ReadAllowances)]
public sealed class AllowancesModel(
    AllowanceReading reading, AllowanceLineStore lineStore, BudgetStore budget, InstitutionStore institutions, AllowLine allowLine, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty]
    public int? Line { get; set; }

    [BindProperty]
    public string? DocumentNo { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public IReadOnlyList<AllowanceListSummary> Lists { get; private set; } = [];
    public IReadOnlyList<AllowanceMonth> Months { get; private set; } = [];
    /// <summary>That stand, proposed ones among them.</summary>
    public IReadOnlyList<AllowanceLine> Lines { get; private set; } = [];

    public IEnumerable<AllowanceLine> AllowedLines => Lines.Where(line => line.IsAllowed);
    public IReadOnlyList<BudgetLine> OtherLines { get; private set; } = [];
    public IReadOnlyList<Institution> Institutions { get; private set; } = [];
    public bool HasMore { get; private set; }
    public string ThisMonth => DrawUpAllowances.MonthName(CountyTime.DayOf(clock.GetUtcNow()));
    public bool MayDraft => Actor.May(Permission.DraftAllowances);
    public bool MayAllow => Actor.May(Permission.EditBudget);
    public bool MayConfirm => Actor.May(Permission.ApproveAllowances);

    public bool Has(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostLineAsync()
    {
        if (!MayAllow) return Forbid();
        return await AfterAsync(
            ModelState.IsValid && Accept(await allowLine.ProposeAsync(Actor, Line, DocumentNo)), new("已提出，请审批人确认。", "Proposed; an approver confirms it."));
    }

    public async Task<IActionResult> OnPostConfirmLineAsync()
    {
        if (!MayConfirm) return Forbid();
        return await AfterAsync(ModelState.IsValid && Accept(await allowLine.ConfirmAsync(Actor, Line)), new("已确认，可以列支补助。", "Confirmed: it may pay allowances."));
    }

    public async Task<IActionResult> OnPostEndLineAsync()
    {
        if (!MayAllow && !MayConfirm) return Forbid();
        return await AfterAsync(ModelState.IsValid && Accept(await allowLine.EndAsync(Actor, Line, Reason)), new("已停止列支补助。", "It pays no more allowances."));
    }

    private async Task<IActionResult> AfterAsync(bool isDone, Words done)
    {
        if (!isDone)
        {
            await LoadAsync();
            return Page();
        }
        Done = done.In(Speech.Language);
        return LocalRedirect("/settling/allowances");
    }

    private async Task LoadAsync()
    {
        Number = ListPage.Clamp(Number);
        var page = await reading.ListAsync((Number - 1) * PageSize, PageSize + 1);
        (Lists, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
        Months = await reading.MonthsAsync();
        Lines = await lineStore.ListAsync();
        if (MayDraft) Institutions = await institutions.ListAsync(null);
        if (MayAllow) OtherLines = [.. (await budget.ListAsync()).Where(line => Lines.All(known => known.Id != line.Id))];
    }
}
