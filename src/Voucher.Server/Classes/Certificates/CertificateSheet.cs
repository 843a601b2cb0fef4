using Voucher.Server.Planning.Breakdown;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Classes.Certificates;

/// <summary>
/// A 颁证花名册 that was filled in and handed in (.xlsx or .csv): the columns are found by their titles, so the list that the system
/// exports can be filled in as it is. Rows without a number are left out, and so are those that the system has numbered itself.
/// </summary>
public sealed class CertificateSheet
{
    public const int LargestFileBytes = 2 * 1024 * 1024;

    private static readonly (string Part, string[] Titles)[] Columns =
    [
        ("voucherNumber", ["券号", "准考证号（券号）", "准考证号(券号)", "准考证号", "Voucher"]),
        ("kind", ["证书种类", "证书类别", "Kind"]),
        ("number", ["证书编号", "编号", "Number"]),
        ("issuer", ["发证机关", "发证单位", "Issuer"]),
        ("issuedOn", ["发证日期", "Issued on"]),
    ];

    private readonly List<int> _rows = [];
    private readonly Dictionary<string, int> _columnOf;

    private CertificateSheet(Dictionary<string, int> columnOf) => _columnOf = columnOf;

    public List<CertificateForm?> Forms { get; } = [];

    /// <summary>As Excel names the cell: <c>H7</c>.</summary>
    public string CellOf(int index, string part) => CellProblem.NameOf(_rows[index], _columnOf[part]);

    /// <exception cref="UnusableFileException">What is wrong with the file as a whole.</exception>
    public static CertificateSheet Read(string fileName, byte[] content)
    {
        if (content.Length == 0) throw new UnusableFileException(new("文件是空的", "The file is empty"));
        foreach (var sheet in RegisterFile.SheetsOf(fileName, content))
        {
            CertificateSheet? found = null;
            foreach (var row in sheet.Rows)
            {
                if (found is not null) found.Take(row);
                else if (row.Number > UploadLimits.HeaderWithinRows) break;
                else if (ColumnsOf(row) is { } columns) found = new CertificateSheet(columns);
                if (found is { Forms.Count: > RecordCertificates.Most })
                    throw new UnusableFileException(new($"超过 {RecordCertificates.Most} 行", $"More than {RecordCertificates.Most} rows"));
            }
            if (found is not null) return found;
        }
        throw new UnusableFileException(new(
            $"前 {UploadLimits.HeaderWithinRows} 行里没有找到表头：要有“券号”“证书种类”“证书编号”“发证机关”“发证日期”五列",
            $"No header in the first {UploadLimits.HeaderWithinRows} rows: the columns “券号”, “证书种类”, “证书编号”, “发证机关” and “发证日期” are needed"));
    }

    private static Dictionary<string, int>? ColumnsOf(SheetRow row)
    {
        Dictionary<string, int> found = new(StringComparer.Ordinal);
        foreach (var (at, cell) in row.Cells.Index())
            foreach (var (part, titles) in Columns)
                if (titles.Contains(cell.Clean(), StringComparer.Ordinal)) found.TryAdd(part, at);
        return found.Count == Columns.Length ? found : null;
    }

    private void Take(SheetRow row)
    {
        string? Of(string part) => row.At(_columnOf[part]).Clean();
        if (string.IsNullOrEmpty(Of("number")) && string.IsNullOrEmpty(Of("issuer"))) return;
        if (Core.Classes.Certificates.Read(Of("kind")) == Core.Classes.CertificateKind.Completion) return;
        _rows.Add(row.Number);
        Forms.Add(new CertificateForm(Of("voucherNumber"), Of("kind"), Of("number"), Of("issuer"), Of("issuedOn")));
    }
}
