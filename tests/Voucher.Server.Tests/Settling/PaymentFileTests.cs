using System.IO.Compression;
using System.Text;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Tests.Settling;

public sealed class PaymentFileTests
{
    private const string Template = """
        { "encoding": "ENCODING", "forExcel": true, "columns": [
          { "header": "序号", "content": "rowNumber" }, { "header": "收款单位", "content": "payeeName" },
          { "header": "账号", "content": "payeeAccount" }, { "header": "金额(元)", "content": "amountYuan" }, { "header": "用途", "content": "purpose" } ] }
        """;

    private static readonly PlainRow Row = new(1, 1, "河州名厨培训学校", "农商行", "6228000000000008888", new Fen(360_050), 3, "X", "省级 · 技能培训");

    private static byte[] Write(string template, params PlainRow[] rows) =>
        PaymentFile.Write(BankFormat.Parse("x.json", template), new PaymentId(7), 1, rows)[0].Content;

    [Fact]
    public void Columns_stand_in_the_formats_order_and_excel_is_told_the_encoding()
    {
        var file = Write(Template.Replace("ENCODING", "utf-8-bom"), Row);
        Assert.Equal<byte>([0xEF, 0xBB, 0xBF], file[..3]);
        Assert.Equal(
            "序号,收款单位,账号,金额(元),用途\r\n1,河州名厨培训学校,6228000000000008888,3600.50,培训券补贴 省级 · 技能培训\r\n",
            Encoding.UTF8.GetString(file[3..]));
    }

    [Fact]
    public void Gb18030_is_written_as_old_bank_programs_read_it_rare_names_too()
    {
        var gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!;
        var file = Write(Template.Replace("ENCODING", "gb18030"), Row with { PayeeName = "𬱟镇学校" });
        Assert.Equal(gb18030.GetBytes("序号"), file[..4]);
        Assert.Contains(",𬱟镇学校,", gb18030.GetString(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("=A,\"B\"", "\"'=A,\"\"B\"\"\"")]
    [InlineData("甲,乙\"丙\"", "\"甲,乙\"\"丙\"\"\"")]
    [InlineData("两\n行", "\"两\n行\"")]
    public void A_cell_of_a_file_for_excel_is_never_a_formula_and_never_breaks_its_row(string name, string cell) => Assert.Contains(
        $"\r\n1,{cell},6228", Encoding.UTF8.GetString(Write(Template.Replace("ENCODING", "utf-8-bom"), Row with { PayeeName = name })), StringComparison.Ordinal);

    [Fact]
    public void A_file_for_a_bank_alone_holds_the_name_to_the_letter() => Assert.Contains(
        ",-甲,", Encoding.UTF8.GetString(Write(Template.Replace("ENCODING", "utf-8").Replace("\"forExcel\": true,", ""), Row with { PayeeName = "-甲" })), StringComparison.Ordinal);

    [Theory]
    [InlineData("first", 0)]
    [InlineData("last", 3)]
    public void The_total_line_counts_and_sums_where_the_bank_wants_it(string position, int at)
    {
        var text = Encoding.UTF8.GetString(Write(Template.Replace("ENCODING", "utf-8").Replace("\"forExcel\": true,", $"\"totalLine\": \"{position}\", \"separator\": \"|\","), Row, Row with { Number = 2 }));
        Assert.Equal("合计|2|7201.00", text.Split("\r\n")[at]);
    }

    [Fact]
    public void More_rows_than_the_cap_make_several_files_of_which_each_has_its_total()
    {
        var format = BankFormat.Parse("x.json", Template.Replace("ENCODING", "utf-8").Replace("\"forExcel\": true,", "\"rowCap\": 2, \"totalLine\": \"last\","));
        var parts = PaymentFile.Write(format, new PaymentId(7), 3, [Row, Row with { Number = 2 }, Row with { Number = 3 }]);
        Assert.Equal(["PXQ00000007-3-1.csv", "PXQ00000007-3-2.csv"], parts.Select(part => part.Name));
        Assert.Equal([(2, new Fen(720_100)), (1, new Fen(360_050))], parts.Select(part => (part.Rows, part.Total)));
        Assert.Contains("\r\n合计,1,3600.50\r\n", Encoding.UTF8.GetString(parts[1].Content), StringComparison.Ordinal);
    }

    [Fact]
    public void A_workbook_keeps_accounts_as_text()
    {
        var format = BankFormat.Parse("x.json", Template.Replace("\"encoding\": \"ENCODING\",", "\"file\": \"xlsx\","));
        var part = PaymentFile.Write(format, new PaymentId(7), 1, [Row])[0];
        using var zip = new ZipArchive(new MemoryStream(part.Content));
        using var reader = new StreamReader(zip.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        Assert.Contains(">6228000000000008888</t>", reader.ReadToEnd(), StringComparison.Ordinal);
        Assert.EndsWith(".xlsx", part.Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "cannot be read")]
    [InlineData("""{ "encoding": "utf-8-bom", "columns": [] }""", "columns")]
    [InlineData("""{ "encoding": "latin1", "columns": [ { "header": "a", "content": "payeeAccount" } ] }""", "encoding")]
    [InlineData("""{ "columns": [ { "header": "a", "content": "password" } ] }""", "content")]
    [InlineData("""{ "columns": [ { "header": null, "content": "payeeName" } ] }""", "header")]
    [InlineData("""{ "columns": [ { "header": "a", "content": "payeeAccount" } ] }""", "amountYuan")]
    [InlineData("""{ "rowCap": 0, "columns": [ { "header": "a", "content": "payeeAccount" }, { "header": "b", "content": "amountFen" } ] }""", "rowCap")]
    [InlineData("""{ "fileName": "../x{number}{part}", "columns": [ { "header": "a", "content": "payeeAccount" }, { "header": "b", "content": "amountFen" } ] }""", "fileName")]
    [InlineData("""{ "columns": [ { "header": "a", "content": "payeeAccount" }, { "header": "b", "content": "amountFen" } ], "return": { "columns": [ { "column": 1, "content": "reference" } ], "words": { "paid": ["S"] } } }""", "return.columns")]
    [InlineData("""{ "columns": [ { "header": "a", "content": "payeeAccount" }, { "header": "b", "content": "amountFen" } ], "return": { "columns": [ { "column": 1, "content": "reference" }, { "column": 2, "content": "status" } ], "words": { "paid": ["S"], "failed": ["S"] } } }""", "return.words")]
    public void A_format_that_cannot_be_used_names_file_and_field(string text, string field)
    {
        var fault = Assert.Throws<InvalidOperationException>(() => BankFormat.Parse("东乡.json", text));
        Assert.StartsWith("东乡.json", fault.Message, StringComparison.Ordinal);
        Assert.Contains(field, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PXQ00000007-3", true, 7, 3)]
    [InlineData("PXQ7-3", true, 7, 3)]
    [InlineData("PXQ00000007", false, 0, 0)]
    [InlineData("ABC-3", false, 0, 0)]
    [InlineData("PXQ99999999999999999999-1", false, 0, 0)]
    public void A_reference_names_payment_and_row(string text, bool isOurs, int payment, int row)
    {
        Assert.Equal(isOurs, ReturnFile.TryParseReference(text, out var id, out var number));
        if (isOurs) Assert.Equal((payment, row), ((int)id.Value, number));
    }

    [Fact]
    public void A_return_in_gb18030_and_fen_is_read_by_its_format()
    {
        var format = BankFormat.Parse("g.json", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Settling", "Payments", BankFormats.Folder, "gb18030-csv.json")));
        var text = "合计|2|1\r\nPXQ00000007-1|****8888|河州 名厨|360050|成 功||S1\r\n\r\nPXQ00000007-2|x|y|abc|失败|账号不存在|S2\r\n";
        var rows = ReturnFile.Read(format.Return!, CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes(text));
        Assert.Equal([PaymentAnswer.Paid, PaymentAnswer.Failed], rows.Select(row => row.Answer!.Value));
        Assert.Equal((new Fen(360_050), "S1", 2), (rows[0].Amount!.Value, rows[0].Serial, rows[0].Line));
        Assert.Equal((true, (Fen?)null, "账号不存在"), (rows[1].HasAmount, rows[1].Amount, rows[1].Reason));
    }
}
