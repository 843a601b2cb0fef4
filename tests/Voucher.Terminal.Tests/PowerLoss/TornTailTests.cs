using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.PowerLoss;

/// <summary>A cut that tears the journal's log at any byte: what was whole before the tear stays, the rest is cut off once.</summary>
public sealed class TornTailTests : IDisposable
{
    private const int Entries = 25;
    private const int Tears = 120;

    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-torn-").FullName;
    private readonly DeviceKey _key;
    private readonly Random _random = new(7);

    public TornTailTests() => _key = DeviceKey.Create(_folder, TestSeal.New());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_stood_before_the_tear_is_whole_and_the_rest_is_cut_once(bool isFullOfNoise)
    {
        var (database, log, ends) = WrittenDown();
        var seen = new HashSet<int>();
        for (var i = 0; i < Tears; i++)
        {
            var at = _random.Next((int)ends[0], (int)ends[^1]);
            var before = ends.Count(end => end <= at);
            seen.Add(before);
            Look(Torn(database, log, at, isFullOfNoise), before);
        }
        Assert.True(seen.Count > Entries / 2, "The tears did not reach most of the journal.");
    }

    /// <summary>The journal's files while it is open, and how long the log was after each entry.</summary>
    private (byte[] Database, byte[] Log, List<long> Ends) WrittenDown()
    {
        var path = Path.Combine(_folder, "journal.db");
        using var journal = ScanJournal.Open(path, _key, TimeProvider.System);
        var ends = new List<long>();
        for (var i = 0; i < Entries; i++)
        {
            journal.Append(new NewScan(Guid.NewGuid(), ScanMode.CheckIn, 31, "1", ShortCode: null, HolderCheck: null));
            ends.Add(new FileInfo(path + "-wal").Length);
        }
        return (Bytes(path), Bytes(path + "-wal"), ends);
    }

    private string Torn(byte[] database, byte[] log, int at, bool isFullOfNoise)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName, "journal.db");
        File.WriteAllBytes(path, database);
        var torn = log.AsSpan(0, isFullOfNoise ? log.Length : at).ToArray();
        if (isFullOfNoise) _random.NextBytes(torn.AsSpan(at));
        File.WriteAllBytes(path + "-wal", torn);
        return path;
    }

    private void Look(string path, int before)
    {
        using (var journal = ScanJournal.Open(path, _key, TimeProvider.System))
        {
            Assert.Equal(before, journal.LastSequence);
            Assert.Null(journal.FirstBroken());
        }
        var once = Bytes(path);
        using (var journal = ScanJournal.Open(path, _key, TimeProvider.System)) Assert.Equal(before, journal.LastSequence);
        Assert.Equal(once, Bytes(path));
        using var again = ScanJournal.Open(path, _key, TimeProvider.System);
        var next = Assert.IsType<Appended.Written>(again.Append(new NewScan(Guid.NewGuid(), ScanMode.CheckIn, 31, "1", ShortCode: null, HolderCheck: null)));
        Assert.Equal(before + 1, next.Entry.Request.Sequence);
        Assert.Null(again.FirstBroken());
    }

    /// <summary>Also while the journal is open.</summary>
    private static byte[] Bytes(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
