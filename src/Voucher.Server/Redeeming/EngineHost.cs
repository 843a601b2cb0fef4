namespace Voucher.Server.Redeeming;

/// <summary>Lets the engine finish what it has taken before the server stops.</summary>
public sealed class EngineHost(RedemptionEngine engine) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => engine.DrainAsync().WaitAsync(cancellationToken);
}
