using System.IO.Compression;
using System.Net;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Tests.Register;

/// <summary>Files that cannot be used as a whole say so at once, and files that look odd but can be used are.</summary>
public sealed class ImportFileTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private HttpClient _clerk = null!;

    public async ValueTask InitializeAsync() => _clerk = await server.LogInAsync("clerk");

    public ValueTask DisposeAsync()
    {
        _clerk.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("a.xlsx")]
    [InlineData("a.csv")]
    public async Task An_empty_file_is_refused(string name) => Assert.Equal("文件是空的", await _clerk.RefusalAsync(name, []));

    [Fact]
    public async Task An_upload_without_a_file_names_the_field()
    {
        using var answer = await _clerk.PostAsync("/api/register/imports", new MultipartFormDataContent { { new StringContent("x"), "list" } });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"file\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_name_that_is_too_long_names_the_field()
    {
        using var answer = await _clerk.UploadAsync("a.csv", Roster.Csv(Roster.Header, Roster.Row()), new string('长', UploadLimits.LongestListName + 1));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"list\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sheet_with_nothing_in_it_is_refused()
    {
        Assert.Equal("表是空的", await _clerk.RefusalAsync("a.xlsx", Roster.Xlsx()));
        Assert.Equal("表是空的", await _clerk.RefusalAsync("a.csv", "\r\n,,\r\n"u8.ToArray()));
    }

    [Fact]
    public async Task A_sheet_without_header_is_refused() =>
        Assert.Contains("没有找到表头", await _clerk.RefusalAsync("a.xlsx", Roster.Xlsx(Roster.Row(), Roster.Row())), StringComparison.Ordinal);

    [Fact]
    public async Task A_header_below_the_tenth_row_is_not_looked_for()
    {
        var above = Enumerable.Repeat(new[] { "标题" }, UploadLimits.HeaderWithinRows);
        Assert.Contains("没有找到表头", await _clerk.RefusalAsync("a.csv", Roster.Csv([.. above, Roster.Header, Roster.Row()])), StringComparison.Ordinal);
        Assert.Equal(1, (await _clerk.ImportAsync("a.csv", Roster.Csv([.. above.Skip(1), Roster.Header, Roster.Row()]))).Added);
    }

    [Fact]
    public async Task A_header_without_rows_is_refused() =>
        Assert.Equal("表头下面没有数据行", await _clerk.RefusalAsync("a.xlsx", Roster.Xlsx(Roster.Header)));

    [Fact]
    public async Task Two_columns_of_one_title_are_refused() =>
        Assert.Contains("有两列“姓名”", await _clerk.RefusalAsync("a.csv", Roster.Csv(["姓名", "身份证号", "姓 名"], ["马", "1", "梅"])), StringComparison.Ordinal);

    [Fact]
    public async Task What_the_name_says_and_what_the_bytes_are_must_agree()
    {
        var rows = new[] { Roster.Header, Roster.Row() };
        Assert.Contains("不是 Excel", await _clerk.RefusalAsync("a.xlsx", Roster.Csv(rows)), StringComparison.Ordinal);
        Assert.Contains("内容是 Excel", await _clerk.RefusalAsync("a.csv", Roster.Xlsx(rows)), StringComparison.Ordinal);
        Assert.Contains("只接受", await _clerk.RefusalAsync("a.xls", Roster.Csv(rows)), StringComparison.Ordinal);
        Assert.Contains("只接受", await _clerk.RefusalAsync("花名册", Roster.Xlsx(rows)), StringComparison.Ordinal);
        Assert.Contains("不是 .xlsx 工作簿", await _clerk.RefusalAsync("a.xlsx", Zip(("word/document.xml", "<a/>"u8.ToArray()))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workbook_with_a_password_and_an_old_workbook_are_told_apart()
    {
        byte[] compound = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[504]];
        byte[] encrypted = [.. compound, .. Encoding.Unicode.GetBytes("EncryptedPackage"), .. new byte[96]];
        byte[] old = [.. compound, .. Encoding.Unicode.GetBytes("Workbook"), .. new byte[112]];
        Assert.Contains("密码", await _clerk.RefusalAsync("a.xlsx", encrypted), StringComparison.Ordinal);
        Assert.Contains(".xls", await _clerk.RefusalAsync("a.xlsx", old), StringComparison.Ordinal);
        Assert.Contains(".xls", await _clerk.RefusalAsync("a.xls", old), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_workbook_is_refused_wherever_it_is_damaged()
    {
        var whole = Roster.Xlsx([Roster.Header, .. Enumerable.Range(0, 50).Select(_ => Roster.Row())]);
        for (var cut = 10; cut < whole.Length; cut += whole.Length / 20)
            Assert.Contains("损坏", await _clerk.RefusalAsync("a.xlsx", whole[..cut]), StringComparison.Ordinal);
        var sheet = Encoding.UTF8.GetBytes("<worksheet><sheetData><row r=\"1\"><c t=\"s\"><v>99999</v></c></row></sheetDa");
        Assert.Contains("损坏", await _clerk.RefusalAsync("a.xlsx", Workbook(sheet)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_beyond_20_MB_is_refused_with_a_sentence() =>
        Assert.Contains("20 MB", await _clerk.RefusalAsync("a.csv", new byte[UploadLimits.LargestFileBytes + 1]), StringComparison.Ordinal);

    [Fact]
    public async Task More_than_100_000_rows_are_refused()
    {
        var text = new StringBuilder("姓名,身份证号\n");
        for (var row = 0; row <= UploadLimits.MostRows; row++) text.Append("马,1\n");
        Assert.Contains("100000 行", await _clerk.RefusalAsync("a.csv", Encoding.UTF8.GetBytes(text.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bomb_is_refused_by_what_it_declares_and_by_what_it_holds()
    {
        var bomb = Workbook(new byte[UploadLimits.LargestUnpackedBytes + 1]);
        Assert.True(bomb.Length < UploadLimits.LargestFileBytes);
        Assert.Contains("解压后超过", await _clerk.RefusalAsync("a.xlsx", bomb), StringComparison.Ordinal);
        // The same with every declared size set to 10 bytes: the base library stops at what is declared, and then it is no sheet.
        Assert.Matches("解压后超过|损坏|空的|表头", await _clerk.RefusalAsync("a.xlsx", WithDeclaredSize(bomb, (int)UploadLimits.LargestUnpackedBytes + 1, 10)));
    }

    [Theory]
    [InlineData("<row r=\"2000000000\"><c/></row>")]
    [InlineData("<row r=\"1\"><c r=\"ZZZZ1\"/></row>")]
    public async Task A_sheet_beyond_the_bounds_of_Excel_is_refused(string row) =>
        Assert.Contains("超出 Excel", await _clerk.RefusalAsync("a.xlsx", Workbook(Encoding.UTF8.GetBytes($"<worksheet><sheetData>{row}</sheetData></worksheet>"))), StringComparison.Ordinal);

    [Fact]
    public async Task An_entity_bomb_is_refused() =>
        Assert.Contains("损坏", await _clerk.RefusalAsync("a.xlsx", Workbook("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet>&a;</worksheet>"u8.ToArray())), StringComparison.Ordinal);

    [Fact]
    public async Task Chinese_CSV_in_GBK_and_in_UTF_8_with_and_without_mark_reads_alike()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        foreach (var encode in new Func<string, byte[]>[]
        {
            Encoding.GetEncoding("GB18030").GetBytes, Encoding.GetEncoding("GBK").GetBytes, Encoding.UTF8.GetBytes,
            text => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
        })
        {
            // A rare character where the encoding has it: GBK does not.
            var name = encode("䶮")[^1] == '?' ? "马小梅" : "马䶮";
            var row = Roster.Row((Roster.Name, name), (Roster.Township, "那勒寺"));
            var import = await _clerk.ImportAsync("名单.csv", encode(Roster.CsvText(Roster.Header, row)));
            Assert.True(import.Added == 1, string.Join(';', import.Errors));
            Assert.Equal(name, (await server.FindAsync(row[Roster.IdNumber])).Name);
        }
    }

    [Fact]
    public async Task Bytes_of_no_encoding_are_refused_with_their_line()
    {
        var good = Roster.Csv(Roster.Header, Roster.Row());
        Assert.Contains("第 3 行", await _clerk.RefusalAsync("a.csv", [.. Encoding.UTF8.Preamble, .. good, 0xFF, 0xFF, (byte)'\n']), StringComparison.Ordinal);
        Assert.Contains("编码", await _clerk.RefusalAsync("a.csv", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("姓名,身份证号\n马,1\n")).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quotation_mark_that_never_closes_is_refused_and_eats_nothing()
    {
        var text = Roster.CsvText(Roster.Header, Roster.Row(), Roster.Row()) + "3,\"马小梅,女\n" + Roster.CsvText(Roster.Row(), Roster.Row());
        Assert.Contains("引号", await _clerk.RefusalAsync("a.csv", Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('\t')]
    [InlineData(';')]
    public async Task Other_separators_are_found(char separator)
    {
        var text = string.Join(separator, Roster.Header) + "\n" + string.Join(separator, Roster.Row()) + "\n";
        Assert.Equal(1, (await _clerk.ImportAsync("a.csv", Encoding.UTF8.GetBytes(text))).Added);
    }

    [Fact]
    public async Task Title_rows_blank_rows_numbered_blank_rows_and_repeated_headers_are_no_rows()
    {
        var import = await _clerk.ImportAsync("a.xlsx", Roster.Xlsx(
            ["农村劳动力培训花名册"], [], Roster.Header, Roster.Row(), [], ["2"], Roster.Header, Roster.Row((Roster.Phone, "1"))));
        Assert.Equal((2, 1, 1), (import.TotalRows, import.Added, import.Bad));
        Assert.Equal(8, Assert.Single(import.Errors).Row);
    }

    [Fact]
    public async Task Rows_are_numbered_as_Excel_numbers_them_also_across_gaps()
    {
        var file = Roster.Book(book =>
        {
            var data = book.Sheet("花名册", []);
            Roster.Builder.Add(data, Roster.Header, 4);
            Roster.Builder.Add(data, Roster.Row((Roster.Name, "")), 9);
            Roster.Builder.Add(data, Roster.Row((Roster.Name, "")), 5000);
        });
        Assert.Equal([9, 5000], (await _clerk.ImportAsync("a.xlsx", file)).Errors.Select(error => error.Row));
        var csv = Encoding.UTF8.GetBytes("\r\n" + Roster.CsvText(Roster.Header) + "\r\n" + Roster.CsvText(Roster.Row((Roster.Name, ""))));
        Assert.Equal(4, Assert.Single((await _clerk.ImportAsync("a.csv", csv)).Errors).Row);
    }

    [Fact]
    public async Task Titles_are_matched_leniently()
    {
        var row = Roster.Row();
        string[] header = ["序 号", "姓\n名*", "性别：", "文化程度", "年龄（周岁）", "公民身份号码(18位)", "手机号", "户籍地址", "户口性质", "承诺单位", "乡（镇）", "类别"];
        Assert.Equal(1, (await _clerk.ImportAsync("a.xlsx", Roster.Xlsx(header, row))).Added);
        var person = await server.FindAsync(row[Roster.IdNumber]);
        Assert.Equal("锁南镇", person.Township);
        Assert.Equal(["建档立卡", "妇女"], person.Categories);
    }

    [Fact]
    public async Task Hidden_rows_are_imported_and_mentioned_as_are_columns_and_sheets_that_are_not_read()
    {
        var file = Roster.Book(book =>
        {
            book.Sheet("说明", [["请填第二张表"]]);
            var data = book.Sheet("花名册", [[.. Roster.Header, "备注"], Roster.Row(), Roster.Row()]);
            data.Elements<Row>().Last().Hidden = true;
        });
        var import = await _clerk.ImportAsync("a.xlsx", file);
        Assert.Equal(2, import.Added);
        Assert.Contains("1 个隐藏行", import.Notes, StringComparison.Ordinal);
        Assert.Contains("没有用到的列：备注", import.Notes, StringComparison.Ordinal);
        Assert.Contains("没有读取：说明", import.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_merged_cell_stands_for_every_row_that_it_covers()
    {
        string[][] rows = [Roster.Row((Roster.Township, "达板镇")), Roster.Row((Roster.Township, ""), (Roster.Place, "")), Roster.Row((Roster.Township, ""), (Roster.Place, ""))];
        var file = Roster.Book(book =>
        {
            var data = book.Sheet("花名册", [["标题"], Roster.Header, .. rows]);
            ((Worksheet)data.Parent!).Append(new MergeCells(
                new MergeCell { Reference = "A1:L1" }, new MergeCell { Reference = "K3:K4" }));
        });
        Assert.Equal(3, (await _clerk.ImportAsync("a.xlsx", file)).Added);
        Assert.Equal("达板镇", (await server.FindAsync(rows[1][Roster.IdNumber])).Township);
        Assert.Null((await server.FindAsync(rows[2][Roster.IdNumber])).Township);
    }

    [Fact]
    public async Task A_file_name_from_elsewhere_does_no_harm()
    {
        var name = "C:\\花名册\\..\\" + new string('长', 300) + "\u0007<script>.csv";
        Assert.Equal(1, (await _clerk.ImportAsync(name, Roster.Csv(Roster.Header, Roster.Row()))).Added);
    }

    private static byte[] Workbook(byte[] sheet) => Zip(
        ("xl/workbook.xml", "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"u8.ToArray()),
        ("xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"u8.ToArray()),
        ("xl/worksheets/sheet1.xml", sheet));

    private static byte[] Zip(params (string Path, byte[] Content)[] parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
            foreach (var (path, content) in parts)
                using (var part = zip.CreateEntry(path).Open()) part.Write(content);
        return file.ToArray();
    }

    /// <summary>Overwrites the unpacked size wherever the archive declares it.</summary>
    private static byte[] WithDeclaredSize(byte[] zip, int from, int to)
    {
        var result = zip.ToArray();
        var (old, lie) = (BitConverter.GetBytes(from), BitConverter.GetBytes(to));
        for (int at, next = 0; (at = result.AsSpan(next).IndexOf(old)) >= 0; next += at + 4) lie.CopyTo(result, next + at);
        return result;
    }
}
