using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Terminal.Link;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Link;

/// <summary>What the hub refuses is answered; REST is for a hub that does not answer.</summary>
public sealed class HubRefusalTests
{
    private static readonly ScanRequest Scan = new(
        Guid.NewGuid(), 1, ScanMode.CheckIn, 31, Digits: null, "123456789012", HolderCheck: null, DateTimeOffset.UnixEpoch);

    private static Asked? Said(string message) => HubRefusal.In(Scan, $"An unexpected error occurred invoking 'Scan' on the server. HubException: {message}");

    [Fact]
    public async Task A_number_used_before_is_asked_once_over_the_hub_and_never_over_REST()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Fates[kiosk.Journal.LastSequence + 1] = Mood.SequenceReused;
        var verdict = await kiosk.CheckIn(server.County.NewVoucher());
        Assert.Equal(203, verdict.Refusal());
        Assert.Equal(RefusalText.Of(RefusalCode.SequenceReused).Reason.En, verdict.GetProperty("reason").GetProperty("en").GetString());
        Assert.Equal("hub", Assert.Single(server.Asked).Via);
    }

    [Theory]
    [InlineData(Mood.Busy)]
    [InlineData(Mood.SlowDown)]
    [InlineData(Mood.NotActive)]
    internal async Task What_passes_is_asked_again_over_the_hub(Mood passing)
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Moods.Enqueue(passing);
        await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.Until(state => state.WaitingCount() == 0);
        Assert.Equal(["hub", "hub"], server.Asked.Select(asked => asked.Via));
    }

    [Fact]
    public async Task A_hub_that_fails_is_no_answer_and_REST_is_asked()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Moods.Enqueue(Mood.Fail);
        Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        Assert.Equal(["hub", "rest"], server.Asked.Select(asked => asked.Via));
    }

    [Fact]
    public void A_number_is_an_answer_in_both_languages()
    {
        var answer = Assert.IsType<Asked.Answered>(Said("refused:202")).Answer;
        Assert.Equal((Scan.ScanId, false, 202), (answer.ScanId, answer.Accepted, answer.Refusal));
        Assert.Equal(RefusalText.Of(RefusalCode.ScanIdReused).Reason, answer.Reason);
        Assert.Equal(RefusalText.Of(RefusalCode.ScanIdReused).NextStep, answer.NextStep);
    }

    [Theory]
    [InlineData("bad-input:scannedAt")]
    [InlineData("refused:999")]
    [InlineData("refused:203, or so")]
    [InlineData("")]
    public void What_has_no_words_here_is_left_to_REST(string message) => Assert.Null(Said(message));
}
