using System.CommandLine;

namespace Voucher.Server.Policies;

/// <summary>What an operator does with packs: gives a new county its first rule, or brings a file as a draft.</summary>
public static class PolicyCommands
{
    public static Command All() => new("policies", "The county's rules: policy packs") { List(), Save(), Load() };

    private static Command List()
    {
        var command = new Command("list", "List the county's packs, and those that come with the program");
        command.SetAction(async (parsed, _) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            await using var app = ServerComposition.Build([]);
            var packs = await app.Services.GetRequiredService<PolicyStore>().ListAsync();
            var today = CountyTime.DayOf(app.Services.GetRequiredService<TimeProvider>().GetUtcNow());
            foreach (var pack in packs)
                await output.WriteLineAsync($"{pack.Id}  {PolicyCalendar.StandingOf(pack, packs, today)}  {DraftPolicy.Cite(pack)}  {pack.Title}");
            if (packs.Count == 0) await output.WriteLineAsync("The county has no rule yet; give it one with: policies load FILE");
            foreach (var name in ShippedPolicies.Names) await output.WriteLineAsync($"shipped: {name}  {ShippedPolicies.Find(name)!.DocumentNo}");
            return 0;
        });
        return command;
    }

    private static Command Save()
    {
        var name = new Argument<string>("name") { Description = string.Join(", ", ShippedPolicies.Names) };
        name.AcceptOnlyFromAmong([.. ShippedPolicies.Names]);
        var file = new Argument<FileInfo>("file") { Description = "File to write, .json" };
        var command = new Command("save", "Write a pack that comes with the program to a file, to be edited and loaded") { name, file };
        command.SetAction(async (parsed, cancel) =>
        {
            await File.WriteAllTextAsync(parsed.GetRequiredValue(file).FullName, ShippedPolicies.Find(parsed.GetRequiredValue(name))!.ToJson(), cancel);
            return 0;
        });
        return command;
    }

    private static Command Load()
    {
        var file = new Argument<FileInfo>("file") { Description = "A pack, .json" };
        var own = new Option<bool>("--own-region") { Description = "Take over the pack of another region" };
        var by = new Option<string?>("--by") { Description = "Log-in of the clerk whose draft it becomes; the county's first pack needs none" };
        var command = new Command("load", "Load a pack: the county's first rule, or else a draft for two persons to put in force") { file, own, by };
        command.SetAction((parsed, cancel) =>
            LoadAsync(parsed.GetRequiredValue(file), parsed.GetValue(own), parsed.GetValue(by), parsed.InvocationConfiguration, cancel));
        return command;
    }

    private static async Task<int> LoadAsync(FileInfo file, bool takeForOwn, string? login, InvocationConfiguration console, CancellationToken cancel)
    {
        if (!file.Exists || file.Length > PolicyDocument.LargestBytes)
        {
            await console.Error.WriteLineAsync($"file: there is none of at most {PolicyDocument.LargestBytes} bytes");
            return 1;
        }
        await using var app = ServerComposition.Build([]);
        switch (await app.Services.GetRequiredService<LoadPolicy>().RunAsync(await File.ReadAllTextAsync(file.FullName, cancel), takeForOwn, login))
        {
            case Outcome<string>.Done(var said):
                await console.Output.WriteLineAsync(said);
                return 0;
            case Outcome<string>.Refused(var refusal):
                await console.Error.WriteLineAsync($"{(int)refusal.Code}: {refusal.Reason.En} {refusal.NextStep.En} ({refusal.Rule})");
                return 1;
            case Outcome<string>.BadInput(var errors):
                foreach (var error in errors) await console.Error.WriteLineAsync($"{error.Field}: {error.Problem.En}");
                return 1;
            default:
                throw new InvalidOperationException();
        }
    }
}
