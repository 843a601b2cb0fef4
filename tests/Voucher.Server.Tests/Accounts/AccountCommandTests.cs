using System.Diagnostics;
using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Testing;

namespace Voucher.Server.Tests.Accounts;

/// <summary>The commands as an operator types them: the real program in a process of its own.</summary>
public sealed class AccountCommandTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task An_operator_adds_a_log_in_with_the_password_on_standard_input_and_closes_it()
    {
        var uscc = Voucher.Server.Demo.DemoMenu.Institutions[1].Uscc.ToString();
        var added = await RunAsync("word-on-standard-input\n", "account", "add", "--login", "desk9", "--name", "新前台", "--role", "FrontDesk", "--role", "Manager", "--institution", uscc, "--id-number", Register.Roster.NewNumber().Reveal());
        Assert.Equal((0, ""), added);
        var actor = Assert.IsType<Outcome<Actor>.Done>(await server.Get<LogIn>().TryAsync("desk9", "word-on-standard-input")).Value;
        Assert.Equal(("新前台", 2), (actor.Name, actor.Roles.Count));
        Assert.Equal(2, actor.Institution!.Value.Value);

        Assert.Equal((0, ""), await RunAsync("", "account", "close", "--login", "desk9"));
        Assert.IsType<Outcome<Actor>.BadInput>(await server.Get<LogIn>().TryAsync("desk9", "word-on-standard-input"));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(
            ["account.add", "account.close"],
            await connection.QueryAsync<string>("select action from audit_entry where detail = 'desk9' order by number"));
    }

    [Fact]
    public async Task A_log_in_that_exists_is_not_given_another_role_or_password()
    {
        var (exit, errors) = await RunAsync("long-enough-password\n", "account", "add", "--login", "clerk", "--name", "别人", "--role", "Finance");
        Assert.Equal(1, exit);
        Assert.Contains("login:", errors);
        var actor = Assert.IsType<Outcome<Actor>.Done>(await server.Get<LogIn>().TryAsync("clerk", ServerUnderTest.Password)).Value;
        Assert.Equal([Role.Clerk], actor.Roles);
    }

    [Fact]
    public async Task Someone_of_a_village_is_added_with_its_code_and_sees_that_place()
    {
        var village = Voucher.Server.Demo.DemoPlaces.VillageOf(622_926_101, 3);
        Assert.Equal((0, ""), await RunAsync("word-on-standard-input\n", "account", "add", "--login", "cun3", "--name", "村三", "--role", "VillageStaff", "--place", village.ToString()));
        var actor = Assert.IsType<Outcome<Actor>.Done>(await server.Get<LogIn>().TryAsync("cun3", "word-on-standard-input")).Value;
        Assert.Equal(village, actor.Place);
        Assert.False(actor.IsCounty);
        Assert.Equal(actor, Actor.Of(actor.ToPrincipal("x")) with { Roles = actor.Roles });
    }

    [Theory]
    [InlineData("TownshipStaff", null)]
    [InlineData("TownshipStaff", "622926100201")]
    [InlineData("TownshipStaff", "622926199")]
    [InlineData("VillageStaff", "622926100")]
    [InlineData("VillageStaff", "not digits")]
    [InlineData("Clerk", "622926100")]
    public async Task A_place_must_be_one_of_the_county_and_of_the_role(string role, string? place)
    {
        var wish = new AddAccount.Wish("placeless", "某人", [Enum.Parse<Role>(role)], null, place);
        var bad = Assert.IsType<Outcome<AccountId>.BadInput>(await server.Get<AddAccount>().ApplyAsync(wish, "long-enough-password"));
        Assert.Equal("place", Assert.Single(bad.Errors).Field);
    }

    [Fact]
    public async Task Who_is_of_a_township_is_nothing_else()
    {
        var wish = new AddAccount.Wish("both", "某人", [Role.TownshipStaff, Role.Clerk], null, "622926100");
        var bad = Assert.IsType<Outcome<AccountId>.BadInput>(await server.Get<AddAccount>().ApplyAsync(wish, "long-enough-password"));
        Assert.Equal("role", Assert.Single(bad.Errors).Field);
    }

    [Theory]
    [InlineData("short\n", "password", "ok", "Clerk", null)]
    [InlineData("long-enough-password\n", "login", "No!", "Clerk", null)]
    [InlineData("long-enough-password\n", "institution", "ok", "Manager", null)]
    [InlineData("long-enough-password\n", "institution", "ok", "Manager", "91350100M000100Y4Z")]
    [InlineData("long-enough-password\n", "institution", "ok", "Clerk", "91350100M000100Y4Z")]
    public async Task What_is_wrong_is_named_and_nothing_is_added(string password, string field, string login, string role, string? institution)
    {
        string[] arguments = ["account", "add", "--login", login, "--name", "某人", "--role", role, .. institution is null ? Array.Empty<string>() : ["--institution", institution]];
        var (exit, errors) = await RunAsync(password, arguments);
        Assert.Equal(1, exit);
        Assert.Contains($"{field}:", errors);
        Assert.DoesNotContain(password.Trim(), errors);
        Assert.Null(await server.Get<AccountStore>().FindAsync(login));
    }

    [Fact]
    public async Task The_county_can_be_renamed_but_not_moved()
    {
        Assert.Equal((0, ""), await RunAsync("", "county", "set", "--region", "622926", "--name", "东乡县"));
        Assert.Equal("东乡县", County.Load(server.Database).Name);
        var (exit, errors) = await RunAsync("", "county", "set", "--region", "533123", "--name", "盈江县");
        Assert.Equal(1, exit);
        Assert.Contains("region:", errors);
        Assert.Equal(1, (await RunAsync("", "county", "set", "--region", "12", "--name", "x")).Exit);
    }

    private async Task<(int Exit, string Errors)> RunAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(ServerComposition).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["VOUCHER_POSTGRES"] = server.ConnectionString;
        start.Environment["VOUCHER_REDIS"] = "";
        start.Environment["VOUCHER_HOME"] = server.Home;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }
}
