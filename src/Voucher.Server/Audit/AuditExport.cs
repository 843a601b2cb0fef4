using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Audit;

/// <summary>The audit trail as the page narrows it, newest first, each entry with its hash.</summary>
public sealed class AuditExport(AuditStore trail) : ListExport("audit", new("审计记录", "Audit trail"), Permission.ReadAudit)
{
    private static readonly Columns<AuditStore.Line> Columns = new Columns<AuditStore.Line>()
        .Number("序号", "No.", row => row.Number)
        .Moment("时间", "Time", row => row.At)
        .Words("何人", "Who", row => row.Who is { } name ? new(name, name) : new("系统", "System"))
        .Text("账号", "Log-in", row => row.Login, 14)
        .Text("从何处", "From", row => row.Origin, 16)
        .Words("事项", "Action", row => DeedWords.Name(row.Action), 22)
        .Text("事项代码", "Action code", row => row.Action, 22)
        .Text("对象", "Subject", row => row.Subject, 20)
        .Text("说明", "Detail", row => row.Detail, 40)
        .Text("依据", "Ground", row => row.Ground, 30)
        .Text("摘要", "SHA-256", row => Convert.ToHexStringLower(row.Hash), 40);

    public override Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var wish = new AuditStore.Wish(null, query.Word("what", AuditTrail.LongestAction), query.Day("from"), query.Day("until"));
        query.Show("事项", "Action", wish.Action);
        query.Show("从", "From", wish.From is { } from ? CountyTime.Show(from) : null);
        query.Show("到", "Until", wish.Until is { } until ? CountyTime.Show(until) : null);
        return Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, AllAsync(wish)));
    }

    /// <summary>By the number of the last entry read, so that entries made meanwhile move nothing.</summary>
    private async IAsyncEnumerable<AuditStore.Line> AllAsync(AuditStore.Wish wish)
    {
        while (true)
        {
            var page = await trail.ReadAsync(wish, PagedRows.PageSize);
            foreach (var line in page) yield return line;
            if (page.Count < PagedRows.PageSize) yield break;
            wish = wish with { Before = page[^1].Number };
        }
    }
}
