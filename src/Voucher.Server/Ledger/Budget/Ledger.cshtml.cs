using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Ledger.Budget;

/// <summary>Where the county's money is: by budget line, income by source, spending by programme.</summary>
[Authorize(Policy = Permission.ReadLedger)]
public sealed class LedgerModel(BudgetStore budget, PurposeStore purposes, OpenBudgetLine open, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty]
    public string? FundSource { get; set; }

    [BindProperty]
    public string? DocumentNo { get; set; }

    [BindProperty]
    public int? Year { get; set; }

    [BindProperty]
    public string? Department { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public FundKind? Kind { get; set; }

    [BindProperty]
    public int[]? Scopes { get; set; }

    [BindProperty]
    public string? Categories { get; set; }

    [BindProperty]
    public Core.Programmes.ProgrammeKind[]? Kinds { get; set; }

    public IReadOnlyList<(int Code, string Name)> AllScopes { get; private set; } = [];
    public IReadOnlyList<NamedPurpose> Purposes { get; private set; } = [];
    public IReadOnlyList<BudgetLine> Lines { get; private set; } = [];

    /// <summary>By fund source, in the order of their first line.</summary>
    public IEnumerable<IGrouping<FundSourceId, BudgetLine>> Sources => Lines.GroupBy(line => line.SourceId);

    /// <summary>By year, newest first, and department.</summary>
    public IEnumerable<(int Year, string Department, BudgetLine Sum)> Departments => Lines
        .GroupBy(line => (line.Year, line.Department))
        .OrderByDescending(group => group.Key.Year).ThenBy(group => group.Key.Department, StringComparer.Ordinal)
        .Select(group => (group.Key.Year, group.Key.Department, BudgetLine.SumOf([.. group])));
    public IReadOnlyList<Income> Income { get; private set; } = [];
    public IReadOnlyList<Spending> Spending { get; private set; } = [];
    public bool HasMoreIncome { get; private set; }

    public bool MayEdit => Actor.May(Permission.EditBudget);
    public bool IsRefused => !ModelState.IsValid;
    public int ThisYear => CountyTime.DayOf(clock.GetUtcNow()).Year;

    public bool Has(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0;

    public Fen Sum(Func<BudgetLine, Fen> part) => Lines.Aggregate(Fen.Zero, (sum, line) => sum + part(line));

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostOpenAsync()
    {
        if (!MayEdit) return Forbid();
        if (ModelState.IsValid && Accept(await open.RunAsync(Actor, FundSource, DocumentNo, Year, Department, Name, Kind, FundPurpose.Read(Scopes, Categories, Kinds)), out var line))
        {
            Done = new Words("预算项目已建立，请下达资金。", "The budget line is open; allocate its money now.").In(Speech.Language);
            return LocalRedirect($"/ledger/{line}");
        }
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Number = ListPage.Clamp(Number);
        Lines = await budget.ListAsync();
        (AllScopes, Purposes) = (await purposes.ScopesAsync(), await purposes.ListAsync());
        Spending = await budget.SpendingAsync();
        var page = await budget.IncomeAsync((Number - 1) * PageSize, PageSize + 1);
        (Income, HasMoreIncome) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
