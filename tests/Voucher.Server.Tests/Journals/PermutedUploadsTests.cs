using System.Diagnostics;
using System.Globalization;
using Dapper;
using Voucher.Server.Tests.Journals.Permuting;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Journals;

/// <summary>
/// Random histories of several desks, each told in three copies whose journals reach the real server in different ways: the final
/// state is a function of the set of entries. How many, from which seed: VOUCHER_PERMUTE_HISTORIES, VOUCHER_PERMUTE_SEED.
/// </summary>
public sealed class PermutedUploadsTests(ServerUnderTest server, ITestOutputHelper output) : IClassFixture<ServerUnderTest>
{
    private const int Histories = 200;
    private const ulong FirstSeed = 20_261_123;

    /// <summary>In how many parts the journals come that are merged in between.</summary>
    private const int Rounds = 4;

    /// <summary>Copies that are played at the same time.</summary>
    private const int AtOnce = 6;

    private const long MergeLock = 469853431653;

    private readonly JournalScene _scene = new(server);

    private static ulong Number(string name, ulong otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>One history in three copies.</summary>
    /// <param name="Whole">Each journal in one piece, and one merge.</param>
    /// <param name="Cut">In parts, mixed, repeated and too early, and one merge.</param>
    /// <param name="Between">The same otherwise, hours apart, and a merge in between; some of it again after the last.</param>
    private sealed record Told(HistoryCopy Whole, HistoryCopy Cut, HistoryCopy Between)
    {
        public IEnumerable<HistoryCopy> Copies => [Whole, Cut, Between];

        public DeskHistory History => Whole.History;

        public Random Random(int schedule) => new(unchecked((int)(History.Seed * 31) + schedule));
    }

    [Fact]
    public async Task However_the_journals_reach_the_server_its_final_state_is_the_same()
    {
        var watch = Stopwatch.StartNew();
        var desk = new Desk(server);
        await MoneySetAside.ForVouchersAsync(server);
        using var county = new CopyCounty(server, await desk.WhoAsync("clerk"), await desk.WhoAsync("manager"));
        var all = Enumerable.Range(0, (int)Number("VOUCHER_PERMUTE_HISTORIES", Histories)).Select(i => TellOf(county, Number("VOUCHER_PERMUTE_SEED", FirstSeed) + (ulong)i, i)).ToList();
        await EachAsync(all.SelectMany(told => told.Copies), copy => copy.BeginAsync());
        var made = watch.Elapsed;
        await HappenAsync(county, all);
        var happened = watch.Elapsed;
        await UploadBeforeTheMergeAsync(all);
        await UploadAndMergeAsync(all);
        var merged = watch.Elapsed;
        await CompareAsync(all);
        output.WriteLine($"{all.Count} histories: made in {made.TotalSeconds:F1} s, happened in {(happened - made).TotalSeconds:F1} s, uploaded and merged in {(merged - happened).TotalSeconds:F1} s, compared in {(watch.Elapsed - merged).TotalSeconds:F1} s");
        foreach (var copy in all.SelectMany(told => told.Copies)) copy.Dispose();
    }

    private Told TellOf(CopyCounty county, ulong seed, int index)
    {
        var history = DeskHistoryMaker.Make(seed);
        return new Told(new HistoryCopy(server, county, history, index * 3), new HistoryCopy(server, county, history, index * 3 + 1), new HistoryCopy(server, county, history, index * 3 + 2));
    }

    private static Task EachAsync(IEnumerable<HistoryCopy> copies, Func<HistoryCopy, Task> act) =>
        Parallel.ForEachAsync(copies, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (copy, _) => await act(copy));

    /// <summary>All histories happen in the same three days, slot by slot.</summary>
    private static async Task HappenAsync(CopyCounty county, List<Told> all)
    {
        for (var slot = 0; slot < DeskCalendar.Slots.Count; slot++)
        {
            county.MoveTo(slot);
            await EachAsync(all.SelectMany(told => told.Copies), async copy =>
            {
                foreach (var step in copy.History.Steps.Where(step => step.Slot == slot)) await copy.TakeAsync(step);
            });
        }
    }

    private async Task UploadBeforeTheMergeAsync(List<Told> all)
    {
        await using (var connection = await server.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("select pg_advisory_lock(@MergeLock)", new { MergeLock });
            foreach (var told in all) Assert.Equal(told.Whole.Answers, told.Cut.Answers);
            await SendAsync(all.Select(told => (told.Whole, UploadSchedule.Plain(told.Whole.Lengths))));
            _scene.Later(60);
            await SendAsync(all.Select(told => (told.Cut, UploadSchedule.InParts(told.Cut.Lengths, told.History.Forged, told.Random(1)))));
            await connection.ExecuteAsync("select pg_advisory_unlock(@MergeLock)", new { MergeLock });
        }
        await _scene.SettleAsync();
    }

    private async Task UploadAndMergeAsync(List<Told> all)
    {
        var schedules = all.Select(told => (Copy: told.Between, Parts: UploadSchedule.InParts(told.Between.Lengths, told.History.Forged, told.Random(2)), Random: told.Random(3))).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            _scene.Later(170);
            await SendAsync(schedules.Select(one => (one.Copy, Take(one.Parts, round, one.Random))));
            await _scene.SettleAsync();
        }
        await SendAsync(schedules.Select(one => (one.Copy, UploadSchedule.Repeats(one.Copy.Lengths, one.Random))));
        await _scene.SettleAsync();
    }

    private static List<JournalPart> Take(List<JournalPart> parts, int round, Random random)
    {
        var taken = parts.Take(round == Rounds - 1 ? parts.Count : random.Next(parts.Count + 1)).ToList();
        parts.RemoveRange(0, taken.Count);
        return taken;
    }

    private static Task SendAsync(IEnumerable<(HistoryCopy Copy, List<JournalPart> Parts)> schedules)
    {
        var partsOf = schedules.ToDictionary(one => one.Copy, one => one.Parts);
        return EachAsync(partsOf.Keys, async copy =>
        {
            foreach (var part in partsOf[copy]) await copy.SendAsync(part);
        });
    }

    private async Task CompareAsync(List<Told> all)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var copies = all.SelectMany(told => told.Copies).ToList();
        var states = await CopyStates.ReadAsync(connection, copies);
        List<string> faults = [];
        for (var i = 0; i < all.Count; i++)
        {
            var (whole, cut, between, seed) = (states[i * 3], states[i * 3 + 1], states[i * 3 + 2], all[i].History.Seed);
            Differ(faults, $"seed {seed}, in parts", whole.Final, cut.Final);
            Differ(faults, $"seed {seed}, in parts, as told", whole.Told, cut.Told);
            Differ(faults, $"seed {seed}, merged in between", whole.Final, between.Final);
        }
        output.WriteLine($"{copies.Sum(copy => copy.Lengths.Sum()):N0} entries; {states.Sum(one => one.InConflict):N0} vouchers in conflict, {states.Sum(one => one.Enrolled):N0} enrolled, {states.Sum(one => one.Attended):N0} sessions attended, {copies.Sum(copy => copy.TooEarly):N0} parts too early; {faults.Count} differences");
        Assert.True(faults.Count == 0, string.Join("\n\n", faults.Take(5)));
        Assert.True(all.Count < Histories || states.Sum(one => one.InConflict) > all.Count / 4 && states.Sum(one => one.Attended) > all.Count, "Too little happened to show anything.");
    }

    private static void Differ(List<string> faults, string name, IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        if (!expected.SequenceEqual(found))
            faults.Add($"{name}:\n{string.Join('\n', expected.Except(found).Select(line => $"- {line}").Concat(found.Except(expected).Select(line => $"+ {line}")))}");
    }
}
