using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Terminals;

/// <summary>The fleet as its page narrows it.</summary>
public sealed class FleetExport(FleetStore fleet) : ListExport("terminals", new("终端", "Terminals"), Permission.PairTerminal)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (institution, trouble) = (query.Number("institutionId"), query.Word("trouble"));
        if (!FleetList.IsTrouble(trouble)) trouble = null;
        var all = (await fleet.ListAsync(query.Now)).Select(row => new TerminalsModel.Line(row, FleetTrouble.Of(row, query.Now))).ToList();
        if (institution is { } id) query.Show("机构", "Institution", all.FirstOrDefault(line => line.Terminal.InstitutionId.Value == id)?.Terminal.InstitutionName ?? $"{id}");
        if (trouble is not null)
            query.Show("问题", "Trouble", trouble == FleetList.AnyTrouble ? new("有问题的", "any") : TerminalsModel.NameOf(Enum.Parse<TroubleKind>(trouble)));
        var columns = new Columns<TerminalsModel.Line>()
            .Text("终端", "Terminal", row => row.Terminal.Name, 20)
            .Text("机构", "Institution", row => row.Terminal.InstitutionName, 28)
            .Text("指纹", "Fingerprint", row => row.Terminal.Fingerprint, 24)
            .Words("状态", "State", row => TerminalWords.Name(row.Terminal.Status), 12)
            .Text("问题", "Troubles", row => string.Join('；', row.Troubles.Select(one => one.Reason.In(query.Language))), 40)
            .YesNo("在线", "Online", row => row.Terminal.IsOnline)
            .Moment("最近联系", "Last seen", row => row.Terminal.LastSeenAt)
            .Tally("待补送", "Waiting", Unit.Times, row => row.Terminal.ReportedAt is null ? null : row.Terminal.Waiting)
            .Tally("24小时扫码", "Scans in 24 h", Unit.Times, row => row.Terminal.Asked, 16)
            .Tally("24小时受理", "Accepted in 24 h", Unit.Times, row => row.Terminal.Accepted, 16)
            .Percent("受理率", "Accepted share", row => row.Terminal.SuccessPercent)
            .Number("时钟快", "Clock ahead", row => row.Terminal.ClockAheadSeconds, Unit.Seconds, 14)
            .Words("读码", "Reader", row => TerminalWords.Readers(row.Terminal))
            .Text("版本", "Version", row => row.Terminal.Version, 14)
            .Text("系统", "System", row => row.Terminal.System, 20)
            .Moment("配对时间", "Paired", row => row.Terminal.PairedAt);
        return ExportTable.Of(query, columns, FleetList.Choose(all, institution, trouble));
    }
}
