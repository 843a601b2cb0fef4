using Microsoft.AspNetCore.Authorization;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Institutions.Consequences;

/// <summary>警告通知书, 整改通知书, and the letter by which the licence is proposed to be withdrawn.</summary>
[Authorize(Policy = Permission.ReadRecoveries)]
public sealed class ConsequenceNoticeModel(ConsequenceReading consequences, ExportNotice export, County county) : NoticePage(export)
{
    protected override string Subject => $"consequence:{Id}";

    protected override async Task<NoticeSheet?> FindAsync()
    {
        if (await consequences.FindAsync(new ConsequenceId(Id), Actor) is not { Notice.Length: > 0 } known) return null;
        // The first agreement is the one that imposed it; later ones extended or lifted it.
        return NoticeSheet.OfConsequence(known, (await consequences.StepsAsync([known]))[known.Id].First(step => step.Step == ConsequenceStep.Confirm), county);
    }
}
