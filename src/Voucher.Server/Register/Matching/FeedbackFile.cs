using Voucher.Core.Matching;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Matching;

/// <summary>
/// What the county sends back to the office whose list it was: who was found, by the row of their own list, what differs, and
/// what the county has decided. Numbers are masked: the other office has them by the row.
/// </summary>
public sealed class FeedbackFile(MatchStore matches)
{
    private static readonly Columns<MatchHit> Columns = new Columns<MatchHit>()
        .Number("名单行号", "Row of the list", row => row.RowNumber)
        .Text("姓名", "Name", row => row.Name, 12)
        .Text("身份证号码（遮盖）", "Identity number, masked", row => row.IdNumberMasked, 22)
        .Text("乡镇", "Township", row => row.Township, 14)
        .Text("比对结果", "Result", row => row.Difference.Length > 0 ? "在册，所载不同" : "在册", 16)
        .Text("名单所载不同之处", "What the list says otherwise", row => row.Difference, 40)
        .Text("处理", "Standing", row => row.Stands ? "待核实" : row.EndedAt is null ? "已解除" : "已由后来的名单取代", 18)
        .Day("处理日期", "Decided", row => (row.DismissedAt ?? row.EndedAt) is { } at ? CountyTime.DayOf(at) : null)
        .Text("理由", "Ground", row => row.DismissedReason, 30);

    /// <summary>In Chinese: it is another office's.</summary>
    public StreamedSheet Of(MatchState match, string fileName) => StreamedSheet.Of(
        fileName, "比对反馈", "zh", Columns, PagedRows.Of(row => row.Id, async (skip, take) => (await matches.HitsAsync(match.Id, HitFilter.All, skip, take)).Hits),
        ("名单", SheetCell.OfText(match.Source.Name().Zh)),
        ("名单截至", SheetCell.OfDay(match.AsOf)),
        ("名单（行）", SheetCell.OfCount(match.Rows)),
        ("登记册中有（人）", SheetCell.OfCount(match.Found)),
        ("其中所载不同（人）", SheetCell.OfCount(match.Differing)),
        ("登记册中没有（行）", SheetCell.OfCount(match.NotFound)),
        ("无法读取（行）", SheetCell.OfCount(match.Bad)));
}
