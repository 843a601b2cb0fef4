using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Voucher.Server.Accounts;
using Voucher.Server.Database;
using Voucher.Server.Demo;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Testing;

namespace Voucher.Server.Tests.Issuing;

/// <summary>
/// The server's parts over a real database, with nothing running in the background: the test itself is the worker, and
/// may let it die where it likes.
/// </summary>
public sealed class CountyAtRest : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("voucher-test-").FullName;
    private FreshDatabase? _testDatabase;
    private WebApplication? _app;

    public TestClock Clock { get; } = new();
    /// <summary>With the rights of the owner.</summary>
    public NpgsqlDataSource Database => Get<OwnerDatabase>().Source;

    public T Get<T>() where T : notnull => _app!.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        _testDatabase = await PrivateServices.CreateDatabaseAsync();
        _app = ServerComposition.Build(
            [
                $"--VOUCHER_POSTGRES={_testDatabase.ConnectionString}",
                "--VOUCHER_REDIS=",
                $"--VOUCHER_HOME={_home}",
            ],
            services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock)));
        await Get<Migrator>().RunAsync();
        Get<KeyFolder>().CreateMissing();
        await Get<DemoCounty>().LoadAsync(ServerUnderTest.Password);
        await Get<IssuingKeys>().EnsureFirstAsync();
    }

    public async Task<Actor> ActorAsync(string login) =>
        (await Get<LogIn>().TryAsync(login, ServerUnderTest.Password)).OrThrow();

    /// <summary>A batch of new people, approved and waiting for its vouchers.</summary>
    public async Task<Batch> ApprovedBatchAsync(int people, long faceValueFen = 150_000)
    {
        var ids = await TestPeople.AddAsync(Database, Get<Voucher.Server.Register.PersonalData>(), Get<KeyFolder>(), people);
        var list = await TestPeople.AddListAsync(Database, ids);
        var draft = await Get<DraftBatch>().RunAsync(TestPeople.Request(list, faceValueFen), await ActorAsync("clerk"));
        return (await Get<ApproveBatch>().RunAsync(draft.OrThrow(), await ActorAsync("approver"))).OrThrow();
    }

    /// <summary>A batch whose vouchers are written.</summary>
    public async Task<Batch> IssuedBatchAsync(int people)
    {
        var batch = await ApprovedBatchAsync(people);
        await Get<BatchWriter>().WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None);
        return batch;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        if (_testDatabase is not null) await _testDatabase.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }
}
