using Voucher.Core;
using Voucher.Core.Journals;
using Voucher.Core.OfflineLists;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Link;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Setup;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>
/// How long a terminal takes itself to have been without the server, beside what the server makes of its journal. Random histories of a
/// machine that goes on- and offline, is started anew and has its clock set; time, chain and judge are the real ones.
/// </summary>
public sealed class SilenceTests : IDisposable
{
    private const int Histories = 200;
    private static readonly DateTimeOffset Paired = new(2026, 11, 2, 1, 0, 0, TimeSpan.Zero);
    private static readonly OfflineLimits Limits = new(24, 72, 7, 30, EnrolmentOpensDaysBefore: 60, EnrolmentClosesDaysAfter: 60, SessionMarginMinutes: 60);

    /// <summary>Thousands of entries, each through to a real disk, would take minutes; nothing here is about the disk.</summary>
    private static string InMemory => Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(InMemory, $"voucher-silence-test-{Guid.NewGuid():N}")).FullName;
    private readonly County _county = new();

    [Fact]
    public void What_the_terminal_accepts_the_server_never_holds_for_having_been_offline_too_long()
    {
        var seen = new Seen();
        for (var seed = 1; seed <= Histories; seed++)
        {
            using var history = new History(Directory.CreateDirectory(Path.Combine(_folder, $"{seed}")).FullName, _county, new Random(seed), seen);
            history.Run();
            Assert.True(history.TooGenerous is null, $"Seed {seed}: {history.TooGenerous}");
        }
        // Both sides of the rule were met, in histories with a clock that was set and without.
        Assert.True(seen is { Accepted: > 500, Refused: > 200, HeldOfRefused: > 100, AcceptedAfterSetting: > 50 }, $"{seen}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-120)]
    [InlineData(120)]
    public void The_hours_are_those_that_elapsed_whatever_the_clock_was_set_to(int minutesSet)
    {
        var clock = new MachineClock(Paired);
        new ServerClock(_folder, clock, clock.Boot).Heard(clock.Real);
        clock.Ahead = TimeSpan.FromMinutes(minutesSet);
        clock.Pass(TimeSpan.FromHours(72));
        var silence = new ServerClock(_folder, clock, clock.Boot).Silence!.Value;
        Assert.Equal(TimeSpan.FromHours(72) + TimeSpan.FromMinutes(Math.Max(0, minutesSet)), silence);
    }

    [Fact]
    public void Over_a_reboot_the_error_of_the_clock_when_the_server_was_heard_is_allowed_for()
    {
        var clock = new MachineClock(Paired) { Ahead = TimeSpan.FromHours(-2) };
        new ServerClock(_folder, clock, clock.Boot).Heard(clock.Real);
        clock.Pass(TimeSpan.FromHours(72));
        clock.Reboot();
        Assert.Equal(TimeSpan.FromHours(72), new ServerClock(_folder, clock, clock.Boot).Silence);
    }

    [Fact]
    public void What_an_older_program_has_written_down_is_understood()
    {
        var clock = new MachineClock(Paired);
        File.WriteAllText(Path.Combine(_folder, "server-time"), $"{Paired.ToUnixTimeSeconds()}");
        clock.Pass(TimeSpan.FromHours(5));
        Assert.Equal(TimeSpan.FromHours(5), new ServerClock(_folder, clock, clock.Boot).Silence);
        Assert.Null(new ServerClock(Path.Combine(_folder, "none"), clock).Silence);
    }

    public void Dispose()
    {
        _county.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Seen
    {
        public int Accepted { get; set; }
        public int Refused { get; set; }
        public int HeldOfRefused { get; set; }
        public int AcceptedAfterSetting { get; set; }

        public override string ToString() => $"{Accepted} accepted ({AcceptedAfterSetting} after a clock was set), {Refused} refused, {HeldOfRefused} of them held by the server too";
    }

    private sealed class History : IDisposable
    {
        private readonly string _folder;
        private readonly Random _random;
        private readonly Seen _seen;
        private readonly MachineClock _clock = new(Paired);
        private readonly DeviceKey _key;
        private readonly VoucherToken _token;
        private readonly TerminalClass _class;
        private readonly string _digits;
        private readonly List<Given> _receipts = [];
        private readonly List<(JournalEntry Entry, bool IsAccepted, bool IsSet)> _scans = [];
        private ScanJournal _journal = null!;
        private ServerClock _server = null!;
        private bool _wasSet;

        public History(string folder, County county, Random random, Seen seen)
        {
            (_folder, _random, _seen) = (folder, random, seen);
            _key = DeviceKey.Create(folder, TestSeal.New());
            _digits = county.NewVoucher();
            _token = TokenDecoder.TryDecode(_digits, out var token) == TokenFault.None ? token! : throw new InvalidOperationException();
            var day = CountyTime.DayOf(Paired);
            _class = county.Setup(5, 0).Classes[0] with
            {
                StartsOn = day, EndsOn = day.AddDays(60),
                Times = [.. Enumerable.Range(-1, 62).Select(n => new ClassTime(n, day.AddDays(n), new TimeOnly(0, 0), new TimeOnly(23, 59)))],
            };
            _clock.Ahead = Minutes(-9, 9);
            Open();
        }

        /// <summary>What the server would hold although the terminal has accepted it; <c>null</c> when there is nothing.</summary>
        public string? TooGenerous { get; private set; }

        public void Run()
        {
            for (var phase = 0; phase < 3; phase++)
            {
                Online();
                Offline();
            }
            Online();
            foreach (var (entry, isAccepted, isSet) in _scans) Compare(entry, isAccepted, isSet);
        }

        private TimeSpan Minutes(int from, int to) => TimeSpan.FromMinutes(_random.Next(from, to + 1));

        private void Open()
        {
            _journal = ScanJournal.Open(Path.Combine(_folder, "journal.db"), _key, _clock, _clock.Boot);
            _server = new ServerClock(_folder, _clock, _clock.Boot);
            if (_server.LastHeard is { } heard) _journal.Heard(heard);
        }

        private void Restart(bool isReboot)
        {
            _journal.Dispose();
            if (isReboot) _clock.Reboot();
            Open();
        }

        /// <summary>As the link does it: log-in with a clock that is nearly right, receipts, and now and then the lists' word.</summary>
        private void Online()
        {
            // Whoever is not let in sets the clock right, or nearly.
            if (_clock.Ahead.Duration() > TerminalLogin.ClockTolerance) Set(Minutes(-9, 9));
            LogIn();
            for (var minutes = _random.Next(1, 900); minutes > 0; minutes -= 30)
            {
                Anchor();
                _clock.Pass(TimeSpan.FromMinutes(30));
                LogIn();
                Hear();
                if (_random.Next(15) == 0) Scan(ScanMode.Enrol, isTold: _random.Next(2) == 0);
            }
            if (_random.Next(2) == 0) return;
            // Set while the last log-in still holds, and a scan that was told late has its receipt before the line goes.
            Set(Minutes(-180, 180));
            if (_random.Next(2) == 0) Hear();
            Scan(ScanMode.Enrol, isTold: true);
            Anchor();
        }

        private void Offline()
        {
            var until = _clock.Real + TimeSpan.FromHours(_random.Next(1, 200));
            while (_clock.Real < until)
            {
                _clock.Pass(TimeSpan.FromMinutes(_random.Next(1, 12 * 60)));
                switch (_random.Next(30))
                {
                    case 0: Set(_clock.Ahead + Minutes(-180, 180)); break;
                    case 1: Restart(isReboot: true); break;
                    case 2: Restart(isReboot: false); break;
                    case 3: _clock.Ahead += Minutes(-3, 3); break;
                }
                Scan(_random.Next(2) == 0 ? ScanMode.Enrol : ScanMode.CheckIn, isTold: null);
            }
        }

        private void Set(TimeSpan ahead)
        {
            _clock.Ahead = ahead;
            _wasSet = true;
        }

        private void LogIn()
        {
            if (_clock.Ahead.Duration() > TerminalLogin.ClockTolerance) return;
            _server.Heard(_clock.Real);
            _journal.Heard(_clock.Real);
        }

        /// <summary>The lists say the server's time in whole seconds.</summary>
        private void Hear()
        {
            var said = DateTimeOffset.FromUnixTimeSeconds(_clock.Real.ToUnixTimeSeconds());
            _server.HeardAtLeast(said);
            _journal.Heard(said);
        }

        private void Anchor()
        {
            if (_journal.Backlog is not { Head: { } head } backlog) return;
            var isDue = backlog.HasUnbounded || backlog.Receipt is not { } last || last.BootId != _clock.Boot
                || _clock.GetUtcNow().ToUnixTimeMilliseconds() - last.WallMs > JournalUplink.AnchorEvery.TotalMilliseconds;
            if (!isDue) return;
            var said = new HeadReceipt(5, head.Sequence, head.Hash, _clock.Real, County.KeyId, new byte[ChainLink.SignatureLength]);
            _server.HeardAtLeast(said.At);
            _journal.Heard(said.At);
            _journal.AppendReceipt(said);
            using var file = JournalStore.OpenToRead(Path.Combine(_folder, "journal.db"));
            _receipts.Add(new Given(file.Last()!, said));
        }

        /// <param name="isTold">Whether the desk is told that it is accepted; by the judge when the server is away.</param>
        private void Scan(ScanMode mode, bool? isTold)
        {
            var isAccepted = isTold ?? (!_server.IsDoubted && OfflineJudge.Decide(mode, _class.Id, _token, Known(), _clock.GetUtcNow()) is OfflineVerdict.Provisional);
            // What the terminal refuses is written down here all the same, to see what the server would have said.
            var scan = new NewScan(Guid.NewGuid(), mode, _class.Id, _digits, ShortCode: null, _token.Holder.Value);
            var entry = ((Appended.Written)_journal.Append(scan, isProvisional: true)).Entry;
            if (isTold is null) _scans.Add((entry, isAccepted, _wasSet));
        }

        private OfflineKnowledge Known() => new(
            Limits, _server.Silence, VoucherStatus.Usable, OnRoster: null, _class, OwnScans: [], EnrolledHere: 0, EnrolledInClass: 0);

        /// <summary>As the server does it (BoundEntries): too long, beyond the limit and an hour of grace.</summary>
        private void Compare(JournalEntry entry, bool isAccepted, bool isSet)
        {
            var before = _receipts.Where(one => one.Entry.Sequence < entry.Sequence).MaxBy(one => one.Said.At);
            var after = _receipts.Where(one => one.Said.Sequence >= entry.Sequence).MinBy(one => one.Entry.Sequence);
            var time = EntryTime.Of(AnchorOf(before), entry.Link.Clock, entry.Link.CheckpointMs, AnchorOf(after)!).NotBefore(Paired);
            var allowed = entry.Request.Mode == ScanMode.Enrol ? TimeSpan.FromHours(Limits.EnrolHours) : TimeSpan.FromDays(Limits.AttendanceDays);
            var isHeld = !time.IsClockDoubted && time.At - time.Bounds.From > allowed + TimeSpan.FromHours(1);
            if (isAccepted) _seen.Accepted++; else _seen.Refused++;
            if (isAccepted && isSet) _seen.AcceptedAfterSetting++;
            if (!isAccepted && isHeld) _seen.HeldOfRefused++;
            if (isAccepted && isHeld) TooGenerous = $"entry {entry.Sequence}, {entry.Request.Mode}, {time.At - time.Bounds.From} after the server was heard";
        }

        private static Anchor? AnchorOf(Given? one) => one is null ? null : new Anchor(one.Said.At, one.Entry.Link.Clock);

        /// <summary>A receipt and the entry that holds it.</summary>
        private sealed record Given(JournalEntry Entry, HeadReceipt Said);

        public void Dispose()
        {
            _journal.Dispose();
            _key.Dispose();
        }
    }
}
