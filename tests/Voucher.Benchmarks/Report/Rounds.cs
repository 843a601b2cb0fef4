using System.Globalization;

namespace Voucher.Benchmarks.Report;

/// <summary>Runs probes round by round, one after the other, each round in the reverse order of the one before.</summary>
internal static class Rounds
{
    /// <param name="beforeEach">Settles the machine and tells how noisy it is.</param>
    public static async Task<IReadOnlyList<Noise>> RunAsync(IReadOnlyList<Probe> probes, int rounds, Func<Task<Noise>> beforeEach)
    {
        List<Noise> noise = [];
        for (var round = 0; round < rounds; round++)
        {
            noise.Add(await beforeEach());
            foreach (var probe in round % 2 == 0 ? probes : probes.Reverse())
            {
                var sample = round < probe.Rounds ? await probe.Run() : null;
                probe.Samples.Add(sample);
                if (sample is not null) Tell(round, probe, sample);
            }
        }
        return noise;
    }

    private static void Tell(int round, Probe probe, Sample sample) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"round {round + 1}: {probe.Name}: {sample.Value:N0}{(probe.Unit == Unit.PerSecond ? "/s" : " µs")} {sample.Note}"));
}
