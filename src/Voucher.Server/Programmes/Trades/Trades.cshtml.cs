using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Programmes.Trades;

/// <summary>Trades, with the marks that the policy in force gives them: guided catalogue and high risk.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class TradesModel(TradeStore store, SaveTrade save, PolicyStore policies, TimeProvider clock) : PortalPage
{
    private TradeForm? _renamed;

    public IReadOnlyList<TradeStore.Row> Trades { get; private set; } = [];

    public Policy Policy { get; private set; } = null!;

    public int? NewCode { get; private set; }

    public string? NewName { get; private set; }

    public string? NameProblem { get; private set; }

    /// <summary>What was typed for a trade, when it could not be taken.</summary>
    public string? TypedAt(int code) => _renamed?.Code == code ? _renamed.Name ?? "" : null;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostAsync(TradeForm form)
    {
        if (!Actor.May(Permission.EditInstitutions)) return Forbid();
        if (Accept(await save.AddAsync(form, Actor), out var added)) return After(new($"已新增工种：{added.Name}", $"Added: {added.Name}"));
        (NewCode, NewName) = (form.Code, form.Name);
        await LoadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostRenameAsync(TradeForm form)
    {
        if (!Actor.May(Permission.EditInstitutions)) return Forbid();
        if (Accept(await save.RenameAsync(form.Code ?? 0, form, Actor), out var renamed)) return After(new($"已改名：{renamed.Name}", $"Renamed: {renamed.Name}"));
        NameProblem = ModelState["name"]?.Errors.FirstOrDefault()?.ErrorMessage;
        ModelState.Clear(); // Else the form for a new trade would show what was typed for another.
        _renamed = form;
        await LoadAsync();
        return Page();
    }

    private LocalRedirectResult After(Words done)
    {
        Done = done.In(Speech.Language);
        return LocalRedirect("/programmes/trades");
    }

    private async Task LoadAsync()
    {
        Trades = await store.ListAsync();
        Policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
    }
}
