using Voucher.Core;
using Voucher.Server.Fraud;
using Voucher.Server.Redis;

namespace Voucher.Server.Tests.Fraud;

/// <summary>Two servers that count the same terminal, over a real Redis.</summary>
public sealed class RateShareTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly InstitutionId School = new(900_001);

    /// <summary>Each test has a terminal of its own, which no scan comes from.</summary>
    private static int _terminals = 900_000;

    private readonly TerminalId _terminal = new(Interlocked.Increment(ref _terminals));

    /// <summary>One moment for a whole test, so that no count slides into the next slot.</summary>
    private readonly Moment _clock = new(server.Clock.GetUtcNow());

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public async Task A_count_that_is_told_again_because_the_answer_was_lost_counts_once()
    {
        var (here, there) = (new RateBook(), new RateBook());
        Count(here, 5);
        Count(there, 1);
        var tellHere = ShareOf(here);
        for (var told = 0; told < 3; told++) await tellHere();
        await ShareOf(there)();
        Assert.Equal(6, Counted(there));
    }

    [Fact]
    public async Task An_emptied_Redis_hears_the_counts_again()
    {
        var (here, there) = (new RateBook(), new RateBook());
        var (tellHere, tellThere) = (ShareOf(here), ShareOf(there));
        Count(here, 5);
        Count(there, 2);
        await tellHere();
        await EmptyAsync();
        await tellThere();
        Assert.Equal(2, Counted(there));
        await tellHere();
        await tellThere();
        Assert.Equal(7, Counted(here));
        Assert.Equal(7, Counted(there));
    }

    [Fact]
    public async Task What_the_ledger_knows_beyond_the_servers_that_still_tell_counts_too()
    {
        var (here, there) = (new RateBook(), new RateBook());
        var (tellHere, tellThere) = (ShareOf(here), ShareOf(there));
        Count(here, 5);
        Count(there, 1);
        await WriteLedgerAsync(8);
        await tellHere();
        Assert.Equal(8, Counted(here));
        await tellThere();
        Assert.Equal(8, Counted(there));
        await WriteLedgerAsync(3);
        await tellThere();
        Assert.Equal(6, Counted(there));
    }

    private void Count(RateBook book, int scans)
    {
        for (var i = 0; i < scans; i++) Assert.Null(book.Take(_terminal, 1_000, School, 0, Now));
    }

    /// <summary>How many scans of the terminal the book knows of: the least limit that still has room for one more, less one.</summary>
    private int Counted(RateBook book)
    {
        var slot = SlidingCount.SlotOf(Now);
        var count = book.Active(slot).Single(entry => entry.Key == RateKey.Of(_terminal)).Count;
        return Enumerable.Range(1, 100).First(most => count.WaitSlots(slot, most) is null) - 1;
    }

    private Func<Task> ShareOf(RateBook book)
    {
        var share = new RateShare(book, server.Get<RedisLink>(), server.Get<County>(), _clock);
        return () => UntilAsync(share.ShareAsync);
    }

    private Task EmptyAsync() => UntilAsync(async () => await server.Get<RedisLink>().TryAsync(async database =>
    {
        await database.KeyDeleteAsync(GuardWindows.Tag(server.Get<County>(), 'r', RateKey.Of(_terminal)));
        return true;
    }));

    private Task WriteLedgerAsync(int count) => UntilAsync(async () => await server.Get<RedisLink>().TryAsync(async database =>
    {
        var slot = SlidingCount.SlotOf(Now);
        await RateShare.WriteAsync(database, server.Get<County>(), RateKey.Of(_terminal), slot, RateShare.Ledger, new Dictionary<long, int> { [slot] = count });
        return true;
    }));

    private sealed class Moment(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    /// <summary>A call that a busy machine has no time for is made again.</summary>
    private static async Task UntilAsync(Func<Task<bool>> doneAsync)
    {
        for (var tries = 0; !await doneAsync(); tries++)
        {
            Assert.True(tries < 100, "Redis does not answer.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
