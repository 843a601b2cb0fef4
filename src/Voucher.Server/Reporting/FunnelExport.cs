using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Reporting;

/// <summary>The funnel as the live page shows it: steps, then the ways out.</summary>
public sealed class FunnelExport(FunnelStore funnels) : ListExport("funnel", new("培训券漏斗", "Voucher funnel"), Permission.WatchLive)
{
    private sealed record Row(Words Label, bool IsStep, long Count, decimal? OfBefore, decimal? OfFirst);

    private static readonly Columns<Row> Columns = new Columns<Row>()
        .Words("步骤", "Step", row => row.Label, 22)
        .Words("类别", "Kind", row => row.IsStep ? new("进展", "step") : new("退出", "exit"), 10)
        .Tally("券数", "Vouchers", Unit.Vouchers, row => row.Count)
        .Percent("占上一步", "Of the step before", row => row.OfBefore, 18)
        .Percent("占第一步", "Of the first step", row => row.OfFirst, 18);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var batch = query.Actor.IsCounty ? query.Number("batch") : null;
        if (batch is { } id) query.Show("批次", "Batch", (await funnels.BatchesAsync()).FirstOrDefault(one => one.Id.Value == id)?.Name ?? $"{id}");
        var funnel = query.Actor.Institution is { } institution
            ? await funnels.OfInstitutionAsync(institution)
            : await funnels.OfCountyAsync(batch is { } wanted ? new BatchId(wanted) : null);
        return ExportTable.Of(query, Columns, funnel.Steps().Select(step => new Row(step.Label, true, step.Count, step.OfBefore, step.OfFirst))
            .Concat(funnel.Exits().Select(exit => new Row(exit.Label, false, exit.Count, null, null))));
    }
}
