using Voucher.Simulation.Running;
using Voucher.Simulation.Schedules;

namespace Voucher.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Try()
    {
        var tally = new Tally();
        var started = System.Diagnostics.Stopwatch.StartNew();
        Dictionary<string, int> findings = [];
        for (ulong seed = 1; seed < 300; seed++)
        {
            var report = SimulationRun.Run(ScheduleMaker.Make(seed));
            tally.Add(report.Tally);
            if (report.Finding is { } finding)
            {
                findings[finding.Rule] = findings.GetValueOrDefault(finding.Rule) + 1;
                if (findings[finding.Rule] < 4) output.WriteLine($"{seed}: {finding}");
            }
        }
        output.WriteLine($"{tally} {started.Elapsed}");
        foreach (var (key, value) in findings) output.WriteLine($"{key} {value}");
        foreach (var (key, value) in tally.Answers.OrderBy(x => x.Key)) output.WriteLine($"{key} {value}");
        Assert.Empty(findings);
    }
}
