namespace Voucher.Server.Operating.Health;

/// <summary>
/// Says so before the server stops, so that a load balancer sends its next request elsewhere: with
/// <c>VOUCHER_DRAIN_SECONDS</c> it goes on serving that long after it was told to stop, and <c>/health/ready</c> answers 503.
/// </summary>
public sealed class Draining(ServerSettings settings) : IHostedLifecycleService
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private volatile bool _hasBegun;

    public bool HasBegun => _hasBegun;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        return Task.Delay(settings.Drain, cancellationToken).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
