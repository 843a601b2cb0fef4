using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Voucher.Server.Database;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Keys;
using Voucher.Testing;

namespace Voucher.Server.Tests.SeveralServers;

/// <summary>Servers of one county that start beside each other.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private readonly string[] _homes = [.. Enumerable.Range(0, 2).Select(_ => Directory.CreateTempSubdirectory("voucher-test-").FullName)];
    private readonly List<WebApplication> _started = [];
    private FreshDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await PrivateServices.CreateDatabaseAsync();

    [Fact]
    public async Task Two_that_migrate_and_start_at_once_run_each_migration_once_and_share_their_keys()
    {
        WebApplication[] apps = [Build(_homes[0]), Build(_homes[1])];
        await Task.WhenAll(apps.Select(app => app.Services.GetRequiredService<Migrator>().RunAsync()));
        await SetUpAsync(apps);

        await Task.WhenAll(apps.Select(app => app.Services.GetRequiredService<IssuingKeys>().EnsureFirstAsync()));
        await Task.WhenAll(apps.Select(app => app.StartAsync()));

        await using var connection = new NpgsqlConnection(_database!.ConnectionString);
        var migrations = Directory.GetFiles(RepositoryRoot.PathTo("src", "Voucher.Server", "Database", "Migrations"), "*.sql").Length;
        Assert.Equal((migrations, 1, 1), await connection.QuerySingleAsync<(int, int, int)>("""
            select (select count(*)::int from migration), (select count(*)::int from issuing_key_list),
                   (select count(*)::int from data_protection_key)
            """));
    }

    [Fact]
    public async Task A_server_with_other_keys_does_not_start_and_says_which()
    {
        WebApplication[] apps = [Build(_homes[0]), Build(_homes[1])];
        await apps[0].Services.GetRequiredService<Migrator>().RunAsync();
        await SetUpAsync(apps);
        await apps[0].StartAsync();

        File.Delete(Path.Combine(_homes[1], "keys", "register-lookup.key"));
        apps[1].Services.GetRequiredService<KeyFolder>().CreateMissing();
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => apps[1].StartAsync());
        Assert.Contains("register-lookup.key", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("binding.key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mark_differs_for_every_file_and_is_not_the_key()
    {
        var folder = new KeyFolder(Path.Combine(_homes[0], "keys"));
        folder.CreateMissing();
        var marks = folder.Marks();
        Assert.Equal(
            Directory.GetFiles(Path.Combine(_homes[0], "keys")).Select(Path.GetFileName).Where(name => name != "root.pem").Order(),
            marks.Keys.Order());
        Assert.Equal(marks.Count, marks.Values.Select(Convert.ToHexString).Distinct().Count());
        Assert.DoesNotContain(File.ReadAllText(Path.Combine(_homes[0], "keys", "binding.key")).Trim(), marks.Values.Select(Convert.ToHexStringLower));
    }

    private async Task SetUpAsync(WebApplication[] apps)
    {
        apps[0].Services.GetRequiredService<KeyFolder>().CreateMissing();
        TwoServers.CopyKeys(_homes[0], _homes[1]);
        File.Copy(Path.Combine(_homes[0], "keys", "root.pem"), Path.Combine(_homes[1], "keys", "root.pem"));
        await apps[0].Services.GetRequiredService<DemoCounty>().LoadAsync(ServerUnderTest.Password);
    }

    private WebApplication Build(string home)
    {
        var app = ServerComposition.Build(
            [$"--VOUCHER_POSTGRES={_database!.ConnectionString}", "--VOUCHER_REDIS=", $"--VOUCHER_HOME={home}", "--urls=http://127.0.0.1:0"]);
        _started.Add(app);
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _started)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        if (_database is not null) await _database.DisposeAsync();
        foreach (var home in _homes) Directory.Delete(home, recursive: true);
    }
}
