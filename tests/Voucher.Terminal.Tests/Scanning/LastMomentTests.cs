using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
using Voucher.Terminal.Link;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Scanning;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Scanning;

/// <summary>The answer arrives in the very moment in which the desk gives up waiting for it.</summary>
public sealed class LastMomentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;
    private readonly County _county = new();
    private readonly ImpatientClock _clock = new();
    private readonly AnswerDesk _answers;
    private readonly CurrentTerminal _current;
    private readonly FrontDesk _desk;

    public LastMomentTests()
    {
        _answers = new AnswerDesk(_clock);
        var home = new TerminalHome(_folder, TestSeal.New());
        _current = new CurrentTerminal(home, new ConfigurationBuilder().Build(), _clock, NullLogger<CurrentTerminal>.Instance);
        var board = new LinkBoard(_clock);
        var folder = home.NewPairing(_clock);
        using var key = DeviceKey.Create(home.FolderOf(folder), home.Seal);
        var terminal = new PairedTerminal(home, new TerminalPairing(new Uri("http://127.0.0.1:9/"), 5, "前台", key.Fingerprint, folder, _county.RootPublicKey), _clock);
        Assert.Equal(Setup.SetupFault.None, terminal.Accept(_county.Setup(5, 0)));
        _current.Replace(terminal);
        board.Stand(Standing.Active);
        board.Up(LinkBoard.Rest);
        _desk = new FrontDesk(_current, _answers, board, new OfflineDesk(_clock), new DeskHistory(_current, _answers), _clock);
    }

    [Fact]
    public async Task It_is_shown_or_told_late_and_never_lost()
    {
        var toldLate = new ConcurrentDictionary<Guid, bool>();
        _answers.Answered += (_, arrived) => toldLate[arrived.Answer.ScanId] = !arrived.SomeoneWaited;
        for (var round = 0; round < 60; round++)
        {
            var scanId = Guid.NewGuid();
            var delivering = Task.CompletedTask;
            var later = round * 40;
            _clock.BeforeTimeout = () => delivering = Deliver(scanId, later);
            var order = new ScanOrder(scanId, ScanMode.CheckIn, 31, _county.NewVoucher(), ShortCode: null, IdNumber: null);
            var verdict = Assert.IsType<Outcome<Verdict>.Done>(await _desk.Scan(order, CancellationToken.None)).Value;
            await delivering;
            Assert.True(verdict.Outcome == VerdictOutcome.Accepted || toldLate[scanId], $"Round {round}: the screen stays {verdict.Outcome} and nothing follows.");
        }
    }

    /// <summary>As the pump does it: journal first, then whoever waits. Begins on another thread before this returns.</summary>
    private Task Deliver(Guid scanId, int later)
    {
        var answer = new ScanAnswer(
            scanId, Accepted: true, 0, new("签到成功。", "Checked in."), new("", ""), null, null, null, null, null, 1, _clock.GetUtcNow());
        _current.Value!.Journal.Answer(answer);
        var begun = false;
        var delivering = Task.Run(() =>
        {
            Volatile.Write(ref begun, true);
            Thread.SpinWait(later);
            _answers.Deliver(answer);
        });
        SpinWait.SpinUntil(() => Volatile.Read(ref begun));
        return delivering;
    }

    public void Dispose()
    {
        _current.Dispose();
        _county.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Every timeout comes at once; just before it, something else happens.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public Action BeforeTimeout { get; set; } = () => { };

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(
                late =>
                {
                    BeforeTimeout();
                    callback(late);
                },
                state, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
