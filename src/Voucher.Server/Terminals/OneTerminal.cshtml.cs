using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Wire;
using Voucher.Server.Portal;

namespace Voucher.Server.Terminals;

/// <summary>One terminal: how it stands and stood, where it was, what was done with it; and what may be done.</summary>
[Authorize(Policy = Permission.PairTerminal)]
public sealed class OneTerminalModel(
    FleetStore fleet, TerminalReportStore reports, TerminalPlaceStore places, TerminalStore terminals, KeepTerminal keep, PairTerminal pairing, TimeProvider clock) : PortalPage
{
    public FleetRow Terminal { get; private set; } = null!;

    public IReadOnlyList<FleetTrouble> Troubles { get; private set; } = [];

    public ReportChart Chart { get; private set; } = null!;

    public IReadOnlyList<TerminalPlaceStore.Place> Places { get; private set; } = [];

    public IReadOnlyList<(DateTimeOffset At, string? Who, string Action, string Detail)> Acts { get; private set; } = [];

    public IReadOnlyList<(InstitutionId Id, string Name)> Institutions { get; private set; } = [];

    /// <summary>For a device that takes this one's place; shown this once.</summary>
    public string? Code { get; private set; }

    public bool IsConfirmed => Terminal.Status is TerminalStatus.Active or TerminalStatus.Quarantined;

    public async Task<IActionResult> OnGetAsync(int id)
    {
        var now = clock.GetUtcNow();
        if (await fleet.FindAsync(new TerminalId(id), now) is not { } terminal) return NotFound();
        Terminal = terminal;
        Troubles = FleetTrouble.Of(terminal, now);
        Chart = ReportChart.Of(await reports.HoursAsync(terminal.Id, ReportChart.Since(now)), now);
        Places = await places.ListAsync(terminal.Id);
        Acts = await fleet.ActsAsync(terminal.Id);
        Institutions = [.. (await terminals.InstitutionsAsync()).Where(institution => institution.Id != terminal.InstitutionId)];
        return Page();
    }

    public async Task<IActionResult> OnPostRenameAsync(int id, string? name) =>
        await AfterAsync(id, await keep.RenameAsync(Actor, new TerminalId(id), name), new("已改名", "Renamed"));

    public async Task<IActionResult> OnPostMoveAsync(int id, int? institutionId, string? reason) =>
        await AfterAsync(id, await keep.MoveAsync(Actor, new TerminalId(id), institutionId, reason), new("已调往新机构", "Moved"));

    public async Task<IActionResult> OnPostReplaceAsync(int id)
    {
        if (Accept(await pairing.NewCodeToReplaceAsync(Actor, new TerminalId(id)), out var code)) Code = code;
        return await OnGetAsync(id);
    }

    public async Task<IActionResult> OnPostConfirmAsync(int id) =>
        await AfterAsync(id, await pairing.ConfirmAsync(Actor, new TerminalId(id)), new("终端已启用", "The terminal is active"));

    public async Task<IActionResult> OnPostRevokeAsync(int id) =>
        await AfterAsync(id, await pairing.RevokeAsync(Actor, new TerminalId(id)), new("终端已停用", "The terminal is revoked"));

    private async Task<IActionResult> AfterAsync(int id, Outcome<Nothing> outcome, Words done)
    {
        if (outcome is Outcome<Nothing>.Refused({ Code: RefusalCode.NotFound })) return NotFound();
        if (!Accept(outcome)) return await OnGetAsync(id);
        Done = done.In(Speech.Language);
        return LocalRedirect($"/terminals/{id}");
    }
}
