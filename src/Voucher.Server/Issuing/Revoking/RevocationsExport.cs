using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Issuing.Revoking;

/// <summary>Revocations of many vouchers; a person's name is masked as on the page.</summary>
public sealed class RevocationsExport(NpgsqlDataSource database, County county)
    : ListExport("revocations", new("成批作废", "Revocations"), Permission.ReadBatches)
{
    private static readonly Columns<Revocation> Columns = new Columns<Revocation>()
        .Text("编号", "Number", row => $"{row.Id}", 10)
        .Words("范围", "Of", row => row.BatchId is not null ? new("批次", "a batch") : row.PersonId is not null ? new("一人", "a person") : new("机构", "an institution"), 10)
        .Text("名称", "Name", row => row.PersonId is null ? row.Name : PersonName.Masked(row.Name ?? ""), 30)
        .Text("理由", "Ground", row => row.Reason, 36)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .YesNo("含已报到", "Enrolled ones included", row => row.IncludesEnrolled)
        .Tally("拟作废", "To be revoked", Unit.Vouchers, row => row.Vouchers)
        .Tally("已作废", "Revoked", Unit.Vouchers, row => row.Revoked)
        .Text("提出人", "Proposed by", row => row.ProposedBy, 12)
        .Moment("提出时间", "Proposed", row => row.ProposedAt)
        .Text("审批人", "Decided by", row => row.DecidedBy, 12)
        .Moment("审批时间", "Decided", row => row.DecidedAt)
        .Text("审批意见", "Its ground", row => row.DecidedReason, 30);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) => Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, PageAsync)));

    private async Task<IReadOnlyList<Revocation>> PageAsync(int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await RevocationStore.ListAsync(connection, county.Region, skip, take);
    }
}
