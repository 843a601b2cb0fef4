using System.Diagnostics;
using System.Globalization;

namespace Voucher.Simulation.Merging;

/// <summary>
/// The server's final state is a function of the set of entries. <c>VOUCHER_MERGE_HISTORIES</c> runs more of them,
/// <c>VOUCHER_MERGE_SEED</c> replays the one of that seed.
/// </summary>
public sealed class MergeTests(ITestOutputHelper output)
{
    private const int Histories = 100_000;
    private const ulong FirstSeed = 2026_11_23_000_000;

    /// <summary>A broken merge is found within so many histories.</summary>
    private const int MostHistories = 50_000;

    public static TheoryData<int> Mutants => [.. Enum.GetValues<BrokenMerge>().Except([BrokenMerge.Nothing]).Select(broken => (int)broken)];

    [Fact]
    public void However_the_journals_reach_the_server_its_final_state_is_the_same()
    {
        var tally = new MergeTally();
        if (Environment.GetEnvironmentVariable("VOUCHER_MERGE_SEED") is { Length: > 0 } one)
        {
            Assert.Null(MergeRun.Run(ulong.Parse(one, CultureInfo.InvariantCulture), BrokenMerge.Nothing, tally));
            return;
        }
        var histories = Environment.GetEnvironmentVariable("VOUCHER_MERGE_HISTORIES") is { Length: > 0 } more ? int.Parse(more, CultureInfo.InvariantCulture) : Histories;
        var watch = Stopwatch.StartNew();
        string? found = null;
        Parallel.For(0, histories, (i, loop) =>
        {
            if (MergeRun.Run(FirstSeed + (ulong)i, BrokenMerge.Nothing, tally) is not { } fault) return;
            found ??= fault;
            loop.Stop();
        });
        output.WriteLine($"from seed {FirstSeed}: {tally}; {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.True(found is null, found);
        Assert.Equal(histories, tally.Counts.Histories);
        Assert.True(tally.Counts.Conflicts > histories / 20 && tally.Counts.Marks > histories / 20, tally.ToString());
    }

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_broken_merge_is_found_out(int number)
    {
        var broken = (BrokenMerge)number;
        for (var i = 0; i < MostHistories; i++)
        {
            if (MergeRun.Run(FirstSeed + (ulong)i, broken, new MergeTally()) is not { } fault) continue;
            output.WriteLine($"{broken}, history {i}: {fault}");
            // It is the broken rule's doing: the same history in a sound world breaks nothing.
            Assert.Null(MergeRun.Run(FirstSeed + (ulong)i, BrokenMerge.Nothing, new MergeTally()));
            return;
        }
        Assert.Fail($"{broken} was not found out in {MostHistories} histories.");
    }
}
