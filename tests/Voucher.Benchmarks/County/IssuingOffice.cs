using Microsoft.AspNetCore.Builder;
using Voucher.Server;
using Voucher.Server.Accounts;
using Voucher.Server.Database;
using Voucher.Server.Issuing;

namespace Voucher.Benchmarks.County;

/// <summary>
/// The server's own issuing over a copy of the bench's database, so that the running server does not take up its batches.
/// </summary>
internal sealed class IssuingOffice(BenchCounty county, string database) : IAsyncDisposable
{
    private readonly WebApplication _app = ServerComposition.Build(
    [
        $"--VOUCHER_POSTGRES={TableStore.AddressOf(county, database)}", $"--VOUCHER_REDIS={county.Settings.Redis}", $"--VOUCHER_HOME={county.Settings.Home}",
        "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning",
    ]);

    private int _people;
    private int _batches;

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Drafts and approves a batch of so many people; its vouchers are not written yet.</summary>
    public async Task<(BatchId Id, DateOnly ValidUntil)> ApproveAsync(int people)
    {
        var ids = await PeopleAsync(people);
        var (clerk, approver) = (await ActorAsync("clerk"), await ActorAsync("approver"));
        var request = new BatchRequest(
            $"bench {++_batches}", nameof(VoucherKind.General), 0, 100, null, null, county.BudgetLine,
            people <= PeopleSelection.MostNamedPeople ? new PeopleRequest(null, null, null, null, ids) : new PeopleRequest(true, null, null, null, null));
        var id = (await Get<DraftBatch>().RunAsync(request, clerk)).OrThrow();
        var batch = (await Get<ApproveBatch>().RunAsync(id, approver)).OrThrow();
        return batch.People == people ? (id, batch.ValidUntil) : throw new InvalidOperationException($"The batch has {batch.People} people, not {people}.");
    }

    private async Task<long[]> PeopleAsync(int people)
    {
        var store = new BenchStore(Get<OwnerDatabase>().Source);
        if (people > _people) await store.AddPeopleAsync(_people, people);
        _people = Math.Max(_people, people);
        return [.. Enumerable.Range(0, people).Select(n => BenchStore.FirstPerson + n)];
    }

    public async Task<Actor> ActorAsync(string login) => (await Get<AccountStore>().FindAsync(login))!.Value.Actor;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
