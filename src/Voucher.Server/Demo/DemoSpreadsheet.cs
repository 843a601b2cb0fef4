using System.Globalization;
using System.Text;
using Voucher.Server.Register;
using Voucher.Server.Register.Importing;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Demo;

/// <summary>One error that was put into a spreadsheet on purpose.</summary>
/// <param name="Row">As Excel counts.</param>
public sealed record PlantedError(int Row, RegisterColumn Column);

/// <summary>
/// A 花名册 of made-up people for trying the import, some rows wrong on purpose. Its title row says what it is, and the import
/// then marks the people.
/// </summary>
public sealed class DemoSpreadsheet
{
    /// <summary>The title and the header.</summary>
    private const int RowsAbove = 2;

    private readonly List<PlantedError> _planted = [];

    /// <param name="badPercent">0 to 100; of every hundred rows about so many are wrong, each in one column.</param>
    public DemoSpreadsheet(int people, double badPercent, DateOnly today)
    {
        var due = 0.0;
        List<IReadOnlyList<string>> rows = [["农村劳动力培训花名册（" + HeaderRow.DemoMark + "）"], Template.Header];
        for (var index = 0; index < people; index++)
        {
            var row = RowOf(index, today);
            if ((due += badPercent) >= 100)
            {
                due -= 100;
                Spoil(row, rows.Count + 1, rows);
            }
            rows.Add(row);
        }
        Rows = rows;
    }

    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    public IReadOnlyList<PlantedError> Planted => _planted;

    /// <summary>As .xlsx or .csv (UTF-8), by the file's ending.</summary>
    public void Save(Stream to, bool asCsv)
    {
        if (!asCsv)
        {
            TextSheet.Write(to, "花名册", Template.Header.Count, Rows);
            return;
        }
        using var writer = new StreamWriter(to, new UTF8Encoding(true), leaveOpen: true) { NewLine = "\r\n" };
        foreach (var row in Rows) writer.WriteLine(string.Join(',', row)); // Generated text has no comma and no quotation mark.
    }

    private static string[] RowOf(int index, DateOnly today)
    {
        var person = DemoPeople.At(DemoPeople.SpreadsheetSeed, index);
        var township = DemoPlaces.Townships.First(place => place.Code == person.Township).Name;
        return
        [
            (index + 1).ToString(CultureInfo.InvariantCulture), person.Name, person.Number.IsMale ? "男" : "女", person.Education!,
            person.Number.AgeOn(today).ToString(CultureInfo.InvariantCulture), person.Number.Reveal(), person.Phone!,
            person.HouseholdPlace!, person.HouseholdKind!, person.PledgedEmployer!, township, string.Join('、', person.Categories!),
            person.Number.BirthDate.ToString("yyyy年M月d日", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"YS{index / 3:D6}"),
            index % 3 == 0 ? PersonRecord.Head : "家庭成员", index % 5 == 0 ? "技能劳动力" : "普通劳动力", "", index % 4 == 0 ? "务农" : "未就业", "",
        ];
    }

    private void Spoil(string[] row, int rowNumber, List<IReadOnlyList<string>> above)
    {
        var number = row[(int)RegisterColumn.IdNumber];
        var column = (_planted.Count % 9) switch
        {
            0 => Put(RegisterColumn.IdNumber, number[..17] + (number[17] == '1' ? '2' : '1')),
            1 => Put(RegisterColumn.Phone, "12345"),
            2 => Put(RegisterColumn.Sex, row[(int)RegisterColumn.Sex] == "男" ? "女" : "男"),
            3 => Put(RegisterColumn.Township, "虚构镇"),
            4 => Put(RegisterColumn.Name, ""),
            5 => Repeat(above[RowsAbove]),
            6 => Put(RegisterColumn.BirthDate, "1900年1月1日"),
            7 => Put(RegisterColumn.LabourAbility, "很强"),
            _ => Put(RegisterColumn.IdNumber, number[..15]),
        };
        _planted.Add(new(rowNumber, column));

        RegisterColumn Repeat(IReadOnlyList<string> earlier)
        {
            for (var at = 1; at < row.Length; at++) row[at] = earlier[at];
            return RegisterColumn.IdNumber;
        }

        RegisterColumn Put(RegisterColumn at, string text)
        {
            row[(int)at] = text;
            return at;
        }
    }
}
