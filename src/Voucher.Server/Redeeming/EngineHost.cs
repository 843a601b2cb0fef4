using Voucher.Server.Operating;

namespace Voucher.Server.Redeeming;

/// <summary>Shows the engine's queue to the operator, and lets the engine finish what it has taken before the server stops.</summary>
public sealed class EngineHost(RedemptionEngine engine, Meters meters) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.ObserveQueue(() => engine.Waiting, RedemptionEngine.QueueLength * (RedemptionEngine.Lanes + 1));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => engine.DrainAsync().WaitAsync(cancellationToken);
}
