using System.CommandLine;
using Voucher.Server.Database;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Invariants;

namespace Voucher.Server;

/// <summary>What an operator can say on the command line.</summary>
public static class ServerCommands
{
    public static RootCommand Root()
    {
        var root = new RootCommand("Voucher (培训券): server of a county")
        {
            Command("serve", "Serve the portal, the API and the terminals (default)", Serve),
            Command("migrate", "Bring the database to the newest schema, and make the server's log-in", Migrate),
            Command("invariants", "Check that vouchers, money, duties and the audit trail are in order; exit code 1 when not", Invariants),
            Audit.Verifying.VerifyCommand.All(),
            Keys(),
            CountyCommands.All(),
            Policies.PolicyCommands.All(),
            AccountCommands.All(),
            Demo.DemoCommands.All(),
        };
        foreach (var command in Register.Places.PlaceCommands.All()) root.Add(command);
        root.SetAction((_, cancel) => Serve(cancel));
        return root;
    }

    private static Command Keys() => new("keys", "Issuing keys and the county's other secrets")
    {
        Command("init", "Make whatever key is missing; the server publishes the first key list when it starts", InitKeys),
        Command("rotate", "Add a new issuing key, which signs from now on; needs the root key", cancel => WithKeys(keys => keys.RotateAsync(), cancel)),
        RevokeKey(),
    };

    private static Command RevokeKey()
    {
        var id = new Argument<byte>("id") { Description = "Number of the issuing key" };
        var command = new Command("revoke", "Accept nothing more that the key signed; needs the root key") { id };
        command.SetAction((parsed, cancel) => WithKeys(keys => keys.RevokeAsync(parsed.GetRequiredValue(id)), cancel));
        return command;
    }

    private static Command Command(string name, string description, Func<CancellationToken, Task<int>> action)
    {
        var command = new Command(name, description);
        command.SetAction((_, cancel) => action(cancel));
        return command;
    }

    private static async Task<int> Serve(CancellationToken cancel)
    {
        await using var app = ServerComposition.Build([]);
        var refusal = await DatabaseArrival.WaitForAsync(() => PrepareAsync(app.Services, cancel), app.Services.GetRequiredService<TimeProvider>(), cancel);
        if (refusal is not null)
        {
            await Console.Error.WriteLineAsync(refusal);
            return 1;
        }
        await app.RunAsync(cancel);
        return 0;
    }

    /// <summary>
    /// What must be in order before the first request; returns why it is not. On a schema of another version some things
    /// would work and others not: better none.
    /// </summary>
    private static async Task<string?> PrepareAsync(IServiceProvider services, CancellationToken cancel)
    {
        var (standing, why) = await services.GetRequiredService<Migrator>().StandingAsync(cancel);
        if (standing != SchemaStanding.Same) return why;
        if (await RoleRefusalAsync(services, cancel) is { } refusal) return refusal;
        // Before the first list is published: it must not be signed with keys that are not the county's.
        await services.GetRequiredService<KeyMarks>().CheckAsync();
        await services.GetRequiredService<IssuingKeys>().EnsureFirstAsync();
        return null;
    }

    /// <summary>Whether sessions have the program's rights, and not the owner's.</summary>
    private static async Task<string?> RoleRefusalAsync(IServiceProvider services, CancellationToken cancel)
    {
        try
        {
            await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancel);
            var role = await connection.ExecuteScalarAsync<string>(new CommandDefinition("select current_user", cancellationToken: cancel));
            return role == OwnerDatabase.Role ? null : $"The database lets the server work as {role}, not as {OwnerDatabase.Role}.";
        }
        catch (PostgresException fault) when (OwnerDatabase.Explain(fault) is { } said)
        {
            return said;
        }
    }

    private static async Task<int> Migrate(CancellationToken cancel)
    {
        await using var app = ServerComposition.Build([]);
        await app.Services.GetRequiredService<Migrator>().RunAsync(cancel);
        if (await app.Services.GetRequiredService<ServerLogIn>().AdmitAsync(cancel) is not { } refusal) return 0;
        await Console.Error.WriteLineAsync(refusal);
        return 1;
    }

    private static async Task<int> Invariants(CancellationToken cancel)
    {
        await using var app = ServerComposition.Build([]);
        return await InvariantCommand.RunAsync(app.Services.GetRequiredService<InvariantChecks>(), Console.Out);
    }

    private static async Task<int> InitKeys(CancellationToken cancel)
    {
        await using var app = ServerComposition.Build([]);
        app.Services.GetRequiredService<KeyFolder>().CreateMissing();
        return 0;
    }

    private static async Task<int> WithKeys(Func<IssuingKeys, Task> action, CancellationToken cancel)
    {
        await using var app = ServerComposition.Build([]);
        await action(app.Services.GetRequiredService<IssuingKeys>());
        return 0;
    }
}
