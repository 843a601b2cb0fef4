using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Voucher.E2E.Register;

/// <summary>Writes a 花名册 as a township's Excel does.</summary>
public static class RosterSpreadsheet
{
    private static readonly string[] Columns = ["序号", "姓名", "性别", "学历", "身份证号码", "联系电话", "户口所在地", "户口性质", "乡镇", "人员类别"];

    /// <param name="badNumber">Stands in a last row of its own as somebody's identity number.</param>
    public static void Save(string path, string township, IEnumerable<Villager> villagers, string badNumber)
    {
        using var document = SpreadsheetDocument.Create(path, SpreadsheetDocumentType.Workbook);
        var book = document.AddWorkbookPart();
        var sheet = book.AddNewPart<WorksheetPart>();
        var data = new SheetData(RowOf(Columns));
        var number = 0;
        foreach (var villager in villagers.Append(new Villager("高写错", badNumber, "13950000000", $"甘肃省东乡族自治县{township}")))
            data.Append(RowOf([$"{++number}", villager.Name, villager.IdNumber[16] % 2 == 1 ? "男" : "女", "初中", villager.IdNumber, villager.Phone, villager.Place, "农业", township, "青年"]));
        sheet.Worksheet = new Worksheet(data);
        book.Workbook = new Workbook(new Sheets(new Sheet { Id = book.GetIdOfPart(sheet), SheetId = 1, Name = "花名册" }));
        book.Workbook.Save();
    }

    private static Row RowOf(IEnumerable<string> cells) => new(cells.Select(text =>
        new Cell { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(text)) }));
}
