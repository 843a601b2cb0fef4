using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Voucher.Core.Planning;
using Voucher.Server.Demo;
using Voucher.Server.Planning;
using Voucher.Server.Planning.Breakdown;
using Voucher.Server.Register.Importing;
using Voucher.Server.Tests.Register;
using Township = Voucher.Server.Register.Township;

namespace Voucher.Server.Tests.Planning;

/// <summary>任务分解表 as counties draw them, right and wrong.</summary>
public sealed class BreakdownTests
{
    private static readonly TargetId Parent = new(77);

    private static readonly PlanNames Names = new(
        [.. DemoPlaces.Townships.Select(place => new Township(place.Code, place.Name))],
        [.. DemoMenu.Trades, .. DemoMenu.Programmes.Select(programme => (programme.Code, programme.Name))],
        ["县人社局", "县妇联"]);

    private static BreakdownSheet Read(byte[] content, string name = "表.csv", TargetPlace? place = null) =>
        BreakdownSheet.Read(name, content, Names, 2020, 2022, place ?? TargetPlace.Everywhere);

    private static BreakdownSheet ReadCsv(string text, TargetPlace? place = null) => Read(Encoding.UTF8.GetBytes(text), place: place);

    [Fact]
    public void Townships_by_year_with_totals_on_both_sides_become_a_tree_that_adds_up()
    {
        var sheet = ReadCsv("东乡县劳动力培训任务分解表,,,,\r\n序号,乡镇,2020年,2021年,2022年,合计\r\n1,锁南镇,\"1,000\",900,８００,2700\r\n2,达板,500人,-,400,900\r\n,合计,1500,900,1200,3600\r\n");
        Assert.Empty(sheet.Problems);
        Assert.Equal(3_600, sheet.Total);
        var targets = sheet.TargetsUnder(Parent);
        Assert.Empty(new TargetTree([Whole(3_600), .. targets]).Differences());
        Assert.Equal([1500, 900, 1200], targets.Where(target => target.Split == TargetSplit.Year).Select(target => target.People));
        Assert.Equal([1000, 900, 800, 500, 400], targets.Where(target => target.Split == TargetSplit.Township).Select(target => target.People).OrderByDescending(people => people == 400 ? 0 : people == 500 ? 1 : people));
    }

    [Theory]
    [InlineData("乡镇,2020年,合计\r\n锁南镇,10,11\r\n", "C2", "11", "10")]
    [InlineData("乡镇,2020年\r\n锁南镇,10\r\n达板镇,20\r\n合计,31\r\n", "B4", "31", "30")]
    [InlineData("部门,乡镇,2020年\r\n县人社局,锁南镇,10\r\n,达板镇,20\r\n县人社局,小计,29\r\n县妇联,锁南镇,5\r\n合计,,35\r\n", "C4", "29", "30")]
    [InlineData("乡镇,2020年,,2021年,\r\n,中式烹饪,小计,电工,小计\r\n锁南镇,10,12,7,7\r\n", "C3", "12", "10")]
    public void A_total_that_its_parts_do_not_come_to_is_named_with_both_figures(string csv, string cell, string stated, string sum)
    {
        var problem = Assert.Single(ReadCsv(csv).Problems);
        Assert.Equal(cell, problem.Cell);
        Assert.Contains(stated, problem.Problem.Zh, StringComparison.Ordinal);
        Assert.Contains(sum, problem.Problem.Zh, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("乡镇,2020年\r\n锁南镇,一百\r\n", "B2")]
    [InlineData("乡镇,2020年\r\n锁南镇,-5\r\n", "B2")]
    [InlineData("乡镇,2020年\r\n锁南镇,1.5\r\n", "B2")]
    [InlineData("乡镇,2020年\r\n锁南镇,99999999999\r\n", "B2")]
    [InlineData("乡镇,2020年\r\n锁南镇,=1+1\r\n", "B2")]
    [InlineData("乡镇,2020年\r\n火星镇,5\r\n", "A2")]
    [InlineData("乡镇,2020年,2019年\r\n锁南镇,5,6\r\n", "C1")]
    [InlineData("乡镇,2020年\r\n锁南镇,5\r\n锁南,6\r\n", "B3")]
    [InlineData("乡镇,2020年\r\n锁南镇,5\r\n,6\r\n", "A3")]
    public void A_cell_that_cannot_be_used_is_named_as_Excel_names_it(string csv, string cell) =>
        Assert.Equal(cell, ReadCsv(csv).Problems[0].Cell);

    [Theory]
    [InlineData("")]
    [InlineData("姓名,身份证号码\r\n马小梅,1\r\n")]
    [InlineData("\0\0\0")]
    public void A_file_that_is_no_breakdown_says_so(string text) => Assert.Throws<UnusableFileException>(() => ReadCsv(text));

    [Fact]
    public void A_bomb_and_a_workbook_by_another_name_meet_the_same_guards_as_the_register()
    {
        Assert.Throws<UnusableFileException>(() => Read([.. "PK"u8, 3, 4, 1, 2, 3], "表.xlsx"));
        Assert.Throws<UnusableFileException>(() => Read(BreakdownTemplate.Xlsx(BreakdownTemplate.OfText004), "表.csv"));
        Assert.Throws<UnusableFileException>(() => ReadCsv(string.Concat(Enumerable.Repeat("乡镇,2020年\r\n", BreakdownSheet.MostRows + 1))));
    }

    [Fact]
    public void Merged_header_cells_over_two_rows_are_read_as_they_look()
    {
        var content = Roster.Book(book =>
        {
            var data = book.Sheet("分解表", [
                ["东乡县2020年培训任务分解表", "", "", "", ""], ["乡镇", "2020年", "", "2021年", ""], ["", "电工", "合计", "中式烹饪", "合计"],
                ["锁南镇", "10", "10", "20", "20"], ["达板镇", "5", "5", "7", "7"], ["合计", "15", "15", "27", "27"]]);
            var merged = new MergeCells(new MergeCell { Reference = "A1:E1" }, new MergeCell { Reference = "A2:A3" }, new MergeCell { Reference = "B2:C2" }, new MergeCell { Reference = "D2:E2" });
            data.InsertAfterSelf(merged);
        });
        var sheet = Read(content, "表.xlsx");
        Assert.Empty(sheet.Problems);
        var tree = new TargetTree([Whole(42), .. sheet.TargetsUnder(Parent)]);
        Assert.Empty(tree.Differences());
        var places = tree.All.Where(target => target.Split == TargetSplit.Programme).Select(tree.PlaceOf).ToHashSet();
        Assert.Contains(new TargetPlace(2021, null, DemoPlaces.Townships[0].Code, 1001), places);
        Assert.Equal(4, places.Count);
    }

    [Fact]
    public void A_sheet_for_one_year_need_not_say_the_year_and_must_not_say_another()
    {
        var place = new TargetPlace(2020, null, null, null);
        Assert.Equal(TargetSplit.Township, ReadCsv("乡镇,2020年\r\n锁南镇,5\r\n", place).TargetsUnder(Parent)[0].Split);
        Assert.Equal(TargetSplit.Township, ReadCsv("乡镇,人数\r\n锁南镇,5\r\n", place).TargetsUnder(Parent)[0].Split);
        Assert.Equal("B2", Assert.Single(ReadCsv("乡镇,2021年\r\n锁南镇,5\r\n", place).Problems).Cell);
    }

    [Fact]
    public void The_actions_of_text_000_carry_their_responsible_units()
    {
        var sheet = Read(BreakdownTemplate.Xlsx(BreakdownTemplate.OfText000), "德宏.xlsx");
        Assert.Empty(sheet.Problems);
        var targets = sheet.TargetsUnder(Parent);
        Assert.Equal([3_880, 24_400, 7_500, 3_280, 25_000], targets.Take(5).Select(target => target.People));
        Assert.Equal("州农业局、州人力资源和社会保障局", targets[0].Responsible);
        Assert.All(targets, target => Assert.Equal(TargetSplit.Item, target.Split));
    }

    [Fact]
    public void The_years_of_text_004_are_read_from_its_example()
    {
        var sheet = Read(BreakdownTemplate.Csv(BreakdownTemplate.OfText004));
        Assert.Empty(sheet.Problems);
        Assert.Equal([18_039, 18_038, 18_038], sheet.TargetsUnder(Parent).Select(target => target.People));
    }

    /// <summary>An illustrative sheet of the whole county: 24 townships × 3 years with both totals; any one figure moved is found.</summary>
    [Fact]
    public void Any_one_figure_moved_in_a_sheet_of_the_whole_county_is_found()
    {
        List<string[]> rows = [["乡镇", "2020年", "2021年", "2022年", "合计"]];
        var random = new Random(4);
        int[] sums = [0, 0, 0];
        foreach (var place in DemoPlaces.Townships)
        {
            int[] years = [random.Next(1, 900), random.Next(1, 900), random.Next(1, 900)];
            for (var y = 0; y < 3; y++) sums[y] += years[y];
            rows.Add([place.Name, .. years.Select(people => $"{people}"), $"{years.Sum()}"]);
        }
        rows.Add(["合计", .. sums.Select(people => $"{people}"), $"{sums.Sum()}"]);
        Assert.Empty(ReadCsv(Text(rows)).Problems);
        for (var tried = 0; tried < 40; tried++)
        {
            var (row, column) = (random.Next(1, rows.Count), random.Next(1, 5));
            var before = rows[row][column];
            rows[row][column] = $"{int.Parse(before, System.Globalization.CultureInfo.InvariantCulture) + 7}";
            var cells = ReadCsv(Text(rows)).Problems.Select(problem => problem.Cell).ToHashSet();
            var isLeaf = row < rows.Count - 1 && column < 4;
            Assert.Contains(isLeaf ? CellProblem.NameOf(row + 1, 4) : CellProblem.NameOf(row + 1, column), cells);
            rows[row][column] = before;
        }
    }

    private static string Text(IEnumerable<string[]> rows) => string.Concat(rows.Select(row => string.Join(',', row) + "\r\n"));

    private static Target Whole(int people) => new(Parent, null, TargetSplit.Whole, null, null, null, null, null, "", people);
}
