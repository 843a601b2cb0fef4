using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Voucher.E2E.Register;

/// <summary>Writes a 任务分解表 of townships as a county office does: a title, numbers as numbers, a 合计 below.</summary>
public static class BreakdownSpreadsheet
{
    /// <param name="total">What the last row says.</param>
    public static void Save(string path, int year, IReadOnlyList<(string Township, int People)> parts, int total)
    {
        using var document = SpreadsheetDocument.Create(path, SpreadsheetDocumentType.Workbook);
        var book = document.AddWorkbookPart();
        var sheet = book.AddNewPart<WorksheetPart>();
        var data = new SheetData(new Row(Text($"{year}年培训任务分解表")), new Row(Text("乡镇"), Text($"{year}年")));
        foreach (var (township, people) in parts) data.Append(new Row(Text(township), Number(people)));
        data.Append(new Row(Text("合计"), Number(total)));
        sheet.Worksheet = new Worksheet(data);
        book.Workbook = new Workbook(new Sheets(new Sheet { Id = book.GetIdOfPart(sheet), SheetId = 1, Name = "任务分解表" }));
        book.Workbook.Save();
    }

    private static Cell Text(string text) => new() { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(text)) };

    private static Cell Number(int number) => new() { CellValue = new CellValue(number.ToString(CultureInfo.InvariantCulture)) };
}
