using System.Net;
using System.Security.Cryptography.X509Certificates;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Lan;

/// <summary>A PC whose battery is dead believes what year it likes; its tablets know better, and must find it again when its clock is mended.</summary>
public sealed class WrongClockTests
{
    public static TheoryData<int> Years { get; } = [1990, 2010, 2024, 2035, 2060, 2099];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Theory, MemberData(nameof(Years))]
    public async Task An_authority_outlives_a_wrong_clock_and_tablets_trust_the_door_again_when_it_is_mended(int year)
    {
        string home, thumbprint;
        await using (var before = await LanSite.Start())
        {
            (home, thumbprint) = (before.Home, before.Authority.Thumbprint);
            before.IsKept = true;
        }
        var clock = In(year);
        await using var site = await LanSite.Start(home, clock);
        Assert.Equal(HttpStatusCode.OK, (await site.Pc.GetAsync("local/state")).StatusCode);
        Assert.Equal(thumbprint, site.Authority.Thumbprint);
        clock.Ahead = TimeSpan.Zero;
        await AssertIsTrusted(site);
        Assert.Equal(thumbprint, Forger.AuthorityOf(home).Thumbprint);
    }

    [Theory, MemberData(nameof(Years))]
    public async Task An_authority_that_was_made_under_a_wrong_clock_is_trusted_when_it_is_mended(int year)
    {
        var clock = In(year);
        await using var site = await LanSite.Start(time: clock);
        Assert.Equal(HttpStatusCode.OK, (await site.Pc.GetAsync("local/state")).StatusCode);
        var thumbprint = site.Authority.Thumbprint;
        clock.Ahead = TimeSpan.Zero;
        await AssertIsTrusted(site);
        Assert.Equal(thumbprint, Forger.AuthorityOf(site.Home).Thumbprint);
    }

    [Fact]
    public async Task A_clock_that_was_a_hundred_days_ahead_does_not_leave_a_certificate_that_begins_tomorrow()
    {
        var clock = new SetClock { Ahead = TimeSpan.FromDays(100) };
        await using var site = await LanSite.Start(time: clock);
        clock.Ahead = TimeSpan.Zero;
        await AssertIsTrusted(site);
    }

    private static SetClock In(int year) => new() { Ahead = new DateTimeOffset(year, 6, 1, 0, 0, 0, TimeSpan.Zero) - Now };

    /// <summary>Within a few looks of the housekeeping.</summary>
    private static async Task AssertIsTrusted(LanSite site)
    {
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        var why = X509ChainStatusFlags.NoError;
        while (true)
        {
            using var shown = await site.Shown();
            if (shown is not null && (why = Forger.WhyNot(site.Authority.RawData, shown)) == X509ChainStatusFlags.NoError && IsOfOneYear(shown)) return;
            Assert.False(patience.IsCancellationRequested, $"The tablet does not trust the door: {why}, {shown?.NotBefore:O}–{shown?.NotAfter:O}");
            await Task.Delay(200);
        }
    }

    /// <summary>Some tablets take none that is good for longer than 825 days.</summary>
    private static bool IsOfOneYear(X509Certificate2 shown) => shown.NotAfter - shown.NotBefore < TimeSpan.FromDays(370);
}
