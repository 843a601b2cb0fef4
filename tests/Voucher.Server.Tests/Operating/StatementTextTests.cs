using Voucher.Server.Operating;

namespace Voucher.Server.Tests.Operating;

public sealed class StatementTextTests
{
    [Theory]
    [InlineData("select * from person where name = '马小梅' and id = $1", "select * from person where name = '…' and id = $1")]
    [InlineData("select 'it''s' || E'a\\'b' , 5", "select '…' || E'…' , 5")]
    [InlineData("select 622926199003074516, 12345, 123456", "select #, 12345, #")]
    [InlineData("select $$马小梅$$, $a$x$b$y$a$, $2", "select '…', '…', $2")]
    [InlineData("select 1 -- 马小梅 13800138000\n, 2 /* outer /* inner */ 13800138000 */ , 3", "select 1 , 2 , 3")]
    [InlineData("update x  set\n y = 'cut off in the mid", "update x set y = '…'")]
    [InlineData("select \"odd 'name'\" from t1", "select \"odd 'name'\" from t1")]
    [InlineData("select 'a' /* never closed 13800138000", "select '…'")]
    [InlineData("", "")]
    public void Literals_long_numbers_and_comments_are_taken_out(string sql, string shown) =>
        Assert.Equal(shown, StatementText.WithoutLiterals(sql));

    [Fact]
    public void A_long_statement_is_cut()
    {
        var shown = StatementText.WithoutLiterals("select " + string.Join(", ", Enumerable.Range(0, 500).Select(i => $"c{i}")));
        Assert.Equal(StatementText.Longest + 1, shown.Length);
    }
}
