using System.Globalization;
using Voucher.Core.Matching;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Matching;

/// <summary>
/// What the county sends back to the office whose list it was: who was found, by the row of their own list, what differs, and
/// what the county has decided. Numbers are masked: the other office has them by the row.
/// </summary>
public sealed class FeedbackFile(MatchStore matches)
{
    private const int PageRows = 5_000;
    private static readonly string[] Header = ["名单行号", "姓名", "身份证号码（遮盖）", "乡镇", "比对结果", "名单所载不同之处", "处理", "处理日期", "理由"];

    public async Task<MemoryStream> WriteAsync(MatchState match)
    {
        List<MatchHit> hits = [];
        for (var skip = 0; ; skip += PageRows)
        {
            var (page, _) = await matches.HitsAsync(match.Id, HitFilter.All, skip, PageRows);
            hits.AddRange(page);
            if (page.Count < PageRows) break;
        }
        var file = new MemoryStream();
        TextSheet.Write(file, "比对反馈", Header.Length, [.. Heading(match), .. hits.Select(Row)]);
        file.Position = 0;
        return file;
    }

    private static IEnumerable<IReadOnlyList<string>> Heading(MatchState match) =>
    [
        [$"{match.Source.Name().Zh}比对反馈（名单截至 {CountyTime.Show(match.AsOf)}）"],
        [$"名单 {match.Rows} 行：登记册中有 {match.Found} 人，其中所载不同 {match.Differing} 人；登记册中没有 {match.NotFound} 行；无法读取 {match.Bad} 行"],
        Header,
    ];

    private static string[] Row(MatchHit hit) =>
    [
        hit.RowNumber?.ToString(CultureInfo.InvariantCulture) ?? "", hit.Name, hit.IdNumberMasked, hit.Township ?? "",
        hit.Difference.Length > 0 ? "在册，所载不同" : "在册", hit.Difference, hit.Stands ? "待核实" : "已解除",
        hit.DismissedAt is { } at ? CountyTime.Show(CountyTime.DayOf(at)) : "", hit.DismissedReason ?? "",
    ];
}
