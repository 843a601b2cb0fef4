using System.Text;
using DocumentFormat.OpenXml.Spreadsheet;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Tests.Register;

/// <summary>Every bad row is listed with its number, column and reason; the good rows beside it are kept.</summary>
public sealed class ImportRowTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private HttpClient _clerk = null!;

    public async ValueTask InitializeAsync() => _clerk = await server.LogInAsync("clerk");

    public ValueTask DisposeAsync()
    {
        _clerk.Dispose();
        return ValueTask.CompletedTask;
    }

    public static readonly TheoryData<int, string, string, string> BadCells = new()
    {
        { Roster.Name, "", "姓名", "没有填写" },
        { Roster.Name, "马5", "姓名", "数字或符号" },
        { Roster.Name, "···", "姓名", "数字或符号" },
        { Roster.Name, "=HYPERLINK(\"x\")", "姓名", "公式" },
        { Roster.Name, new string('马', 51), "姓名", "超过 50 字" },
        { Roster.Name, "马\u0001梅", "姓名", "控制字符" },
        { Roster.Sex, "未知", "性别", "“男”或“女”" },
        { Roster.Age, "二十", "年龄", "整数" },
        { Roster.Age, "-3", "年龄", "整数" },
        { Roster.Age, "121", "年龄", "整数" },
        { Roster.Age, "3", "年龄", "相差超过 3 岁" },
        { Roster.Education, new string('学', 21), "学历", "超过 20 字" },
        { Roster.IdNumber, "", "身份证号码", "没有填写" },
        { Roster.IdNumber, "622926", "身份证号码", "不是18位" },
        { Roster.IdNumber, "62292619900230001X", "身份证号码", "出生日期不存在" },
        { Roster.IdNumber, "11010519491231002A", "身份证号码", "以外的字符" },
        { Roster.IdNumber, "110105194912310021", "身份证号码", "校验位" },
        { Roster.IdNumber, "6.22926E+17", "身份证号码", "存成了数字" },
        { Roster.IdNumber, "=\"11010519491231002X\"", "身份证号码", "公式" },
        { Roster.Phone, "12345", "联系电话", "手机号" },
        { Roster.Phone, "154000000012", "联系电话", "手机号" },
        { Roster.Phone, "见备注", "联系电话", "手机号" },
        { Roster.Place, new string('村', 101), "户口所在地", "超过 100 字" },
        { Roster.Kind, new string('户', 21), "户口性质", "超过 20 字" },
        { Roster.Employer, new string('司', 101), "就业安排承诺单位", "超过 100 字" },
        { Roster.Employer, new string('司', 32_000), "就业安排承诺单位", "超过 100 字" },
        { Roster.Township, "不存在镇", "乡镇", "没有这个乡镇" },
        { Roster.Categories, new string('类', 21), "人员类别", "20 字" },
        { Roster.Categories, "一,二,三,四,五,六,七,八,九,十,十一", "人员类别", "10 个类别" },
    };

    [Theory]
    [MemberData(nameof(BadCells))]
    public async Task A_bad_cell_is_named_in_workbook_and_CSV_and_its_neighbours_are_kept(int column, string text, string title, string reason)
    {
        foreach (var isCsv in new[] { true, false })
        {
            string[][] rows = [Roster.Header, Roster.Row(), Roster.Row((column, text)), Roster.Row()];
            if (!isCsv && text.Contains('\u0001')) rows[2][column] = text.Replace("\u0001", "_x0001_", StringComparison.Ordinal);
            var import = await _clerk.ImportAsync(isCsv ? "a.csv" : "a.xlsx", isCsv ? Roster.Csv(rows) : Roster.Xlsx(rows));
            Assert.Equal(("Finished", 2, 1), (import.Status, import.Added, import.Bad));
            var error = Assert.Single(import.Errors);
            Assert.Equal((3, title), (error.Row, error.Column));
            Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_errors_of_a_row_are_listed_and_the_row_counts_once()
    {
        var import = await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, Roster.Row((Roster.Name, ""), (Roster.Phone, "1"), (Roster.Township, "x"))));
        Assert.Equal((1, 3), (import.Bad, import.Errors.Count));
    }

    [Fact]
    public async Task A_sex_that_contradicts_the_number_is_an_error()
    {
        var number = Roster.NewNumber();
        var import = await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, Roster.Row((Roster.IdNumber, number.Reveal()), (Roster.Sex, number.IsMale ? "女" : "男"))));
        Assert.Equal("与身份证号码不一致", Assert.Single(import.Errors).Reason);
    }

    [Fact]
    public async Task An_age_may_be_three_years_off()
    {
        var number = Roster.NewNumber();
        var age = number.AgeOn(Core.CountyTime.DayOf(server.Clock.GetUtcNow()));
        Assert.Equal(1, (await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, Roster.Row((Roster.IdNumber, number.Reveal()), (Roster.Sex, ""), (Roster.Age, $"{age - RowReader.AgeSlack}岁"))))).Added);
        Assert.Equal(1, (await _clerk.ImportAsync("b.csv", Roster.Csv(Roster.Header, Roster.Row((Roster.IdNumber, number.Reveal()), (Roster.Sex, ""), (Roster.Age, $"{age + RowReader.AgeSlack + 1}"))))).Bad);
    }

    [Fact]
    public async Task The_second_row_of_one_person_names_the_first()
    {
        var first = Roster.Row();
        var import = await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, Roster.Row(), first, Roster.Row((Roster.IdNumber, first[Roster.IdNumber]), (Roster.Sex, ""))));
        Assert.Equal((2, 1), (import.Added, import.Bad));
        Assert.Equal(new RowError(4, "身份证号码", "与第 3 行重复"), Assert.Single(import.Errors));
    }

    [Fact]
    public async Task A_number_that_Excel_rounded_says_how_to_mend_it()
    {
        var file = Roster.Book(book =>
        {
            var data = book.Sheet("花名册", [Roster.Header, Roster.Row()]);
            var cell = Roster.Builder.CellAt(data, 2, Roster.IdNumber);
            cell.DataType = CellValues.Number;
            cell.CellValue = new CellValue("6.22926199001011E+17");
        });
        Assert.Equal("身份证号码被Excel存成了数字，末几位已丢失，请把该列设为文本", Assert.Single((await _clerk.ImportAsync("a.xlsx", file)).Errors).Reason);
    }

    [Fact]
    public async Task A_phone_that_Excel_keeps_as_a_number_is_whole()
    {
        var row = Roster.Row();
        var file = Roster.Book(book =>
        {
            var data = book.Sheet("花名册", [Roster.Header, row]);
            var cell = Roster.Builder.CellAt(data, 2, Roster.Phone);
            cell.DataType = CellValues.Number;
            cell.CellValue = new CellValue("15412345678");
        });
        Assert.Equal(1, (await _clerk.ImportAsync("a.xlsx", file)).Added);
        Assert.Equal("154****5678", (await server.FindAsync(row[Roster.IdNumber])).PhoneMasked);
    }

    [Theory]
    [InlineData(Roster.Name, 1)]
    [InlineData(Roster.IdNumber, 1)]
    [InlineData(Roster.Education, 0)]
    public async Task A_formula_is_refused_where_it_names_the_person_and_counts_by_its_value_elsewhere(int column, int bad)
    {
        var file = Roster.Book(book =>
        {
            var data = book.Sheet("花名册", [Roster.Header, Roster.Row()]);
            Roster.Builder.CellAt(data, 2, column).CellFormula = new CellFormula("CONCATENATE(Z1)");
        });
        var import = await _clerk.ImportAsync("a.xlsx", file);
        Assert.Equal((1 - bad, bad), (import.Added, import.Bad));
        if (bad > 0) Assert.Equal((Roster.Header[column], "是公式，请粘贴为数值（文本）"), (import.Errors[0].Column, import.Errors[0].Reason));
    }

    [Theory]
    [InlineData("马\0梅")]
    [InlineData("马\uFFFD梅")]
    public async Task Characters_that_the_database_cannot_take_are_a_bad_row_and_no_fault(string name)
    {
        var import = await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, Roster.Row((Roster.Name, name)), Roster.Row()));
        Assert.Equal(("Finished", 1, 1), (import.Status, import.Added, import.Bad));
    }

    [Theory]
    [InlineData("_x0000_")]
    [InlineData("_xD800_")]
    public async Task Escaped_NUL_and_half_surrogates_of_a_workbook_are_a_bad_row(string escape)
    {
        var import = await _clerk.ImportAsync("a.xlsx", Roster.Xlsx(Roster.Header, Roster.Row((Roster.Employer, $"公{escape}司")), Roster.Row()));
        Assert.Equal(("Finished", 1, 1), (import.Status, import.Added, import.Bad));
        Assert.Equal("就业安排承诺单位", Assert.Single(import.Errors).Column);
    }

    [Fact]
    public async Task What_comes_with_copying_is_dropped()
    {
        var number = Roster.NewNumber();
        var fullWidth = string.Concat(number.Reveal().Select(c => c == 'X' ? 'ｘ' : (char)(c + 0xFEE0)));
        var row = Roster.Row((Roster.Name, " 马　小梅 "), (Roster.IdNumber, $"\u202A'{fullWidth}\t".Replace("'", "", StringComparison.Ordinal)), (Roster.Sex, ""), (Roster.Phone, "+86 154-1234-5678"));
        Assert.Equal(1, (await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, row))).Added);
        var person = await server.FindAsync(number.Reveal());
        Assert.Equal(("马小梅", "154****5678"), (person.Name, person.PhoneMasked));
    }

    [Theory]
    [InlineData("锁南", "", "锁南镇")]
    [InlineData("东乡县锁南镇", "", "锁南镇")]
    [InlineData("锁南乡", "", "锁南镇")]
    [InlineData("", "甘肃省东乡族自治县那勒寺镇瓦房村", "那勒寺镇")]
    [InlineData("", "临夏县河滩镇某村", null)]
    [InlineData("", "河滩镇某村", "河滩镇")]
    [InlineData("", "兰州市", null)]
    public async Task The_township_is_found_by_name_or_in_the_address(string township, string place, string? expected)
    {
        var row = Roster.Row((Roster.Township, township), (Roster.Place, place));
        Assert.Equal(1, (await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, row))).Added);
        Assert.Equal(expected, (await server.FindAsync(row[Roster.IdNumber])).Township);
    }

    [Fact]
    public async Task A_column_that_is_missing_leaves_the_register_alone_and_an_empty_cell_empties()
    {
        var row = Roster.Row();
        await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, row));
        var fewer = await _clerk.ImportAsync("b.csv", Roster.Csv(["姓名", "身份证号码", "学历"], [row[Roster.Name], row[Roster.IdNumber], "大专"]));
        Assert.Equal((0, 1), (fewer.Added, fewer.Changed));
        var person = await server.FindAsync(row[Roster.IdNumber]);
        Assert.Equal(("154****0001", "锁南镇", "建档立卡"), (person.PhoneMasked, person.Township, person.Categories[0]));
        row[Roster.Phone] = "";
        row[Roster.Categories] = "";
        await _clerk.ImportAsync("c.csv", Roster.Csv(Roster.Header, row));
        person = await server.FindAsync(row[Roster.IdNumber]);
        Assert.Equal(("", 0), (person.PhoneMasked, person.Categories.Count));
    }

    [Fact]
    public async Task The_same_file_twice_changes_nothing_and_says_so()
    {
        var file = Roster.Xlsx([Roster.Header, .. Enumerable.Range(0, 20).Select(_ => Roster.Row()), Roster.Row((Roster.Phone, "1"))]);
        var first = await _clerk.ImportAsync("a.xlsx", file);
        var before = await server.RegisterDigestAsync(withImports: false);
        var second = await _clerk.ImportAsync("a.xlsx", file);
        Assert.Equal((20, 0, 0, 1), (first.Added, first.Changed, first.Unchanged, first.Bad));
        Assert.Equal((0, 0, 20, 1), (second.Added, second.Changed, second.Unchanged, second.Bad));
        Assert.Contains($"第 {first.Id} 号", second.Notes, StringComparison.Ordinal);
        Assert.Equal(before, await server.RegisterDigestAsync(withImports: false));
    }

    [Fact]
    public async Task The_errors_come_as_a_CSV_that_Excel_opens_without_computing_anything()
    {
        var row = Roster.Row((Roster.Name, "=1+1"));
        var import = await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, row));
        var csv = await _clerk.GetByteArrayAsync($"/api/register/imports/{import.Id}/errors.csv");
        Assert.True(csv.AsSpan().StartsWith(Encoding.UTF8.Preamble));
        var text = Encoding.UTF8.GetString(csv);
        Assert.Contains("2,姓名,", text, StringComparison.Ordinal);
        Assert.DoesNotContain(row[Roster.IdNumber], text, StringComparison.Ordinal);
        Assert.All(text.TrimStart('\uFEFF').Split(["\r\n", ","], StringSplitOptions.RemoveEmptyEntries), cell => Assert.DoesNotContain(cell[0], "=+-@"));
    }
}
