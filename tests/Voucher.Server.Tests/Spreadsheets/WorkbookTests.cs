using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Tests.Spreadsheets;

public sealed partial class WorkbookTests
{
    private static readonly IReadOnlyList<SheetColumn> OneText = [new("甲", CellKind.Text, 10)];

    [Fact]
    public void Every_kind_of_cell_comes_back_as_what_it_is_in_a_valid_file()
    {
        var columns = new Columns<int>()
            .Text("编号", "Code", _ => "622926199001011234567").Number("年龄", "Age", _ => 35, Unit.Age).Tally("人数", "People", Unit.People, _ => 54_115)
            .Money("面值", "Face value", _ => new Fen(123_456_789_01)).Percent("占比", "Share", _ => 85.3m).Day("日期", "Day", _ => new DateOnly(2026, 2, 28))
            .Moment("时间", "Time", _ => new DateTimeOffset(2026, 2, 28, 17, 30, 15, TimeSpan.Zero)).YesNo("是否", "Yes or no", _ => true)
            .Money("负数", "Negative", _ => new Fen(-5)).Text("空", "Empty", _ => null).Money("无", "None", _ => null);
        var file = Write(book =>
        {
            book.Begin("各类", columns.In("zh-CN"));
            book.Add(columns.CellsOf(0, "zh-CN"));
        });
        Assert.Equal(["编号", "年龄（岁）", "人数（人）", "面值（元）", "占比（%）", "日期", "时间", "是否", "负数（元）", "空", "无（元）"], file.Header);
        var row = Assert.Single(file.Rows);
        Assert.Equal("622926199001011234567", row[0]); // As a number it would end in 000000.
        Assert.Equal([35d, 54_115d, 123_456_789.01d, 0.853d], row[1..5]);
        Assert.Equal(new DateTime(2026, 2, 28), row[5]);
        Assert.Equal(new DateTime(2026, 3, 1, 1, 30, 15), row[6]); // County time, the next day.
        Assert.Equal(["是", -0.05d, null, null], row[7..11]);
        Assert.Equal(["Code", "Age (years)"], columns.In("en").Select(column => column.Header).Take(2));
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+86")]
    [InlineData("-2")]
    [InlineData("@SUM(A1)")]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("=HYPERLINK(\"http://x\",\"点我\")")]
    [InlineData("a\u0001b\u001Fc\u007F")]
    [InlineData("_x0041_ and _x005F_")]
    [InlineData("<b>&amp;\"'</b>]]>")]
    [InlineData(" 前后空格 ")]
    [InlineData("一行\n二行\t表")]
    [InlineData("回车\r换行")]
    [InlineData("\U00020BB7野家\U0001F600")]
    public void Text_of_any_kind_comes_back_letter_by_letter_and_is_never_computed(string text)
    {
        var file = Write(book =>
        {
            book.Begin("文本", OneText);
            book.Add([SheetCell.OfText(text)]);
        });
        Assert.Equal(text, Assert.Single(file.Rows)[0]);
        var sheet = file.Part("xl/worksheets/sheet1.xml");
        Assert.DoesNotContain("<f>", sheet, StringComparison.Ordinal);
        Assert.Matches(TextCell(), sheet);
    }

    [Fact]
    public void What_no_cell_can_hold_is_cut_or_shown_as_a_box()
    {
        var file = Write(book =>
        {
            book.Begin("文本", OneText);
            book.Add([SheetCell.OfText("\uD800半个")]);
            book.Add([SheetCell.OfText(new string('长', SheetText.LongestCell + 1))]);
        });
        Assert.Equal("\uFFFD半个", file.Rows[0][0]);
        Assert.Equal(SheetText.LongestCell, ((string)file.Rows[1][0]!).Length);
    }

    [Fact]
    public void The_header_is_bold_frozen_and_filters()
    {
        var file = Write(book =>
        {
            book.Begin("名单", [new("甲", CellKind.Text, 10), new("乙", CellKind.Money, 200)]);
            for (var i = 0; i < 3; i++) book.Add([SheetCell.OfText("x"), SheetCell.OfMoney(new Fen(i))]);
        });
        var sheet = file.Part("xl/worksheets/sheet1.xml");
        Assert.Contains("""<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>""", sheet, StringComparison.Ordinal);
        Assert.Contains("""<autoFilter ref="A1:B4"/>""", sheet, StringComparison.Ordinal);
        Assert.Contains("""<c r="A1" s="1" """, sheet, StringComparison.Ordinal);
        Assert.Contains("""width="60" style="5" """, sheet, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_fills_a_sheet_goes_on_on_the_next_under_the_same_header()
    {
        var file = Write(
            book =>
            {
                book.Begin("名单", OneText);
                for (var i = 1; i <= 7; i++) book.Add([SheetCell.OfText($"{i}")]);
                book.Begin("说明", OneText);
            },
            mostRows: 4);
        Assert.Equal(["名单", "名单 (2)", "名单 (3)", "说明"], file.Sheets.Select(sheet => sheet.Name));
        Assert.Equal([4, 4, 2, 1], file.Sheets.Select(sheet => sheet.Rows.Count));
        Assert.All(file.Sheets, sheet => Assert.Equal("甲", sheet.Rows[0][0]));
        Assert.Equal("7", file.Sheets[2].Rows[1][0]);
    }

    [Theory]
    [InlineData("a[1]:b*c?/d\\", 1, "a 1  b c  d")]
    [InlineData("'引号'", 1, "引号")]
    [InlineData("", 1, "Sheet")]
    [InlineData("history", 1, "Sheet")]
    [InlineData("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四", 2, "一二三四五六七八九十一二三四五六七八九十一二三四五六七 (2)")]
    public void Names_of_sheets_keep_to_the_rules_of_Excel(string text, int number, string name) => Assert.Equal(name, SheetName.Of(text, number));

    [Theory]
    [InlineData(0, "A")]
    [InlineData(25, "Z")]
    [InlineData(26, "AA")]
    [InlineData(701, "ZZ")]
    [InlineData(702, "AAA")]
    public void Columns_are_lettered_as_in_Excel(int index, string letters) => Assert.Equal(letters, SheetWriter.LettersOf(index));

    [Fact]
    public void A_long_list_passes_through_in_parts_and_keeps_nothing_behind()
    {
        const int rows = 60_000;
        List<WeakReference> early = [];
        var (most, taken) = (0, 0);
        using var parts = new PartStream();
        using (var book = new Workbook(parts))
        {
            book.Begin("长名单", [new("甲", CellKind.Text, 10), new("乙", CellKind.Number, 10)]);
            for (var i = 0; i < rows; i++)
            {
                Feed(book, i, early);
                if (!parts.HasFullPart) continue;
                most = Math.Max(most, parts.Take().Length);
                taken++;
            }
            GC.Collect();
            Assert.True(early.Count(row => row.IsAlive) < early.Count / 10, "The workbook holds on to rows that it has written.");
        }
        Assert.True(taken >= 5 && most < 2 * PartStream.PartBytes, $"{taken} parts, the largest of {most} bytes.");
    }

    private static void Feed(Workbook book, int i, List<WeakReference> early)
    {
        SheetCell[] row = [SheetCell.OfText($"{HashCode.Combine(i, 17):X8}{i * 7919L:X8}{HashCode.Combine(i):X8}"), SheetCell.OfNumber(i)];
        if (i < 1_000) early.Add(new WeakReference(row));
        book.Add(row);
    }

    /// <summary>Written into a stream that cannot seek, as a long export is, and held against the format's own schema.</summary>
    private static SheetFile Write(Action<Workbook> fill, int mostRows = Workbook.MostRowsOfSheet)
    {
        using var to = new PartStream();
        using (var book = new Workbook(to, mostRows)) fill(book);
        var content = to.Take();
        using var document = SpreadsheetDocument.Open(new MemoryStream(content), isEditable: false);
        Assert.Empty(new OpenXmlValidator().Validate(document).Select(fault => $"{fault.Path?.XPath}: {fault.Description}"));
        return new SheetFile(content);
    }

    [GeneratedRegex("""<c r="A2" s="2" t="inlineStr">""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TextCell();
}
