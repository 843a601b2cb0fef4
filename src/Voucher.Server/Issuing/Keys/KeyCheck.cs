namespace Voucher.Server.Issuing.Keys;

/// <summary>Lets a server start only with the county's own keys (see <see cref="KeyMarks"/>); before anything else of it runs.</summary>
/// <remarks>
/// The command <c>serve</c> has checked already, before it publishes the first key list; here is the check for every host that
/// starts the server without that command.
/// </remarks>
public sealed class KeyCheck(KeyMarks marks) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => marks.CheckAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
