using System.Text;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Tests.Settling;

public sealed class PaymentFileTests
{
    private const string Template = """
        { "encoding": "ENCODING", "columns": [
          { "header": "序号", "content": "rowNumber" }, { "header": "收款单位", "content": "payeeName" },
          { "header": "账号", "content": "payeeAccount" }, { "header": "金额(元)", "content": "amountYuan" }, { "header": "用途", "content": "purpose" } ] }
        """;

    private static readonly PayableRow Row = new("河州名厨培训学校", "农商行", "6228000000000008888", new Fen(360_050), 3, "X", "技能培训");

    [Fact]
    public void Columns_stand_in_the_templates_order_and_excel_is_told_the_encoding()
    {
        var file = PaymentFile.Write(PaymentTemplate.Parse(Template.Replace("ENCODING", "utf-8-bom")), new PaymentId(7), [Row]);
        Assert.Equal<byte>([0xEF, 0xBB, 0xBF], file[..3]);
        Assert.Equal(
            "序号,收款单位,账号,金额(元),用途\r\n1,河州名厨培训学校,6228000000000008888,3600.50,培训券补贴 技能培训\r\n",
            Encoding.UTF8.GetString(file[3..]));
    }

    [Fact]
    public void Gb18030_is_written_as_old_bank_programs_read_it_rare_names_too()
    {
        var gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!;
        var file = PaymentFile.Write(PaymentTemplate.Parse(Template.Replace("ENCODING", "gb18030")), new PaymentId(7), [Row with { PayeeName = "𬱟镇学校" }]);
        Assert.Equal(gb18030.GetBytes("序号"), file[..4]);
        Assert.Contains(",𬱟镇学校,", gb18030.GetString(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+86", "'+86")]
    [InlineData("-2", "'-2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("=A,\"B\"", "\"'=A,\"\"B\"\"\"")]
    [InlineData("甲,乙\"丙\"", "\"甲,乙\"\"丙\"\"\"")]
    [InlineData("两\n行", "\"两\n行\"")]
    public void A_cell_is_never_a_formula_and_never_breaks_its_row(string name, string cell)
    {
        var file = PaymentFile.Write(PaymentTemplate.Parse(Template.Replace("ENCODING", "utf-8-bom")), new PaymentId(7), [Row with { PayeeName = name }]);
        Assert.Contains($"\r\n1,{cell},6228", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{ "encoding": "utf-8-bom", "columns": [] }""")]
    [InlineData("""{ "encoding": "latin1", "columns": [ { "header": "a", "content": "payeeName" } ] }""")]
    [InlineData("""{ "encoding": "utf-8-bom", "columns": [ { "header": "a", "content": "password" } ] }""")]
    [InlineData("""{ "encoding": "utf-8-bom", "columns": [ { "header": null, "content": "payeeName" } ] }""")]
    [InlineData("""{ "encoding": "utf-8-bom", "columns": [ { "content": "payeeName" } ] }""")]
    [InlineData("""{ "encoding": "utf-8-bom" }""")]
    public void A_template_that_cannot_be_used_says_why(string text)
    {
        var fault = Assert.Throws<InvalidOperationException>(() => PaymentTemplate.Parse(text));
        Assert.StartsWith(PaymentTemplate.FileName, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_county_may_put_its_own_template_in_the_servers_home()
    {
        var home = Directory.CreateTempSubdirectory("voucher-template-").FullName;
        Assert.Equal(7, PaymentTemplate.Load(home).Columns.Count);
        File.WriteAllText(Path.Combine(home, PaymentTemplate.FileName), Template.Replace("ENCODING", "gb18030"));
        Assert.Equal(5, PaymentTemplate.Load(home).Columns.Count);
        Directory.Delete(home, recursive: true);
    }
}
