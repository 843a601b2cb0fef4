using Voucher.Core.Matching;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Matching;

/// <summary>Every list that was matched.</summary>
public sealed class MatchesExport(MatchStore matches) : ListExport("matches", new("精准比对", "Matchings"), Permission.ReadWholeRegister)
{
    private static readonly Columns<MatchState> Columns = new Columns<MatchState>()
        .Words("名单", "List", row => row.Source.Name(), 22)
        .Day("截至", "As of", row => row.AsOf)
        .Words("范围", "Extent", row => row.Extent, 12)
        .Text("文件", "File", row => row.FileName, 30)
        .Text("经办", "By", row => row.CreatedBy, 12)
        .Moment("时间", "When", row => row.CreatedAt)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .Tally("行数", "Rows", Unit.Rows, row => row.Rows)
        .Tally("在册", "Found", Unit.People, row => row.Found)
        .Tally("所载不同", "Differing", Unit.People, row => row.Differing)
        .Tally("未解除", "Standing", Unit.People, row => row.Standing)
        .Tally("沿用以前决定", "Answered as before", Unit.People, row => row.Carried)
        .Tally("由后来的名单取代、不再计", "Replaced by a later list, count no more", Unit.Rows, row => row.Ended)
        .Tally("少于以前、须确认", "Missing, to be confirmed", Unit.People, row => row.Held)
        .Text("确认人", "Confirmed by", row => row.ConfirmedBy, 12)
        .Tally("不在册", "Not found", Unit.Rows, row => row.NotFound)
        .Tally("无法读取", "Unreadable", Unit.Rows, row => row.Bad);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, (skip, take) => matches.NewestAsync(take, skip))));
}

/// <summary>Who of the register is in one list, as the page narrows it; masked.</summary>
public sealed class MatchHitsExport(MatchStore matches) : ListExport("match-hits", new("比对结果", "Hits of a matching"), Permission.ReadWholeRegister)
{
    private static readonly Columns<MatchHit> Columns = new Columns<MatchHit>()
        .Number("名单行号", "Row of the list", row => row.RowNumber)
        .Text("姓名", "Name", row => row.Name, 12)
        .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 22)
        .Text("乡镇", "Township", row => row.Township, 14)
        .Text("名单所载不同之处", "What the list says otherwise", row => row.Difference, 40)
        .Words("处理", "Standing", row => row.Stands ? new("未解除", "Standing") : row.EndedAt is null ? new("已解除", "Dismissed") : new("已被取代", "Replaced"), 12)
        .Text("解除人", "Dismissed by", row => row.DismissedBy, 12)
        .Moment("解除时间", "Dismissed", row => row.DismissedAt)
        .Text("理由", "Ground", row => row.DismissedReason, 30)
        .YesNo("沿用以前的决定", "Answered as before", row => row.IsCarried)
        .Day("由截至此日的名单取代", "Replaced by the list as of", row => row.EndedByAsOf);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (id, filter) = (query.Id("match"), query.Choice<HitFilter>("filter") ?? HitFilter.All);
        if (await matches.GetAsync(id) is not { Status: MatchStatus.Finished } match) return null;
        query.Show("名单", "List", match.Source.Name());
        query.Show("截至", "List as of", CountyTime.Show(match.AsOf));
        query.Show("筛选", "Which", filter.Name());
        return ExportTable.Of(
            query, Columns, PagedRows.Of(row => row.Id, async (skip, take) => (await matches.HitsAsync(id, filter, skip, take)).Hits), match.Source.Name().In(query.Language));
    }
}

/// <summary>Rows of one list that could not be read; nothing of a person is in them.</summary>
public sealed class MatchProblemsExport(MatchStore matches) : ListExport("match-problems", new("比对无法读取的行", "Unreadable rows of a matching"), Permission.ReadWholeRegister)
{
    private static readonly Columns<MatchProblem> Columns = new Columns<MatchProblem>()
        .Number("行号", "Row", row => row.RowNumber)
        .Text("列", "Column", row => row.ColumnName, 16)
        .Words("原因", "Reason", row => row.Reason, 50);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await matches.GetAsync(query.Id("match")) is not { } match) return null;
        query.Show("文件", "File", match.FileName);
        return ExportTable.Of(query, Columns, await matches.ProblemsAsync(match.Id, MatchLimits.MostProblems), match.FileName);
    }
}
