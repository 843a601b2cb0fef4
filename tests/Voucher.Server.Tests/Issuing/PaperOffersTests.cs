using Dapper;
using Voucher.Core;
using Voucher.Core.Vouchers;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Printing;

namespace Voucher.Server.Tests.Issuing;

/// <summary>The second half of the voucher's sheet is the public menu's list, in the order of the holder's township.</summary>
public sealed class PaperOffersTests(CountyAtRest county) : IClassFixture<CountyAtRest>
{
    [Fact]
    public async Task Each_sheet_has_the_institutions_of_its_holders_township_first_and_marked()
    {
        var batch = await county.IssuedBatchAsync(2);
        await using var connection = await county.Database.OpenConnectionAsync();
        var vouchers = await BatchVoucherStore.ListAsync(connection, batch.Id, null, 0, 2);
        var ids = vouchers.Select(voucher => voucher.Id).ToList();
        await connection.ExecuteAsync("update person set township_code = 622926104 where id = (select person_id from voucher where id = @id)", new { id = ids[0].Value });
        await connection.ExecuteAsync("update person set township_code = 622926101 where id = (select person_id from voucher where id = @id)", new { id = ids[1].Value });
        var paper = await PaperStore.ReadAsync(connection, county.Get<County>(), batch, null, ids, CountyTime.DayOf(county.Clock.GetUtcNow()));
        var html = await county.Get<PaperHtml>().RenderAsync(paper);
        Assert.Equal("巧娘手工编织合作社（本乡镇）", FirstOf(html, ids[0]));
        Assert.Equal("河州名厨培训学校（本乡镇）", FirstOf(html, ids[1]));
    }

    private static string FirstOf(string html, VoucherId voucher)
    {
        var sheet = html[html.IndexOf($"data-voucher=\"{voucher}\"", StringComparison.Ordinal)..];
        var offers = sheet[sheet.IndexOf("class=\"offers\"", StringComparison.Ordinal)..];
        var cell = offers.IndexOf("<tr><td>", StringComparison.Ordinal) + "<tr><td>".Length;
        return offers[cell..offers.IndexOf("</td>", cell, StringComparison.Ordinal)];
    }
}
