namespace Voucher.Faults.Mutants;

/// <summary>Checks the checker: every mutant must be noticed.</summary>
public sealed class MutantRun(RunSettings settings, int seed, IReadOnlyList<string> names, TimeProvider clock, TextWriter output)
{
    /// <returns>Whether all were caught.</returns>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var (tried, caught) = (0, 0);
        foreach (var mutant in Mutant.All.Where(mutant => names.Count == 0 || names.Contains(mutant.Name, StringComparer.Ordinal)))
        {
            if (cancel.IsCancellationRequested) break;
            tried++;
            if (await IsCaughtAsync(mutant, cancel)) caught++;
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"mutants {tried}, caught {caught}"));
        return tried > 0 && caught == tried;
    }

    private async Task<bool> IsCaughtAsync(Mutant mutant, CancellationToken cancel)
    {
        var own = await MutatedServer.BuildAsync(settings, mutant);
        var plan = new RunPlan(mutant.Rounds, seed) { Kinds = mutant.Kinds, Looseness = mutant.Looseness, Mutate = mutant.Sql, IsOfMutant = true };
        RunResult result;
        await using (var log = new StreamWriter(settings.PathTo($"{mutant.Name}.log")))
            result = await new FaultRun(own, plan, clock, TextWriter.Synchronized(log)).RunAsync(cancel);
        if (result.Faults == 0) await output.WriteLineAsync($"mutant {mutant.Name} ({mutant.Breaks}): skipped: its fault cannot be made here");
        else if (result.IsClean) await output.WriteLineAsync($"mutant {mutant.Name} ({mutant.Breaks}): NOT CAUGHT in {mutant.Rounds} rounds");
        else await output.WriteLineAsync($"mutant {mutant.Name} ({mutant.Breaks}): caught by {CaughtBy(result)}");
        return !result.IsClean;
    }

    private static string CaughtBy(RunResult result) => string.Join(", ", result.Findings.GroupBy(finding => finding.Check)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} ({group.Count()})")));
}
