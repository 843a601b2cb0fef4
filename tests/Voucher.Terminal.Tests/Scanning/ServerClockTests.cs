using Voucher.Core.Wire;
using Voucher.Terminal.Setup;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Scanning;

public sealed class ServerClockTests : IDisposable
{
    private static readonly TimeSpan ALittle = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-clock-test-").FullName;
    private readonly SetClock _clock = new();

    private ServerClock Reopened() => new(_folder, _clock);

    [Fact]
    public void A_clock_is_doubted_until_the_server_has_been_heard() => Assert.True(Reopened().IsDoubted);

    [Fact]
    public void What_was_heard_is_known_after_a_restart_and_bounds_what_is_believed()
    {
        Reopened().Heard(_clock.GetUtcNow());
        Assert.False(Reopened().IsDoubted);
        foreach (var (ahead, isDoubted) in new[]
        {
            (-TerminalLogin.ClockTolerance + ALittle, false), (-TerminalLogin.ClockTolerance - ALittle, true),
            (ServerClock.LongestSilence - ALittle, false), (ServerClock.LongestSilence + ALittle, true),
        })
        {
            _clock.Ahead = ahead;
            Assert.Equal(isDoubted, Reopened().IsDoubted);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("999999999999999999")]
    [InlineData("-5")]
    public void A_damaged_file_is_worth_no_more_than_none(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "server-time"), content);
        Assert.True(Reopened().IsDoubted);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
