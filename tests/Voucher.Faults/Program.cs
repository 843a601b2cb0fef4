using System.CommandLine;
using Voucher.Faults;
using Voucher.Server.Database;

DapperTypes.Register();

var rounds = new Option<int>("--rounds") { Description = "How many rounds", DefaultValueFactory = _ => 20 };
rounds.Validators.Add(given => { if (given.GetValueOrDefault<int>() is < 1 or > 10_000) given.AddError("--rounds must be 1 to 10000."); });
var seed = new Option<int?>("--seed") { Description = "Replays the schedule of an earlier run; drawn when not given" };
var kinds = new Option<FaultKind[]>("--only") { Description = "Only faults of these kinds", AllowMultipleArgumentsPerToken = true };
var root = new RootCommand("Kills, pauses, cuts and floods a county at work, and checks that nothing is lost or done twice") { rounds, seed, kinds };
root.SetAction(async (given, cancel) =>
{
    var plan = new RunPlan(given.GetValue(rounds), given.GetValue(seed) ?? System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue))
    {
        Kinds = given.GetValue(kinds) is { Length: > 0 } some ? some : null,
    };
    await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seed {plan.Seed}"));
    var result = await new FaultRun(RunSettings.FromEnvironment(), plan, TimeProvider.System, Console.Out).RunAsync(cancel);
    await Console.Out.WriteLineAsync(result.ToString());
    return result.IsClean ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();
