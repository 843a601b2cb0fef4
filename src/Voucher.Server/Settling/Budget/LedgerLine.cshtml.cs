using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Budget;

/// <summary>One budget line with every posting on it, newest first; each leads to what caused it.</summary>
[Authorize(Policy = Permission.ReadLedger)]
public sealed class LedgerLineModel(BudgetStore budget, AllocateBudget allocate) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty]
    public string? Amount { get; set; }

    [BindProperty]
    public string? DocumentNo { get; set; }

    public BudgetLine Line { get; private set; } = null!;
    public IReadOnlyList<Posting> Postings { get; private set; } = [];
    public bool HasMore { get; private set; }
    public bool MayEdit => Actor.May(Permission.EditBudget);

    public bool Has(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAllocateAsync()
    {
        if (!MayEdit) return Forbid();
        Fen? amount = Fen.TryParseYuan(Amount, out var parsed) ? parsed : null;
        if (!Accept(await allocate.RunAsync(Actor, new BudgetLineId(Id), amount, DocumentNo))) return await ShowAsync();
        Done = new Words("资金已下达。", "The money is allocated.").In(Speech.Language);
        return LocalRedirect($"/ledger/{Id}");
    }

    /// <summary>The document of an allocation, from its cause <c>allocate:LINE:DOCUMENT</c>; <c>null</c> where it has none.</summary>
    public static string? DocumentOf(string cause) => cause.Split(':', 3) is [_, _, var document] ? document : null;

    /// <summary>What caused a posting, and where it is shown; <c>null</c> where it has no page.</summary>
    public static (Words Name, string Path)? PageOf(string cause) => cause.Split(':') switch
    {
        ["claim", var id] => (new($"申报单 {id}", $"Claim {id}"), $"/settling/claims/{id}"),
        ["payment", var id] => (new($"支付批次 {id}", $"Payment {id}"), $"/settling/payments/{id}"),
        ["batch", var id] => (new($"发券批次 {id}", $"Batch {id}"), $"/issuing/batches/{id}"),
        _ => null,
    };

    private async Task<IActionResult> ShowAsync()
    {
        if (await budget.FindAsync(new BudgetLineId(Id)) is not { } line) return NotFound();
        Line = line;
        Number = ListPage.Clamp(Number);
        var page = await budget.PostingsAsync(line.Id, (Number - 1) * PageSize, PageSize + 1);
        (Postings, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
        return Page();
    }
}
