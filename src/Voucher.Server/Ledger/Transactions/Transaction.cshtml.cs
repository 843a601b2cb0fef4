using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Ledger.Correcting;
using Voucher.Server.Portal;

namespace Voucher.Server.Ledger.Transactions;

/// <summary>One transaction: what it moved, for which vouchers, by whose decision, under which rule, and its hash in the chain.</summary>
[Authorize(Policy = Permission.ReadLedger)]
public sealed class TransactionModel(TransactionStore transactions, CorrectionStore corrections, CorrectTransaction correct) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    public LedgerTransaction Transaction { get; private set; } = null!;
    public IReadOnlyList<AccountPosting> Postings { get; private set; } = [];
    public IReadOnlyList<VoucherPosting> Vouchers { get; private set; } = [];
    public bool HasMore { get; private set; }
    public bool MayOpenVouchers => Actor.May(Permission.ReadBatches);

    /// <summary>The last correction that was proposed.</summary>
    public ProposedCorrection? Correction { get; private set; }

    [BindProperty]
    public string? Reason { get; set; }

    public bool MayPropose => Actor.May(Permission.CloseBooks) && Actor.Roles.Contains(Role.Finance)
        && LedgerCorrection.IsCorrectable(Transaction.Kind) && Correction?.State is null or CorrectionState.Refused;

    public bool MayDecide => IsDecider && Correction?.State == CorrectionState.Proposed;
    private bool IsDecider => Actor.May(Permission.CloseBooks) && Actor.Roles.Contains(Role.Approver);

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostProposeAsync() => Actor.May(Permission.CloseBooks) && Actor.Roles.Contains(Role.Finance)
        ? await AnswerAsync(await correct.ProposeAsync(Actor, Id, Reason), new("已提出更正，请另一人审批。", "The correction is proposed; another person decides."))
        : Forbid();

    public async Task<IActionResult> OnPostCorrectAsync() => IsDecider
        ? await AnswerAsync(await correct.DecideAsync(Actor, Id, post: true), new("已更正。", "Corrected."))
        : Forbid();

    public async Task<IActionResult> OnPostRefuseAsync() => IsDecider
        ? await AnswerAsync(await correct.DecideAsync(Actor, Id, post: false), new("已决定不予更正。", "The correction is refused."))
        : Forbid();

    private async Task<IActionResult> AnswerAsync(Outcome<Nothing> outcome, Words done)
    {
        if (!Accept(outcome)) return await ShowAsync();
        Done = done.In(Speech.Language);
        return LocalRedirect($"/ledger/transactions/{Id}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await transactions.FindAsync(Id) is not { } found) return NotFound();
        Transaction = found;
        Correction = await corrections.OfAsync(Id);
        Postings = await transactions.PostingsAsync(Id);
        Number = ListPage.Clamp(Number);
        var page = await transactions.VouchersAsync(Id, (Number - 1) * PageSize, PageSize + 1);
        (Vouchers, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
        return Page();
    }
}
