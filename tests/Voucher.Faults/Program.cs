using System.CommandLine;
using System.Security.Cryptography;
using Voucher.Faults;
using Voucher.Faults.Mutants;
using Voucher.Server.Database;

DapperTypes.Register();

var rounds = new Option<int>("--rounds") { Description = "How many rounds", DefaultValueFactory = _ => 20 };
rounds.Validators.Add(given => { if (given.GetValueOrDefault<int>() is < 1 or > 10_000) given.AddError("--rounds must be 1 to 10000."); });
var seed = new Option<int?>("--seed") { Description = "Replays the schedule of an earlier run; drawn when not given" };
var kinds = new Option<FaultKind[]>("--only") { Description = "Only faults of these kinds", AllowMultipleArgumentsPerToken = true };
var mutants = new Option<bool>("--mutants") { Description = "Breaks the county on purpose, in each way that is known, and shows that it is noticed" };
var mutant = new Option<string[]>("--mutant") { Description = "Only the mutants of these names", AllowMultipleArgumentsPerToken = true };
mutant.AcceptOnlyFromAmong([.. Mutant.All.Select(one => one.Name)]);
var root = new RootCommand("Kills, pauses, cuts and fills up a county at work, and checks that nothing is lost or done twice") { rounds, seed, kinds, mutants, mutant };
root.SetAction(async (given, cancel) =>
{
    var settings = RunSettings.FromEnvironment();
    var drawn = given.GetValue(seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue);
    var names = given.GetValue(mutant) ?? [];
    await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seed {drawn}"));
    if (given.GetValue(mutants) || names.Length > 0) return await new MutantRun(settings, drawn, names, TimeProvider.System, Console.Out).RunAsync(cancel) ? 0 : 1;
    var plan = new RunPlan(given.GetValue(rounds), drawn) { Kinds = given.GetValue(kinds) is { Length: > 0 } some ? some : null };
    var result = await new FaultRun(settings, plan, TimeProvider.System, Console.Out).RunAsync(cancel);
    await Console.Out.WriteLineAsync(result.ToString());
    return result.IsClean ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();
