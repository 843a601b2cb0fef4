using System.Net.Http.Json;
using Voucher.Terminal.Kiosk;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Kiosk;

/// <summary>The pages that are open, while the journal cannot be read for a moment.</summary>
public sealed class OpenPagesTests : IAsyncLifetime
{
    private readonly ServerPeer _server = new();
    private Server.Kiosk _kiosk = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.Start();
        _kiosk = await Server.Kiosk.StartOnline(_server.Address);
    }

    [Theory]
    [InlineData("entry")]
    [InlineData("told")]
    public async Task A_page_that_could_not_be_opened_leaves_its_place_to_the_next(string unreadable)
    {
        _kiosk.ExecuteInJournal($"alter table {unreadable} rename to elsewhere");
        for (var page = 0; page < KioskEvents.MostPages; page++)
        {
            using var answer = await _kiosk.Http.GetAsync("local/events", HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(500, (int)answer.StatusCode);
        }
        _kiosk.ExecuteInJournal($"alter table elsewhere rename to {unreadable}");
        Assert.Single(await _kiosk.Told("state", 1));
    }

    [Fact]
    public async Task What_a_person_asked_for_is_answered_though_the_pages_cannot_be_told()
    {
        await _kiosk.Told("state", 1, () =>
        {
            var before = PairAgain();
            _kiosk.ExecuteInJournal("alter table entry rename to elsewhere");
            Assert.Equal(before, PairAgain());
            _kiosk.ExecuteInJournal("alter table elsewhere rename to entry");
        });
    }

    private int PairAgain()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "local/pair") { Content = JsonContent.Create(new { server = _server.Address, code = "1", name = "x" }) };
        using var answer = _kiosk.Http.Send(request);
        return (int)answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _kiosk.DisposeAsync();
        await _server.DisposeAsync();
    }
}
