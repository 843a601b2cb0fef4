using System.Text;
using Voucher.Core.OfflineLists;
using Voucher.Core.Vouchers;
using Voucher.Terminal.OfflineLists;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.OfflineLists;

public sealed class RosterCacheTests : IDisposable
{
    private static readonly TerminalRoster Roster = new("mark", new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero),
    [
        new RosterEntry(7, 31, "马*梅", new DateOnly(2026, 11, 20)), new RosterEntry(9, 31, "唐*", new DateOnly(2026, 11, 21)),
        new RosterEntry(8, 32, "牟*英", new DateOnly(2026, 11, 21)),
    ]);

    private readonly TestFolder _folder = new();
    private readonly HandClock _clock = new(Roster.At);

    public void Dispose() => _folder.Dispose();

    private RosterCache Restarted() => new(_folder.Path, _folder.NewSeal(), _clock);

    private static RosterEntry? Find(RosterCache cache, uint serial) => cache.Find(new VoucherId(County.Region, serial));

    [Fact]
    public void The_roster_is_there_after_a_restart()
    {
        Assert.Null(Restarted().RefreshedAt);
        Restarted().Accept(Roster);
        var cache = Restarted();
        Assert.Equal(("mark", Roster.At), (cache.Mark!, cache.RefreshedAt!.Value));
        Assert.Equal("马*梅", Find(cache, 7)!.Name);
        Assert.Null(Find(cache, 6));
        Assert.Equal([7u, 9u], cache.OfClass(31).Select(trainee => trainee.Serial));
        Assert.Empty(cache.OfClass(33));
    }

    [Fact]
    public void Nothing_of_a_person_can_be_read_on_the_disk_nor_with_another_terminals_seal()
    {
        Restarted().Accept(Roster);
        var stored = File.ReadAllBytes(_folder.At("roster"));
        foreach (var trainee in Roster.Trainees) Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(trainee.Name[..1])));
        Assert.Equal(-1, stored.AsSpan().IndexOf("mark"u8));
        using var other = new TestFolder();
        File.Copy(_folder.At("roster"), other.At("roster"));
        Assert.Null(new RosterCache(other.Path, other.NewSeal(), _clock).RefreshedAt);
        // A stolen copy that is changed is worth nothing either.
        stored[40] ^= 1;
        File.WriteAllBytes(_folder.At("roster"), stored);
        Assert.Null(Restarted().RefreshedAt);
    }

    [Fact]
    public void After_a_week_without_the_server_nobody_is_known_any_more_running_or_restarted()
    {
        var cache = Restarted();
        cache.Accept(Roster);
        _clock.Now += RosterCache.KeptFor - TimeSpan.FromSeconds(1);
        Assert.NotNull(Find(cache, 7));
        cache.Confirm();
        _clock.Now += RosterCache.KeptFor - TimeSpan.FromSeconds(1);
        Assert.NotNull(Find(cache, 7));
        Assert.NotNull(Find(Restarted(), 7));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Null(Find(cache, 7));
        Assert.Null(cache.RefreshedAt);
        Assert.False(File.Exists(_folder.At("roster")));
        cache.Accept(Roster);
        _clock.Now += RosterCache.KeptFor;
        Assert.Null(Find(Restarted(), 7));
        Assert.False(File.Exists(_folder.At("roster")));
    }

    [Fact]
    public void A_clock_set_back_does_not_make_the_roster_live_longer()
    {
        var cache = Restarted();
        cache.Accept(Roster);
        _clock.Now -= TimeSpan.FromDays(30);
        Assert.Null(Find(cache, 7));
        Assert.Empty(cache.OfClass(31));
        _clock.Now += TimeSpan.FromDays(31);
        Assert.NotNull(Find(cache, 7)); // The clock was wrong for a while; no week has passed.
    }

    [Fact]
    public void What_is_forgotten_is_gone_from_memory_and_disk()
    {
        var cache = Restarted();
        cache.Accept(Roster);
        File.WriteAllBytes(_folder.At("roster.new"), [1, 2, 3]);
        cache.Forget();
        Assert.Null(Find(cache, 7));
        Assert.Null(cache.Mark);
        cache.Confirm();
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path), file => Path.GetFileName(file).StartsWith("roster", StringComparison.Ordinal));
        Assert.Null(Restarted().RefreshedAt);
    }
}
