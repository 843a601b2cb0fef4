using System.Text.Json;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Link;

/// <summary>Scans that the server will never take: told to the desk, and waited for no longer.</summary>
public sealed class FinalNoTests
{
    private static string? In(JsonElement verdict, string part, string language) => verdict.GetProperty(part).GetProperty(language).GetString();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_number_used_before_is_refused_for_good_in_the_servers_words(bool withHub)
    {
        await using var server = await new ServerPeer(withHub).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Fates[1] = Mood.SequenceReused;
        await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.Until(state => state.WaitingCount() == 0);
        var answer = Assert.Single(kiosk.Journal.Latest(2)).Answer!;
        Assert.False(answer.Accepted);
        Assert.Equal(203, answer.Refusal);
        Assert.Equal(Core.Refusals.RefusalText.Of(Core.Refusals.RefusalCode.SequenceReused).Reason, answer.Reason);
        Assert.Equal(Core.Refusals.RefusalText.Of(Core.Refusals.RefusalCode.SequenceReused).NextStep, answer.NextStep);
        // The next one is not held up.
        Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
    }

    [Fact]
    public async Task A_scan_of_a_clock_days_ahead_is_refused_late_and_tells_what_is_wrong()
    {
        await using var server = await new ServerPeer().Start();
        using var cable = new Cable(server.Address);
        var clock = new SetClock();
        await using var kiosk = await Server.Kiosk.StartOnline(cable.Address, clock);
        cable.Cut();
        await kiosk.Until(state => !state.IsOnline());
        clock.Ahead = TimeSpan.FromDays(40);
        var saved = await kiosk.CheckIn(server.County.NewVoucher());
        Assert.Equal("waiting", saved.Outcome());
        clock.Ahead = TimeSpan.Zero;
        var late = Assert.Single(await kiosk.Told("late", 1, cable.Heal));
        Assert.Equal("refused", late.Outcome());
        Assert.Equal(saved.GetProperty("scanId").GetString(), late.GetProperty("scanId").GetString());
        Assert.Contains("终端时钟太快", In(late, "reason", "zh"), StringComparison.Ordinal);
        Assert.Contains("clock is ahead", In(late, "reason", "en"), StringComparison.Ordinal);
        Assert.Contains("Set", In(late, "nextStep", "en"), StringComparison.Ordinal);
        Assert.StartsWith("6229 26", late.GetProperty("voucherNumber").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await kiosk.State()).WaitingCount());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_no_that_says_when_to_ask_again_is_not_for_good_and_holds_up_nobody(bool withHub)
    {
        await using var server = await new ServerPeer(withHub).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Fates[1] = Mood.NoRuleYet;
        Assert.NotEqual("refused", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.Until(_ => kiosk.Journal.Latest(2).Exists(entry => entry.Sequence > 1 && entry.Answer is { Accepted: true }));
        Assert.Null(kiosk.Journal.Latest(2).Single(entry => entry.Sequence == 1).Answer);
    }

    [Theory]
    [InlineData(Mood.StrangersPage)]
    [InlineData(Mood.Unreadable)]
    [InlineData(Mood.NotActive)]
    [InlineData(Mood.Busy)]
    [InlineData(Mood.Fail)]
    [InlineData(Mood.NoRuleYet)]
    internal async Task What_may_pass_is_asked_again(Mood passing)
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Moods.Enqueue(passing);
        await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.Until(state => state.WaitingCount() == 0);
        Assert.True(Assert.Single(kiosk.Journal.Latest(2)).Answer!.Accepted);
    }
}
