using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Wire;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Journals.Faults;

/// <summary>One terminal's journal: what came in, what cannot be right in it and why, and the decisions on that.</summary>
[Authorize(Policy = Permission.ReadJournals)]
public sealed class TerminalJournalModel(TerminalJournalReading journals, ReleaseTerminal release, JudgeEntries judge) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    [BindProperty(Name = "p", SupportsGet = true)]
    public int? AskedPage { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>The suspect entries that were ticked.</summary>
    [BindProperty]
    public List<Guid> Scans { get; set; } = [];

    public TerminalJournal Journal { get; private set; } = null!;
    public IReadOnlyList<FaultRow> Faults { get; private set; } = [];
    public IReadOnlyList<SuspectEntry> Suspects { get; private set; } = [];
    public IReadOnlyList<JournalLine> Lines { get; private set; } = [];

    public int PageNumber => ListPage.Clamp(AskedPage);
    public bool HasMore => (long)PageNumber * TerminalJournalReading.PageSize < Journal.Entries;
    public bool IsQuarantined => Journal.Status == TerminalStatus.Quarantined;
    public bool HasOpenFaults => Faults.Any(fault => fault.DecidedAt is null);

    /// <summary>Whether the faults of this terminal want a decision that the reader may take.</summary>
    public bool MayRelease => Actor.May(Permission.ReleaseTerminal) && (IsQuarantined || (HasOpenFaults && Journal.Status == TerminalStatus.Active));
    public bool MayJudge => Actor.May(Permission.JudgeEntries);

    /// <summary>Which of the two forms was sent, so that what was wrong stands beside it.</summary>
    public string? Tried { get; private set; }

    public string? FaultOf(string form, string field) =>
        Tried == form && ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostReleaseAsync()
    {
        if (!Actor.May(Permission.ReleaseTerminal)) return Forbid();
        Tried = "release";
        if (!Accept(await release.RunAsync(new TerminalId(Id), Reason, Actor))) return await ShowAsync();
        return Say(new("已记录。被隔离的终端几分钟内自动恢复工作。", "Recorded. A terminal that was stopped goes on by itself within minutes."));
    }

    public async Task<IActionResult> OnPostJudgeAsync(string? verdict)
    {
        if (!MayJudge) return Forbid();
        Tried = "judge";
        var accepts = JudgeEntries.ReadVerdict(verdict);
        if (!Accept(await judge.RunAsync(new TerminalId(Id), Scans, accepts, Reason, Actor), out var count)) return await ShowAsync();
        return Say(accepts == true
            ? new($"{count} 条记录已采用并入账。", $"{count} entries are let in and merged.")
            : new($"{count} 条记录未采用，终端会收到原因。", $"{count} entries are refused; the desk is told why."));
    }

    private LocalRedirectResult Say(Words done)
    {
        Done = done.In(Speech.Language);
        return LocalRedirect($"/terminals/{Id}/journal");
    }

    private async Task<IActionResult> ShowAsync()
    {
        var id = new TerminalId(Id);
        if (await journals.FindAsync(id) is not { } journal) return NotFound();
        Journal = journal;
        Faults = await journals.FaultsAsync(id);
        Suspects = await journals.SuspectsAsync(id);
        Lines = await journals.EntriesAsync(id, (PageNumber - 1) * TerminalJournalReading.PageSize);
        return Page();
    }
}
