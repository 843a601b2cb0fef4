using Dapper;
using Npgsql;
using Voucher.Server.Database;

namespace Voucher.Server.Tests.Database;

/// <summary>Two transactions that wait for each other in a circle.</summary>
public sealed class DeadlockTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Whoever_is_ended_runs_again_and_both_get_through()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var runs = 0;
        async Task<int> TakeAsync(int one, int other, TaskCompletionSource own, TaskCompletionSource foreign) => await Deadlock.RunAsync(async () =>
        {
            Interlocked.Increment(ref runs);
            await using var connection = await server.Database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("select pg_advisory_xact_lock(815, @one)", new { one }, transaction);
            own.TrySetResult();
            await foreign.Task;
            await connection.ExecuteAsync("select pg_advisory_xact_lock(815, @other)", new { other }, transaction);
            await transaction.CommitAsync();
            return one;
        });
        var taken = await Task.WhenAll(TakeAsync(1, 2, first, second), TakeAsync(2, 1, second, first));
        Assert.Equal([1, 2], taken);
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task What_is_ended_each_time_is_said_and_any_other_fault_at_once()
    {
        var runs = 0;
        Task<int> EndedAsync(string state) => Deadlock.RunAsync<int>(() =>
        {
            runs++;
            throw new PostgresException("ended", "ERROR", "ERROR", state);
        });
        await Assert.ThrowsAsync<PostgresException>(() => EndedAsync(PostgresErrorCodes.DeadlockDetected));
        Assert.Equal(3, runs);
        await Assert.ThrowsAsync<PostgresException>(() => EndedAsync(PostgresErrorCodes.UniqueViolation));
        Assert.Equal(4, runs);
    }
}
