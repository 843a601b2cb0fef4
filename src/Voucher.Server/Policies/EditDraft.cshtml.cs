using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Policies;

/// <summary>The form of a whole pack.</summary>
[Authorize(Policy = Permission.EditPolicies)]
public sealed class EditDraftModel(PolicyDraftStore drafts, ProgrammeStore programmes, DraftPolicy draft, County county) : PortalPage
{
    public PolicyDraft Draft { get; private set; } = null!;

    public PolicyForm Form { get; private set; } = null!;

    public TradeNames Trades { get; private set; } = new([]);

    /// <summary>The trades of which the form has a line.</summary>
    public IReadOnlyList<int> Codes { get; private set; } = [];

    public string? FaultOf(string field) => ModelState.TryGetValue(field, out var entry) ? entry.Errors.FirstOrDefault()?.ErrorMessage : null;

    public async Task<IActionResult> OnGetAsync(int id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(int id)
    {
        if (!await LoadAsync(id)) return NotFound();
        Form = PolicyForm.Of(await Request.ReadFormAsync());
        var (pack, faults) = Form.Read(county.Region);
        if (!Accept(await draft.ChangeAsync(id, pack, faults, Actor))) return Page();
        Done = Speech.IsEnglish ? "Saved." : "已保存。";
        return LocalRedirect($"/policies/drafts/{id}");
    }

    private async Task<bool> LoadAsync(int id)
    {
        if (await drafts.FindAsync(id) is not { } known) return false;
        (Draft, Form) = (known, PolicyForm.Of(known.Pack));
        Trades = new(await programmes.TradesAsync());
        var p = known.Pack.Parameters;
        Codes = Trades.CodesFor([.. p.Subsidies.Select(line => line.Trade), .. p.HighRiskTrades, .. p.GuidedTrades]);
        return true;
    }
}
