using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Payees;

/// <summary>The accounts of one payee: propose, verify, end, show; the whole history.</summary>
[Authorize(Policy = Permission.ReadPayees)]
public sealed class OnePayeeModel(PayeeReading payees, ProposePayee propose, DecidePayee decide) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int AccountId { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public PayeeForm Form { get; private set; } = PayeeForm.Empty;
    public string Payee { get; private set; } = "";
    public IReadOnlyList<PayeeAccount> Accounts { get; private set; } = [];

    /// <summary>An account number that was asked for with a reason: shown once.</summary>
    public (int Id, string Number)? Shown { get; private set; }

    public DateOnly Today => payees.Today;
    public bool MayPropose => Actor.May(Permission.ProposePayee);
    public bool MayVerify => Actor.May(Permission.VerifyPayee);

    private PayeeOwner Owner => Kind == "institution"
        ? PayeeOwner.Of(new InstitutionId((int)Math.Clamp(Id, 0, int.MaxValue)))
        : PayeeOwner.Of(new PersonId(Id));

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostProposeAsync(PayeeForm form)
    {
        if (!MayPropose) return Forbid();
        Form = form with { Account = null };
        if (!Accept(await propose.RunAsync(Actor, Owner, form), out var proposed)) return await ShowAsync();
        return Say(proposed.IsDoubtfulCard
            ? new("已提出。注意：账号像银行卡号但校验位不对，请核实人仔细核对。", "Proposed. Note: the number is as long as a card's, but its check digit is wrong.")
            : new("已提出，等另一位同事核实。", "Proposed; another colleague verifies it."));
    }

    public async Task<IActionResult> OnPostVerifyAsync()
    {
        if (!MayVerify) return Forbid();
        if (!Accept(await decide.VerifyAsync(Actor, AccountId), out var from)) return await ShowAsync();
        return Say(new($"已核实，{CountyTime.Show(from)} 起启用。", $"Verified; used from {CountyTime.Show(from)}."));
    }

    public async Task<IActionResult> OnPostEndAsync()
    {
        if (!MayVerify) return Forbid();
        if (!Accept(await decide.EndAsync(Actor, AccountId, Reason), out var waiting)) return await ShowAsync();
        return Say(waiting == 0
            ? new("已退回或停用。", "Sent back or ended.")
            : new($"已停用。有 {waiting} 行付款原定付到这个账户，不能再送行：请取消或撤回后重新制单。",
                $"Ended. {waiting} transfers that wait to go there are not handed over any more: cancel them or give them back, and make them anew."));
    }

    /// <summary>A post, since it leaves a mark on the audit trail.</summary>
    public async Task<IActionResult> OnPostShowAsync()
    {
        if (Accept(await decide.ShowAsync(Actor, AccountId, Reason), out var number)) Shown = (AccountId, number);
        return await ShowAsync();
    }

    private LocalRedirectResult Say(Words done)
    {
        Done = done.In(Speech.Language);
        return LocalRedirect(Owner.Path);
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await payees.NameAsync(Owner) is not { } name) return NotFound();
        Payee = name;
        Accounts = await payees.OfAsync(Owner);
        return Page();
    }
}
