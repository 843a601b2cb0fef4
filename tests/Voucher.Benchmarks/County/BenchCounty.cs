using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Server;
using Voucher.Server.Accounts;
using Voucher.Server.Database;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Policies;

namespace Voucher.Benchmarks.County;

/// <summary>
/// The demo county with a policy that never slows anybody down, many classes and terminals, and the server's own parts
/// composed in this process (but not started).
/// </summary>
internal sealed class BenchCounty : IAsyncDisposable
{
    /// <summary>Classes, more than scans are ever in flight: a class's row would make its desks wait for each other.</summary>
    public const int Classes = 1_024;

    /// <summary>Institutions that the classes and terminals belong to, in turn.</summary>
    public const int Institutions = 8;

    /// <summary>One connection of the bench's hub sends what a whole county's would.</summary>
    public const int RateScale = 50;

    /// <summary>Copies of the database, made before anything was scanned or issued.</summary>
    public const string SmallDatabase = "bench_small";
    public const string LargeDatabase = "bench_large";
    public const string IssuingDatabase = "bench_issuing";

    private const string Password = "bench-password";

    private readonly WebApplication _app;

    private BenchCounty(WebApplication app, BenchStore store, Policy policy, ECDsa terminalKey)
    {
        (_app, Store, Policy, TerminalKey) = (app, store, policy, terminalKey);
    }

    public static RegionCode Region => DemoCounty.Region;
    public BenchStore Store { get; }
    public Policy Policy { get; }

    /// <summary>All terminals of the bench hold the same key: making hundreds would only take time.</summary>
    public ECDsa TerminalKey { get; }

    public int FirstTerminal { get; private set; }
    public int FirstInstitution { get; private set; }
    public long FirstClass { get; private set; }
    public long Batch { get; private set; }
    public int BudgetLine { get; private set; }
    public ServerSettings Settings => Get<ServerSettings>();

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<BenchCounty> MakeAsync(BenchOptions options)
    {
        var home = Path.Combine(options.Work, "home");
        Directory.CreateDirectory(home);
        var app = ServerComposition.Build(
            [$"--VOUCHER_POSTGRES={options.Postgres}", $"--VOUCHER_REDIS={options.Redis}", $"--VOUCHER_HOME={home}", "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning"]);
        await app.Services.GetRequiredService<Migrator>().RunAsync();
        app.Services.GetRequiredService<KeyFolder>().CreateMissing();
        await app.Services.GetRequiredService<DemoCounty>().LoadAsync(Password);
        await app.Services.GetRequiredService<IssuingKeys>().EnsureFirstAsync();
        var policies = app.Services.GetRequiredService<PolicyStore>();
        await policies.AddAsync(Generous());
        var today = CountyTime.DayOf(app.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        var policy = (await policies.InForceOnAsync(today))!;
        var county = new BenchCounty(app, new BenchStore(app.Services.GetRequiredService<OwnerDatabase>().Source), policy, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await county.FillAsync(options.TerminalCount, today);
        county.Get<NpgsqlDataSource>().Clear();
        county.Get<OwnerDatabase>().Source.Clear();
        await BenchStore.CopyAsync(options.Postgres, SmallDatabase, LargeDatabase, IssuingDatabase);
        return county;
    }

    private static Policy Generous()
    {
        var usual = DemoPolicy.For(Region);
        const int never = 1_000_000;
        return usual with
        {
            Version = usual.Version + 1,
            Parameters = usual.Parameters with
            {
                OneLiveVoucher = false, ValidityDays = 365,
                ScansPerTerminalPerMinute = never, ScansPerInstitutionPerMinute = never, ShortCodesPerTerminalPerHour = never,
                // A terminal of the bench enrols in a second what no desk does in an hour, and the highest thresholds would still
                // be passed. Off, the windows are counted all the same; only what they hold is not looked into.
                EnrolmentsPerTerminalPerFiveMinutes = 0, EnrolmentSpacingSeconds = 0,
            },
        };
    }

    private async Task FillAsync(int terminals, DateOnly today)
    {
        var clerk = (await Get<AccountStore>().FindAsync("clerk"))!.Value.Actor;
        FirstInstitution = await Store.InstitutionsAsync(Institutions);
        FirstClass = await Store.AddClassesAsync(Region, Classes, FirstInstitution, Institutions, clerk.Account, today);
        FirstTerminal = await Store.AddTerminalsAsync(Region, terminals, FirstInstitution, Institutions, TerminalKey.ExportSubjectPublicKeyInfo());
        BudgetLine = await Store.BudgetLineAsync();
        Batch = await Store.AddBatchAsync(Region, BudgetLine, Policy.Id, clerk, today);
    }

    /// <summary>The key that signs the bench's vouchers.</summary>
    public async Task<(byte KeyId, Func<TokenSigner> NewSigner)> SigningKeyAsync(DateOnly validUntil) =>
        await Get<IssuingKeys>().SigningKeyAsync(validUntil) ?? throw new InvalidOperationException("No key may sign.");

    public async ValueTask DisposeAsync()
    {
        TerminalKey.Dispose();
        await _app.DisposeAsync();
    }
}
