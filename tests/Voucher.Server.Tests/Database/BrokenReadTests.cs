using Voucher.Server.Database;
using System.Data;
using Npgsql;
using Voucher.Server.Redeeming;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Tests.Database;

/// <summary>A connection that breaks in the middle of a row: Dapper's word for it hides that it may pass.</summary>
public sealed class BrokenReadTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly DataException Broken = new("Exception while reading from stream", new NpgsqlException("Exception while reading from stream"));

    [Fact]
    public void A_batch_is_tried_again() => Assert.True(server.Get<IScanLedger>().IsPassing(Broken));

    [Fact]
    public void An_import_goes_on_later_instead_of_being_given_up() => Assert.True(BrokenRead.MayPass(Broken));

    [Fact]
    public void A_row_that_means_nothing_to_us_is_not_a_broken_connection()
    {
        DataException strange = new("Error parsing column 0", new InvalidCastException());
        Assert.False(server.Get<IScanLedger>().IsPassing(strange));
        Assert.False(BrokenRead.MayPass(strange));
    }
}
