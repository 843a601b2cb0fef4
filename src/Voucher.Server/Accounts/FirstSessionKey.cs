using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Voucher.Server.Database;

namespace Voucher.Server.Accounts;

/// <summary>
/// Of servers that start at once without a key for cookies and tokens, one makes it. Each would otherwise make its own and
/// refuse the log-ins of the others: the framework looks for new keys once a day only.
/// </summary>
/// <remarks>Must start before the framework's own service, which makes a key when it finds none.</remarks>
public sealed class FirstSessionKey(IKeyManager keys, NpgsqlDataSource database) : IHostedService
{
    /// <summary>The framework's own: it makes the next one in time, and long before that is used.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var turn = await TurnLock.TakeAsync(database, TurnLock.Starting, cancellationToken);
        var now = TimeProvider.System.GetUtcNow(); // The framework goes by the machine's clock.
        if (!keys.GetAllKeys().Any(key => !key.IsRevoked && key.ActivationDate <= now && key.ExpirationDate > now)) keys.CreateNewKey(now, now + Life);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
