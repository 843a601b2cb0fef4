using Microsoft.AspNetCore.Authorization;

namespace Voucher.Server.Settling.Recovering;

/// <summary>追回通知书.</summary>
[Authorize(Policy = Permission.ReadRecoveries)]
public sealed class RecoveryNoticeModel(RecoveryReading recoveries, ExportNotice export, County county) : NoticePage(export)
{
    protected override string Subject => $"recovery:{Id}";

    protected override async Task<NoticeSheet?> FindAsync() =>
        await recoveries.FindAsync(new RecoveryId(Id), Actor) is { Summary.Notice.Length: > 0 } known ? NoticeSheet.OfRecovery(known, county) : null;
}
