using Voucher.Server.Operating;

namespace Voucher.Server.Redeeming;

/// <summary>Shows the engine's queue to the operator, and lets the engine finish what it has taken before the server stops.</summary>
public sealed class EngineHost(RedemptionEngine engine, Meters meters) : IHostedService
{
    /// <summary>The capacity told is one lane's: with so many waiting, some are being told to come again.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.ObserveQueue(() => engine.Waiting, RedemptionEngine.QueueLength);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => engine.DrainAsync().WaitAsync(cancellationToken);
}
