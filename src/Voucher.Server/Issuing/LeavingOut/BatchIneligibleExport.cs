using Voucher.Core.Issuing;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Policies;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>Who of a batch may no longer have a voucher, and why; identity numbers masked as on the page.</summary>
public sealed class BatchIneligibleExport(NpgsqlDataSource database, PolicyStore policies, County county)
    : ListExport("batch-ineligible", new("批次中已不符合条件的人", "No longer eligible in a batch"), Permission.ReadBatches)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = new BatchId(query.Id("batch"));
        if (!IneligibleReader.MayRead(query.Actor)) return null;
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is not { } batch || !IneligibleReader.IsOpen(batch)) return null;
        query.Show("批次", "Batch", batch.Name);
        var policy = await policies.GetAsync(batch.PolicyId);
        var columns = new Columns<JudgedPerson>()
            .Text("姓名", "Name", row => row.Name, 12)
            .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 22)
            .Text("乡镇", "Township", row => row.Township, 14)
            .Text("村", "Village", row => row.Village, 14)
            .Text("户口所在地", "Household", row => row.HouseholdPlace, 26)
            .Text("原因", "Why not", row => string.Join('；', row.Reasons.Select(reason => reason.Name(policy.Parameters).In(query.Language))), 40)
            .Text("依据", "Rests on", row => policy.RuleOf(row.Reasons.First().ClauseOf()).ToString(), 40);
        return ExportTable.Of(query, columns, AllAsync(JudgementQuestion.Of(county.Region, batch, policy, query.Today)), batch.Name);
    }

    private async IAsyncEnumerable<JudgedPerson> AllAsync(JudgementQuestion question)
    {
        await using var connection = await database.OpenConnectionAsync();
        await foreach (var person in JudgementStore.ReadAsync(connection, question, new JudgedFilter(false))) yield return person;
    }
}
