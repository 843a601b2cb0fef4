using Voucher.Benchmarks;
using Voucher.Benchmarks.County;
using Voucher.Benchmarks.Measures;
using Voucher.Benchmarks.Report;
using Voucher.Benchmarks.Yardsticks;

var options = BenchOptions.Read(args);
var clock = TimeProvider.System;
await using var county = await BenchCounty.MakeAsync(options);
await using var server = await ServerProcess.StartAsync(options, county, clock, options.TerminalCount, BenchCounty.RateScale);
var cpu = new CpuClock(CpuClock.ParentOf(await county.Store.BackendAsync()), await RedisBenchmark.ProcessAsync(options.Redis)) { Server = server.Id };
var arena = new Arena(options, county, new DeckMaker(county, options.TerminalCount, clock), server, cpu, clock);
if (options.Allocations)
{
    Console.Write(await new AllocationProfile(arena).RunAsync());
    return 0;
}
await using var plan = new Plan(arena);

var report = await plan.RunAsync();
Console.WriteLine(report.Machine());
Console.WriteLine();
Console.Write(ResultTable.Of(report.Comparisons));
if (options.Json is { } json) await File.WriteAllTextAsync(json, report.Json());
if (options.DocsPage is { } page) DocsPage.Write(page, report);
foreach (var broken in report.Broken) Console.Error.WriteLine($"BROKEN: {broken}");
return report.Broken.Count == 0 ? 0 : 1;
