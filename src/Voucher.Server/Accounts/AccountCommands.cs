using System.CommandLine;

namespace Voucher.Server.Accounts;

/// <summary>What an operator does with log-ins. A password comes from the environment or standard input, never as an argument that others could see.</summary>
public static class AccountCommands
{
    public const string PasswordVariable = "VOUCHER_PASSWORD";

    public const string NumberVariable = "VOUCHER_ID_NUMBER";

    public static Command All() => new("account", "Log-ins of the portal and the API") { Add(), Close() };

    private static Command Add()
    {
        var login = new Option<string>("--login") { Description = "User name: a-z, 0-9 . _ -, 2 to 32 characters", Required = true };
        var name = new Option<string>("--name") { Description = "The person's name, as every decision will show it", Required = true };
        var roles = new Option<Role[]>("--role") { Description = "May be given several times", Required = true };
        var institution = new Option<string?>("--institution") { Description = "USCC of the institution that the person belongs to; required for Manager and FrontDesk" };
        var number = new Option<string?>("--id-number") { Description = $"The person's identity number: whoever has a log-in already is known by it. Also read from {NumberVariable}, where other users of the machine cannot see it. Needed for everybody but TownshipStaff and VillageStaff, unless --person is given" };
        var person = new Option<string?>("--person") { Description = "Another log-in of the same person, instead of the number" };
        var place = new Option<string?>("--place") { Description = "Nine digits of a township or twelve of a village; required for TownshipStaff and VillageStaff" };
        var command = new Command("add", $"Add a log-in for a person, new or known; the password is read from {PasswordVariable} or standard input. Roles of a log-in that exists are changed on the page /accounts, its password by its owner")
        {
            login, name, roles, institution, place, number, person,
        };
        command.SetAction((parsed, _) => AddAsync(
            new(parsed.GetRequiredValue(login), parsed.GetRequiredValue(name), parsed.GetRequiredValue(roles), parsed.GetValue(institution), parsed.GetValue(place),
                parsed.GetValue(number) ?? Environment.GetEnvironmentVariable(NumberVariable), parsed.GetValue(person)),
            parsed.InvocationConfiguration));
        return command;
    }

    private static Command Close()
    {
        var login = new Option<string>("--login") { Description = "User name", Required = true };
        var command = new Command("close", "Close a log-in for good; its sessions end at their next request") { login };
        command.SetAction(async (parsed, _) =>
        {
            await using var app = ServerComposition.Build([]);
            var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            if (await app.Services.GetRequiredService<AccountStore>().CloseAsync(parsed.GetRequiredValue(login), now)) return 0;
            await parsed.InvocationConfiguration.Error.WriteLineAsync("There is no open log-in of this name.");
            return 1;
        });
        return command;
    }

    private static async Task<int> AddAsync(AddAccount.Wish wish, InvocationConfiguration console)
    {
        await using var app = ServerComposition.Build([]);
        var password = Environment.GetEnvironmentVariable(PasswordVariable) ?? await Console.In.ReadLineAsync();
        var outcome = await app.Services.GetRequiredService<AddAccount>().ApplyAsync(wish, password);
        if (outcome is not Outcome<AccountId>.BadInput(var errors)) return 0;
        foreach (var error in errors) await console.Error.WriteLineAsync($"{error.Field}: {error.Problem.En}");
        return 1;
    }
}
