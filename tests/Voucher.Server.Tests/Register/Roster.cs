using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Voucher.Core.People;
using Voucher.Server.Demo;

namespace Voucher.Server.Tests.Register;

/// <summary>Builds real 花名册 files, right and wrong ones, and people of a test's own to put into them.</summary>
public static class Roster
{
    private static int _nextPerson = 100_000;

    public static readonly string[] Header =
        ["序号", "姓名", "性别", "学历", "年龄", "身份证号码", "联系电话", "户口所在地", "户口性质", "就业安排承诺单位", "乡镇", "人员类别"];

    /// <summary>Titles by their columns, those that the county may add among them.</summary>
    public static string TitleOf(Voucher.Server.Register.Importing.RegisterColumn column) =>
        Voucher.Server.Register.Importing.RegisterColumns.Title(column);

    public const int Name = 1, Sex = 2, Education = 3, Age = 4, IdNumber = 5, Phone = 6, Place = 7, Kind = 8, Employer = 9, Township = 10, Categories = 11;

    /// <summary>A valid number that no other test has.</summary>
    public static IdNumber NewNumber() => DemoPeople.At(seed: 3, Interlocked.Increment(ref _nextPerson)).Number;

    /// <summary>A good row of a person who may have had a number of the first generation.</summary>
    public static string[] RowOfLastCentury()
    {
        while (true)
            if (Row() is var row && row[IdNumber][6] == '1' && string.CompareOrdinal(row[IdNumber][14..17], "995") <= 0) return row;
    }

    /// <summary>A good row of a new person, with the given cells replaced.</summary>
    public static string[] Row(params (int Column, string Text)[] changes)
    {
        var number = NewNumber();
        string[] row = ["1", "马小梅", number.IsMale ? "男" : "女", "初中", "", number.Reveal(), "15400000001", "东乡县锁南镇示例村", "农业户口", "", "锁南镇", "建档立卡、妇女"];
        foreach (var (column, text) in changes) row[column] = text;
        return row;
    }

    public static byte[] Csv(params IEnumerable<string[]> rows) => Encoding.UTF8.GetBytes(CsvText(rows));

    public static string CsvText(params IEnumerable<string[]> rows) => string.Concat(rows.Select(row => string.Join(',', row.Select(Quote)) + "\r\n"));

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static byte[] Xlsx(params IEnumerable<string[]> rows) => Book(book => book.Sheet("花名册", rows));

    public static byte[] Book(Action<Builder> build)
    {
        using var file = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            workbook.Workbook = new Workbook(new Sheets());
            build(new Builder(workbook));
        }
        return file.ToArray();
    }

    public sealed class Builder(WorkbookPart workbook)
    {
        public SheetData Sheet(string name, IEnumerable<string[]> rows)
        {
            var part = workbook.AddNewPart<WorksheetPart>();
            var data = new SheetData();
            part.Worksheet = new Worksheet(data);
            var sheets = workbook.Workbook.Sheets!;
            sheets.Append(new Sheet { Id = workbook.GetIdOfPart(part), SheetId = (uint)sheets.Count() + 1, Name = name });
            foreach (var row in rows) Add(data, row);
            return data;
        }

        public static Row Add(SheetData data, string[] cells, uint? number = null)
        {
            var row = new Row { RowIndex = number ?? ((data.Elements<Row>().LastOrDefault()?.RowIndex?.Value ?? 0) + 1) };
            for (var column = 0; column < cells.Length; column++)
                if (cells[column].Length > 0)
                    row.Append(new Cell { CellReference = Address(column, row.RowIndex!), DataType = CellValues.String, CellValue = new CellValue(cells[column]) });
            data.Append(row);
            return row;
        }

        public static Cell CellAt(SheetData data, int row, int column) =>
            data.Descendants<Cell>().Single(cell => cell.CellReference == Address(column, (uint)row));

        private static string Address(int column, UInt32Value row) => $"{(char)('A' + column)}{row.Value}";
    }
}
