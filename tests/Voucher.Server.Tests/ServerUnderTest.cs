using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Voucher.Server.Database;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Keys;
using Voucher.Testing;

namespace Voucher.Server.Tests;

/// <summary>
/// The real server on a loopback port, over a database of its own with the demo county in it, and a real Redis.
/// Shared by the tests of one class (<c>IClassFixture</c>); each test makes its own people, batches and classes.
/// </summary>
public class ServerUnderTest : IAsyncLifetime
{
    public const string Password = "correct-horse-battery";

    private readonly string _home = Directory.CreateTempSubdirectory("voucher-test-").FullName;
    private FreshDatabase? _database;
    private RedisSpace? _redis;
    private WebApplication? _app;

    public TestClock Clock { get; } = new();

    /// <summary>Everything that the server has logged.</summary>
    public LogBook Log { get; } = new();
    public IServiceProvider Services => _app!.Services;
    public RedisSpace Redis => _redis!;
    /// <summary>With the rights of the owner: what tests do behind the server's back. The server itself has only those of the program.</summary>
    public NpgsqlDataSource Database => Services.GetRequiredService<OwnerDatabase>().Source;
    public string Home => _home;
    public string ConnectionString => _database!.ConnectionString;
    public Uri Address { get; private set; } = null!;

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        _database = await PrivateServices.CreateDatabaseAsync();
        _redis = await PrivateServices.CreateRedisSpaceAsync();
        _app = Build(_home);
        await Get<Migrator>().RunAsync();
        Assert.Null(await Get<ServerLogIn>().AdmitAsync());
        Get<KeyFolder>().CreateMissing();
        await Get<DemoCounty>().LoadAsync(Password);
        await Get<IssuingKeys>().EnsureFirstAsync();
        await _app.StartAsync();
        Address = AddressOf(_app);
    }

    /// <summary>Starts a second server of the same county, as behind a load balancer; the caller stops it.</summary>
    /// <param name="home">Its own folder, as on another machine; the first server's when not given.</param>
    public async Task<WebApplication> StartAnotherAsync(string? home = null)
    {
        var another = Build(home ?? _home);
        await another.StartAsync();
        return another;
    }

    /// <summary>Whether a session of this county's database waits for a lock.</summary>
    public async Task<bool> IsAnyoneWaitingAsync()
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')");
    }

    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Rate limits times this: tests ask fast, all from one address. A test of the limits has a fixture of its own.</summary>
    protected virtual int RateScale => 1_000;

    /// <summary>Further settings, as <c>--NAME=value</c>.</summary>
    protected virtual IReadOnlyList<string> Settings => [];

    private WebApplication Build(string home) => ServerComposition.Build(
        [
            .. Settings,
            $"--VOUCHER_RATE_SCALE={RateScale}",
            $"--VOUCHER_POSTGRES={_database!.ServerConnectionString}",
            $"--VOUCHER_POSTGRES_OWNER={ConnectionString}",
            $"--VOUCHER_REDIS={Redis.Configuration}",
            $"--VOUCHER_HOME={home}",
            "--urls=http://127.0.0.1:0",
        ],
        services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock)).AddSingleton<ILoggerProvider>(Log));

    /// <summary>A client of the API, logged in as one of the demo accounts.</summary>
    /// <param name="address">Of a proxy or of another server of the county.</param>
    public async Task<HttpClient> LogInAsync(string login, Uri? address = null)
    {
        var client = new HttpClient { BaseAddress = address ?? Address };
        using var answer = await client.PostAsJsonAsync("/api/login", new { login, password = Password });
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("accessToken").GetString());
        return client;
    }

    /// <summary>A client of the portal, logged in by cookie as a browser is; keeps cookies, follows no redirects.</summary>
    /// <param name="cookies">Where the cookies go, for a test that opens more than pages with them.</param>
    /// <param name="address">Of a proxy or of another server of the county.</param>
    public async Task<HttpClient> OpenPortalAsync(string login, CookieContainer? cookies = null, Uri? address = null)
    {
        var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies ?? new CookieContainer() };
        var client = new HttpClient(handler) { BaseAddress = address ?? Address };
        var token = Antiforgery(await client.GetStringAsync("/log-in"));
        using var answer = await client.PostAsync("/log-in", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["login"] = login, ["password"] = Password, ["__RequestVerificationToken"] = token,
        }));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    /// <summary>The hidden token of the page's first form.</summary>
    public static string Antiforgery(string html)
    {
        const string field = "name=\"__RequestVerificationToken\" type=\"hidden\" value=\"";
        var start = html.IndexOf(field, StringComparison.Ordinal) + field.Length;
        return html[start..html.IndexOf('"', start)];
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        if (_redis is not null) await _redis.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }
}
