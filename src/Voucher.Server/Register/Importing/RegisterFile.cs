using System.Buffers.Binary;
using System.Text;

namespace Voucher.Server.Register.Importing;

/// <summary>An uploaded 花名册: the sheet that has the header, and the rows below it.</summary>
public sealed class RegisterFile
{
    private readonly Sheet _sheet;

    /// <summary>GB18030 of CSV files, and what the workbook reader falls back on, are not built in.</summary>
    static RegisterFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private RegisterFile(Sheet sheet, HeaderRow header, IReadOnlyList<string> otherSheets)
    {
        _sheet = sheet;
        Header = header;
        OtherSheets = otherSheets;
    }

    public HeaderRow Header { get; }

    public string SheetName => _sheet.Name;

    /// <summary>Names of the workbook's sheets that are not read.</summary>
    public IReadOnlyList<string> OtherSheets { get; }

    /// <summary>
    /// Rows with people, in order. A row with nothing but its running number is blank (forms come numbered), and a header that
    /// is repeated on every printed page is skipped.
    /// </summary>
    /// <exception cref="UnusableFileException">While enumerating: the file is damaged further down.</exception>
    public IEnumerable<SheetRow> DataRows() => _sheet.Rows
        .Where(row => row.Number > Header.LastRow && !IsBlank(row) && !Header.IsRepeatedBy(row));

    /// <summary>The first rows below the header, whatever its columns are.</summary>
    public IEnumerable<SheetRow> SampleRows(int count) => _sheet.Rows.Where(row => row.Number > Header.LastRow && row.Cells.Any(HasText)).Take(count);

    /// <summary>Rows below the header with anything in them: what there is to count before the columns are known.</summary>
    public IEnumerable<SheetRow> FilledRows() => Header.IsComplete ? DataRows() : _sheet.Rows.Where(row => row.Number > Header.LastRow && row.Cells.Any(HasText));

    public RegisterFile With(ColumnChoice choice) => new(_sheet, Header.With(choice), OtherSheets);

    /// <summary>The file with a header that says what its columns are.</summary>
    /// <exception cref="UnusableFileException">What is wrong with the file as a whole.</exception>
    public static RegisterFile Open(string fileName, byte[] content)
    {
        var sheets = OpenSheets(fileName, content);
        return FindHeader(sheets, HeaderRow.Find) ?? throw WithoutHeader(sheets);
    }

    /// <summary>The file with its header, or with what may be one and only a clerk can tell.</summary>
    /// <exception cref="UnusableFileException">What is wrong with the file as a whole.</exception>
    public static RegisterFile OpenAny(string fileName, byte[] content)
    {
        var sheets = OpenSheets(fileName, content);
        return FindHeader(sheets, HeaderRow.Find) ?? FindHeader(sheets, HeaderRow.Guess) ?? throw WithoutHeader(sheets);
    }

    /// <summary>The file as it was opened before, with the header as it was found then.</summary>
    /// <exception cref="UnusableFileException">What is wrong with the file as a whole.</exception>
    public static RegisterFile OpenAgain(string fileName, byte[] content, FileScreen screen, ColumnChoice choice)
    {
        var sheets = OpenSheets(fileName, content);
        // Of a CSV each separator is a nameless sheet: the one that cuts the header as it was cut.
        bool IsThatSheet(Sheet sheet) => sheet.Name == screen.Sheet && sheet.Rows.TakeWhile(row => row.Number <= screen.LastHeaderRow)
            .Any(row => row.Number == screen.LastHeaderRow && HeaderRow.TitlesOf(row).SequenceEqual(screen.Titles, StringComparer.Ordinal));
        var sheet = sheets.FirstOrDefault(IsThatSheet) ?? throw WithoutHeader(sheets);
        return new RegisterFile(sheet, screen.HeaderWith(choice), screen.OtherSheets);
    }

    private static IReadOnlyList<Sheet> OpenSheets(string fileName, byte[] content)
    {
        if (content.Length == 0) throw new UnusableFileException(new("文件是空的", "The file is empty"));
        if (content.Length > UploadLimits.LargestFileBytes) throw TooLarge();
        return SheetsOf(fileName, content);
    }

    private static RegisterFile? FindHeader(IReadOnlyList<Sheet> sheets, Func<IEnumerable<SheetRow>, HeaderRow?> find)
    {
        foreach (var sheet in sheets)
            if (find(sheet.Rows) is { } header)
                return new RegisterFile(sheet, header, [.. sheets.Where(other => other != sheet && other.Name.Length > 0).Select(other => other.Name)]);
        return null;
    }

    private static UnusableFileException WithoutHeader(IReadOnlyList<Sheet> sheets) =>
        sheets.All(sheet => !sheet.Rows.Any(row => row.Cells.Any(HasText)))
            ? new UnusableFileException(new("表是空的", "The sheet is empty"))
            : NoHeader();

    /// <summary>By what the bytes are; the name's ending must agree, so that nobody believes to have sent something else.</summary>
    internal static IReadOnlyList<Sheet> SheetsOf(string fileName, byte[] content)
    {
        var ending = Path.GetExtension(fileName).ToLowerInvariant();
        var isZip = content.AsSpan().StartsWith("PK"u8);
        if (IsCompoundDocument(content)) throw NotNewExcel(content);
        return ending switch
        {
            ".xlsx" when isZip => XlsxFile.Open(content),
            ".csv" when !isZip => CsvFile.Open(content),
            ".xlsx" => throw new UnusableFileException(new("扩展名是 .xlsx，但内容不是 Excel 工作簿", "The name ends in .xlsx but the content is no Excel workbook")),
            ".csv" => throw new UnusableFileException(new("扩展名是 .csv，但内容是 Excel 工作簿或压缩包", "The name ends in .csv but the content is a workbook or archive")),
            _ => throw new UnusableFileException(new("只接受 .xlsx 或 .csv 文件", "Only .xlsx or .csv files")),
        };
    }

    private static bool IsCompoundDocument(byte[] content) =>
        content.Length >= 8 && BinaryPrimitives.ReadUInt64BigEndian(content) == 0xD0CF11E0A1B11AE1;

    /// <summary>Old workbooks and encrypted new ones share a container; the encrypted has a stream of this name.</summary>
    private static UnusableFileException NotNewExcel(byte[] content) =>
        content.AsSpan().IndexOf("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"u8) >= 0
            ? new(new("文件有打开密码，请去掉密码后再上传", "The file has a password; remove it and upload again"))
            : new(new("这是旧版 .xls 格式，请另存为 .xlsx 后再上传", "This is the old .xls format; save it as .xlsx and upload again"));

    private bool IsBlank(SheetRow row) => Header.Columns
        .All(column => column.Key == RegisterColumn.Number || row.At(column.Value).IsBlank);

    /// <summary>A line of nothing but separators is one cell when it is cut by another separator.</summary>
    private static bool HasText(Cell cell) => cell.Text.AsSpan().Trim(",; \t").Length > 0;

    internal static UnusableFileException TooLarge() => new(new(
        $"文件超过 {UploadLimits.LargestFileBytes / 1024 / 1024} MB，请分成几个文件",
        $"The file is larger than {UploadLimits.LargestFileBytes / 1024 / 1024} MB; split it"));

    internal static UnusableFileException NoHeader() => new(new(
        $"前 {UploadLimits.HeaderWithinRows} 行里没有找到表头：至少要有“姓名”和“身份证号码”两列。若文字显示为乱码，请另存为“CSV UTF-8”",
        $"No header in the first {UploadLimits.HeaderWithinRows} rows: at least “姓名” and “身份证号码”. If the text looks garbled, save as “CSV UTF-8”"));
}
