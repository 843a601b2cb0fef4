using Dapper;
using Voucher.Server.OfflineLists;
using Voucher.Server.Tests.SeveralServers;

namespace Voucher.Server.Tests.OfflineLists;

public sealed class TwoServersPublishTests(TwoServers servers) : IClassFixture<TwoServers>
{
    [Fact]
    public async Task Two_servers_that_look_at_once_make_one_list_and_both_hand_it_out()
    {
        servers.First.Clock.Advance(StatusListPublisher.Every);
        await servers.First.Get<StatusListPublisher>().RunAsync();
        for (var round = 0; round < 5; round++)
        {
            var before = await ListsAsync();
            await servers.Scene.IssueAsync();
            servers.First.Clock.Advance(StatusListPublisher.Every + StatusListBook.KeepFor);
            await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => new[]
            {
                servers.First.Get<StatusListPublisher>().RunAsync(), servers.OfSecond<StatusListPublisher>().RunAsync(),
            }));
            Assert.Equal(before + 1, await ListsAsync());
            var (here, there) = (await servers.First.Get<StatusListBook>().NewestAsync(), await servers.OfSecond<StatusListBook>().NewestAsync());
            Assert.Equal(here!.Encoded, there!.Encoded);
        }
    }

    private async Task<int> ListsAsync()
    {
        await using var connection = await servers.First.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("select count(*)::int from status_list_delta");
    }
}
