using System.Globalization;
using System.Net;
using System.Text;
using Voucher.Core.Classes;
using Voucher.Server.Issuing.Printing;

namespace Voucher.Server.Classes.Certificates;

/// <summary>The 颁证花名册 on A4 across, as a PDF; in the columns of the form, with room to sign.</summary>
public sealed class CertificatesPdf(PdfPrinter printer, ServerSettings settings)
{
    private static readonly string[] Titles =
        ["序号", "姓名", "性别", "出生日期", "身份证号码", "准考证号（券号）", "理论", "实作", "证书种类", "证书编号", "发证机关", "发证日期", "领证签字"];

    public async Task<Outcome<byte[]>> MakeAsync(TrainingClass known, IReadOnlyList<CertificateRow> rows, Actor actor, CancellationToken cancel) =>
        settings.Chromium is null
            ? Refusal.Of(RefusalCode.NoPdfPrinter)
            : await printer.PrintAsync(PageOf(known, rows, actor), cancel);

    internal static string PageOf(TrainingClass known, IReadOnlyList<CertificateRow> rows, Actor actor)
    {
        var page = new StringBuilder("""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>颁证花名册</title><style>
            @page { size: A4 landscape; margin: 10mm } body { font: 11px sans-serif } h1 { font-size: 18px; text-align: center; margin: 0 0 6px }
            table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #000; padding: 3px 4px } thead { display: table-header-group }
            tr { break-inside: avoid } td:last-child { min-width: 18mm }
            </style></head><body><h1>颁证花名册</h1>
            """);
        page.Append(CultureInfo.InvariantCulture, $"<p>{Text(known.Institution)} · {Text(known.Name)} · {Text(known.Programme)} · {CountyTime.Show(known.StartsOn)} – {CountyTime.Show(known.EndsOn)}</p><table><thead><tr>");
        foreach (var title in Titles) page.Append(CultureInfo.InvariantCulture, $"<th>{title}</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var (index, row) in rows.Index())
        {
            page.Append("<tr>");
            foreach (var cell in CellsOf(index, row, actor)) page.Append(CultureInfo.InvariantCulture, $"<td>{Text(cell)}</td>");
            page.Append("</tr>");
        }
        return page.Append("</tbody></table></body></html>").ToString();
    }

    private static string?[] CellsOf(int index, CertificateRow row, Actor actor) =>
    [
        (index + 1).ToString(CultureInfo.InvariantCulture), CertificatesExport.NameFor(actor, row), row.IsMale ? "男" : "女",
        CertificatesExport.MaySeeAll(actor) ? CountyTime.Show(row.BirthDate) : null, row.IdNumberMasked, row.Voucher.ToString(),
        row.TheoryScore?.ToString(CultureInfo.InvariantCulture), row.PracticeScore?.ToString(CultureInfo.InvariantCulture),
        row.Kind?.Name().Zh, row.Number, row.Issuer, row.IssuedOn is { } day ? CountyTime.Show(day) : null, null,
    ];

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
