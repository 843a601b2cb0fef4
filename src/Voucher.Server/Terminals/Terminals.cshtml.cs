using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Wire;
using Voucher.Server.Portal;

namespace Voucher.Server.Terminals;

[Authorize(Policy = Permission.PairTerminal)]
public sealed class TerminalsModel(TerminalStore terminals, PairTerminal pairing) : PortalPage
{
    public IReadOnlyList<TerminalStore.Row> Terminals { get; private set; } = [];

    public IReadOnlyList<(InstitutionId Id, string Name)> Institutions { get; private set; } = [];

    /// <summary>A code just made; it is shown this once.</summary>
    public string? Code { get; private set; }

    public int Institution { get; private set; }

    public static Words Name(TerminalStatus status) => status switch
    {
        TerminalStatus.Pending => new("待确认", "Pending"),
        TerminalStatus.Active => new("启用", "Active"),
        _ => new("已停用", "Revoked"),
    };

    public static string Colour(TerminalStatus status) => status switch
    {
        TerminalStatus.Pending => "bg-yellow-lt",
        TerminalStatus.Active => "bg-green-lt",
        _ => "bg-secondary-lt",
    };

    public Task OnGetAsync() => LoadAsync();

    public async Task OnPostCodeAsync(int institution)
    {
        Institution = institution;
        if (Accept(await pairing.NewCodeAsync(Actor, new InstitutionId(institution)), out var code)) Code = code;
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostConfirmAsync(int id) =>
        await AfterAsync(await pairing.ConfirmAsync(Actor, new TerminalId(id)), new("终端已启用", "The terminal is active"));

    public async Task<IActionResult> OnPostRevokeAsync(int id) =>
        await AfterAsync(await pairing.RevokeAsync(Actor, new TerminalId(id)), new("终端已停用", "The terminal is revoked"));

    private async Task<IActionResult> AfterAsync(Outcome<Nothing> outcome, Words done)
    {
        if (Accept(outcome))
        {
            Done = done.In(Speech.Language);
            return RedirectToPage();
        }
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Terminals = await terminals.ListAsync();
        Institutions = await terminals.InstitutionsAsync();
    }
}
