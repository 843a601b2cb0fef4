using System.Globalization;

namespace Voucher.Benchmarks.Report;

/// <summary>Runs probes round by round, one after the other, each round in the reverse order of the one before.</summary>
internal static class Rounds
{
    /// <param name="beforeEach">Settles the machine and tells how noisy it is.</param>
    /// <param name="failed">Told of a probe that could not be measured; the others go on.</param>
    public static async Task<IReadOnlyList<Noise>> RunAsync(IReadOnlyList<Probe> probes, int rounds, Func<Task<Noise>> beforeEach, Action<string> failed)
    {
        List<Noise> noise = [];
        for (var round = 0; round < rounds; round++)
        {
            noise.Add(await beforeEach());
            foreach (var probe in round % 2 == 0 ? probes : probes.Reverse())
            {
                var sample = round < probe.Rounds ? await TryAsync(probe, failed) : null;
                probe.Samples.Add(sample);
                if (sample is not null) Tell(round, probe, sample);
            }
        }
        return noise;
    }

    /// <summary>What the probe gave; <c>null</c> when it failed.</summary>
    public static async Task<Sample?> TryAsync(Probe probe, Action<string> failed)
    {
        try
        {
            return await probe.Run();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            failed($"{probe.Name}: {fault}");
            return null;
        }
    }

    private static void Tell(int round, Probe probe, Sample sample) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"round {round + 1}: {probe.Name}: {sample.Value:N0}{(probe.Unit == Unit.PerSecond ? "/s" : " µs")} {sample.Note}"));
}
