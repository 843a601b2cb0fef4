using System.Security.Cryptography;
using Voucher.Core.Journals;
using Voucher.Simulation.Storage;

namespace Voucher.Simulation.Merging;

/// <summary>What one terminal wrote down, and how what is in it reads.</summary>
internal sealed record WrittenJournal(ScanningTerminal Terminal, StandInKey Key, IReadOnlyList<JournalRecord> Entries);

/// <summary>An enrolment or attendance that was committed online before any journal came.</summary>
internal sealed record OnlineCommit(VoucherId Voucher, ClassId Class, DateTimeOffset At, IReadOnlyList<(SessionId Session, DateTimeOffset In, DateTimeOffset? Out)> Attended);

/// <summary>What happened at several desks, as it may reach a server in many ways.</summary>
internal sealed record MergeHistory(
    IReadOnlyList<(VoucherId Voucher, PersonId Person)> Vouchers, IReadOnlyList<OnlineCommit> Online, IReadOnlyList<WrittenJournal> Journals,
    IReadOnlyDictionary<Guid, ScanRequest> Scans, IReadOnlyDictionary<Guid, (long Covers, DateTimeOffset At)> Receipts);

/// <summary>
/// Stands in for a device's key, so that a hundred thousand journals can be checked in a minute; that the real one is asked,
/// and what it refuses, is tested beside <see cref="ChainCheck"/>.
/// </summary>
internal sealed class StandInKey(byte number) : ECDsa
{
    public override byte[] SignHash(byte[] hash) => [.. hash, .. hash.Select(one => (byte)(one ^ number))];

    public override bool VerifyHash(byte[] hash, byte[] signature) => signature.AsSpan().SequenceEqual(SignHash(hash));
}

/// <summary>The county in which it happens: three classes, two of them at the same time, each day three sessions close together.</summary>
internal static class MergeCounty
{
    public static readonly DateOnly Day = new(2026, 11, 23);
    public static readonly DateTimeOffset Start = CountyTime.At(Day, TimeOnly.MinValue);
    public const int Days = 3;

    public static readonly Policy Policy = CountyFile.Policy;

    public static readonly HolderCheck Holder = new(0xBEEF);

    private static readonly (TimeOnly From, TimeOnly To)[] Times = [(new(8, 0), new(8, 50)), (new(9, 0), new(11, 30)), (new(12, 0), new(14, 0))];

    public static IReadOnlyList<ScannedClass> Classes { get; } = [Class(1, 1, 0), Class(2, 2, 0), Class(3, 1, 10), Class(4, 2, 1)];

    private static ScannedClass Class(int id, int institution, int startsIn) => new(
        new ClassId(id), $"class {id}", "cook", new InstitutionId(institution), 1001, 3, Day.AddDays(startsIn), Day.AddDays(startsIn + Days - 1), true, true, 50, 0);

    public static IReadOnlyDictionary<ClassId, List<AttendedSession>> Sessions { get; } = Classes.ToDictionary(one => one.Id, one => Enumerable.Range(0, Days * 3)
        .Select(i => new AttendedSession(new SessionId(one.Id.Value * 100 + i), CountyTime.At(one.StartsOn.AddDays(i / 3), Times[i % 3].From), CountyTime.At(one.StartsOn.AddDays(i / 3), Times[i % 3].To)))
        .ToList());

    public static ScanningTerminal Terminal(int number) => new(
        new TerminalId(number), $"T{number}", new InstitutionId(1 + number % 2), $"I{1 + number % 2}", TerminalStatus.Active);
}

/// <summary>Makes a history of a seed.</summary>
internal sealed class MergeHistoryMaker(ulong seed)
{
    private readonly Random _random = new(unchecked((int)seed));
    private readonly Dictionary<Guid, ScanRequest> _scans = [];
    private readonly Dictionary<Guid, (long, DateTimeOffset)> _receipts = [];
    private List<(VoucherId Voucher, PersonId Person)> _vouchers = [];

    public static MergeHistory Make(ulong seed) => new MergeHistoryMaker(seed).Make();

    private MergeHistory Make()
    {
        var people = _random.Next(1, 3);
        _vouchers = [.. Enumerable.Range(1, people).SelectMany(person => Enumerable.Range(0, _random.Next(1, 3))
            .Select(i => (new VoucherId(new RegionCode(622926), (uint)(person * 10 + i)), new PersonId(person))))];
        List<OnlineCommit> online = _random.Next(4) == 0 ? [Online()] : [];
        var journals = Enumerable.Range(1, _random.Next(2, 4)).Select(Journal).ToList();
        return new MergeHistory(_vouchers, online, journals, _scans, _receipts);
    }

    private OnlineCommit Online()
    {
        var (voucher, _) = _vouchers[_random.Next(_vouchers.Count)];
        var inClass = new ClassId(_random.Next(1, 3));
        var session = MergeCounty.Sessions[inClass][_random.Next(6)];
        var at = session.Starts.AddMinutes(_random.Next(20));
        return new OnlineCommit(
            voucher, inClass, MergeCounty.Start.AddMinutes(_random.Next(400)), _random.Next(2) == 0 ? [] : [(session.Id, at, _random.Next(2) == 0 ? null : at.AddMinutes(20))]);
    }

    private WrittenJournal Journal(int number)
    {
        var key = new StandInKey((byte)number);
        var writer = new JournalWriter(this, number, key);
        var minute = _random.Next(200);
        for (var i = _random.Next(3, 11); i > 0; i--)
        {
            writer.Write(minute);
            minute += _random.Next(3) == 0 ? _random.Next(600) : _random.Next(45);
        }
        // Most come back to the server; what some have written since is never closed in, and counts nowhere.
        if (_random.Next(10) > 0) writer.Receipt(minute);
        return new WrittenJournal(MergeCounty.Terminal(number), key, writer.Entries);
    }

    /// <summary>A terminal that writes its journal in true time, by clocks that are wrong, set and started anew.</summary>
    private sealed class JournalWriter(MergeHistoryMaker history, int number, StandInKey key)
    {
        private readonly Random _random = history._random;
        private byte[] _last = new byte[ChainLink.HashLength];
        private Guid _boot = NewId(history._random);
        private int _started = -history._random.Next(10_000);
        private int _wrongBy = history._random.Next(4) == 0 ? history._random.Next(-300, 300) : 0;

        public List<JournalRecord> Entries { get; } = [];

        public void Write(int minute)
        {
            switch (_random.Next(20))
            {
                case < 4: Receipt(minute); break;
                case < 5: (_boot, _started) = (NewId(_random), minute - 1); break;
                case < 6 when _random.Next(4) == 0: _wrongBy += _random.Next(-200, 200); break;
                case < 11: Scan(minute, ScanMode.Enrol); break;
                case < 16: Scan(minute, ScanMode.CheckIn); break;
                case < 19: Scan(minute, ScanMode.CheckOut); break;
                default: Scan(minute, ScanMode.Complete); break;
            }
        }

        /// <summary>The server's minutes are coarse, so that the bounds of two desks often touch.</summary>
        public void Receipt(int minute)
        {
            var covers = Entries.Count;
            if (covers == 0) return;
            var id = NewId(_random);
            history._receipts.Add(id, (covers, MergeCounty.Start.AddMinutes(minute / 20 * 20)));
            Append(minute, JournalEntryKind.Receipt, id);
        }

        private void Scan(int minute, ScanMode mode)
        {
            var id = NewId(_random);
            var (voucher, _) = history._vouchers[_random.Next(history._vouchers.Count)];
            // Mostly a class of the own institution; now and then another one, or one that is not there.
            var inClass = _random.Next(15) switch { 0 => _random.Next(1, 6), var draw => (MergeCounty.Terminal(number).Institution.Value == 1 ? 1 : 2) + (draw < 4 ? 2 : 0) };
            var shown = _random.Next(20) switch { 0 => (int?)null, 1 => 0x0BAD, _ => MergeCounty.Holder.Value };
            history._scans.Add(id, new ScanRequest(id, Entries.Count + 1, mode, inClass, voucher.ToString(), null, shown, MergeCounty.Start.AddMinutes(minute)));
            Append(minute, JournalEntryKind.Scan, id);
        }

        private void Append(int minute, JournalEntryKind kind, Guid id)
        {
            var record = new JournalRecord(
                Entries.Count + 1, kind, id, "{}", _last, _boot, 60_000L * (minute - _started),
                MergeCounty.Start.AddMinutes(minute + _wrongBy).ToUnixTimeMilliseconds(), 0, [], IsProvisional: true);
            var hash = record.Hash();
            // A bad entry: the journal ends with it for the server, and what came before stands.
            Entries.Add(record with { Signature = _random.Next(100) == 0 ? new byte[64] : key.SignHash(hash) });
            _last = hash;
        }

        private static Guid NewId(Random random)
        {
            Span<byte> bytes = stackalloc byte[16];
            random.NextBytes(bytes);
            return new Guid(bytes);
        }
    }
}
