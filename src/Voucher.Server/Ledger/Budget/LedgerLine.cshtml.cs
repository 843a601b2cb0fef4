using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Ledger.Budget;

/// <summary>One budget line with every posting on it, newest first; each leads to what caused it.</summary>
[Authorize(Policy = Permission.ReadLedger)]
public sealed class LedgerLineModel(BudgetStore budget, PurposeStore purposes, AllocateBudget allocate, MoveBudget move, SetPurpose setPurpose, SetFundKind setKind) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty]
    public string? Amount { get; set; }

    [BindProperty]
    public string? DocumentNo { get; set; }

    [BindProperty]
    public int? To { get; set; }

    [BindProperty]
    public int[]? Scopes { get; set; }

    [BindProperty]
    public string? Categories { get; set; }

    [BindProperty]
    public Core.Programmes.ProgrammeKind[]? Kinds { get; set; }

    [BindProperty]
    public FundKind? Kind { get; set; }

    /// <summary>Whether the purpose that is written is that of the whole source.</summary>
    [BindProperty]
    public bool OfSource { get; set; }

    public BudgetLine Line { get; private set; } = null!;

    /// <summary>Where money of the line may go: lines of the same source and year.</summary>
    public IReadOnlyList<BudgetLine> Neighbours { get; private set; } = [];

    public IReadOnlyList<NamedPurpose> Purposes { get; private set; } = [];
    public IReadOnlyList<(int Code, string Name)> AllScopes { get; private set; } = [];

    /// <summary>What the line's form shows.</summary>
    public FundPurpose LinePurpose => PurposeOf(Purposes.Where(purpose => purpose.Line == Line.Id));

    /// <summary>What the source's form shows.</summary>
    public FundPurpose SourcePurpose => PurposeOf(Purposes.Where(purpose => purpose.Source == Line.SourceId && purpose.Line is null));
    public IReadOnlyList<Posting> Postings { get; private set; } = [];
    public bool HasMore { get; private set; }
    /// <summary>Whether the kind of the source may still be recorded or mended, as far as its lines show.</summary>
    public bool MayMendKind => Line.Kind == FundKind.Other || Neighbours.Append(Line).All(line => line.Unreserved == line.Allocated);

    public bool MayEdit => Actor.May(Permission.EditBudget);

    public bool Has(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAllocateAsync()
    {
        if (!MayEdit) return Forbid();
        if (!Accept(await allocate.RunAsync(Actor, new BudgetLineId(Id), AmountTyped(), DocumentNo))) return await ShowAsync();
        Done = new Words("资金已下达。", "The money is allocated.").In(Speech.Language);
        return LocalRedirect($"/ledger/{Id}");
    }

    public async Task<IActionResult> OnPostLowerAsync()
    {
        if (!MayEdit) return Forbid();
        if (!Accept(await move.LowerAsync(Actor, new BudgetLineId(Id), AmountTyped(), DocumentNo))) return await ShowAsync();
        Done = new Words("资金已调减。", "The allocation is lowered.").In(Speech.Language);
        return LocalRedirect($"/ledger/{Id}");
    }

    public async Task<IActionResult> OnPostTransferAsync()
    {
        if (!MayEdit) return Forbid();
        var to = To is { } line ? new BudgetLineId(line) : (BudgetLineId?)null;
        if (!Accept(await move.TransferAsync(Actor, new BudgetLineId(Id), to, AmountTyped(), DocumentNo))) return await ShowAsync();
        Done = new Words("资金已调剂。", "The money is transferred.").In(Speech.Language);
        return LocalRedirect($"/ledger/{Id}");
    }

    public async Task<IActionResult> OnPostPurposeAsync()
    {
        if (!MayEdit) return Forbid();
        if (!ModelState.IsValid || !Accept(await setPurpose.RunAsync(Actor, new BudgetLineId(Id), OfSource, FundPurpose.Read(Scopes, Categories, Kinds)))) return await ShowAsync();
        Done = new Words("资金用途已登记。", "The purpose is recorded.").In(Speech.Language);
        return LocalRedirect($"/ledger/{Id}");
    }

    public async Task<IActionResult> OnPostKindAsync()
    {
        if (!MayEdit) return Forbid();
        if (!ModelState.IsValid || !Accept(await setKind.RunAsync(Actor, new BudgetLineId(Id), Kind))) return await ShowAsync();
        Done = new Words("资金性质已登记。", "The kind of funds is recorded.").In(Speech.Language);
        return LocalRedirect($"/ledger/{Id}");
    }

    private Fen? AmountTyped() => Fen.TryParseYuan(Amount, out var parsed) ? parsed : null;

    private static FundPurpose PurposeOf(IEnumerable<NamedPurpose> rows)
    {
        var all = rows.ToList();
        return new(
            [.. all.Where(row => row.Scope is not null).Select(row => row.Scope!.Value)],
            [.. all.Where(row => row is { Scope: null, Training: null }).Select(row => row.Name!)])
        {
            Kinds = [.. all.Where(row => row.Training is not null).Select(row => row.Training!.Value)],
        };
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await budget.FindAsync(new BudgetLineId(Id)) is not { } line) return NotFound();
        Line = line;
        (Purposes, AllScopes) = (await purposes.ListAsync(), await purposes.ScopesAsync());
        Neighbours = [.. (await budget.ListAsync()).Where(other => other.SourceId == line.SourceId && other.Id != line.Id && other.Year == line.Year)];
        Number = ListPage.Clamp(Number);
        var page = await budget.PostingsAsync(line.Id, (Number - 1) * PageSize, PageSize + 1);
        (Postings, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
        return Page();
    }
}
