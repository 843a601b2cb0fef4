using Voucher.Core.Journals;
using Voucher.Server.Reporting;
using Voucher.Server.Terminals;

namespace Voucher.Server.Journals.Conflicts;

/// <summary>Tells the desks of a decided case, and the county's live pages of every step.</summary>
public sealed class ConflictNews(LiveFeed feed, TerminalNotices notices, TimeProvider clock)
{
    public async Task TellAsync(long id, ConflictStepKind kind, LockedConflict found, IReadOnlyList<InstitutionId> institutions)
    {
        foreach (var institution in institutions) await notices.SetupChangedAsync(institution);
        var outcome = found.ProposedScan is null ? ConflictOutcome.NoneUpheld : ConflictOutcome.Upheld;
        var said = kind == ConflictStepKind.Decided ? outcome.Name() : kind.Name();
        var number = ConflictCase.NumberOf(id);
        await feed.PublishAsync(new LiveEvent(
            LiveEventKind.Conflict, clock.GetUtcNow(), new Words($"报到争议 {number}：{said.Zh}", $"Contested enrolment {number}: {said.En}"),
            Institution: null, found.VoucherId.ToString()));
    }
}
