using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Terminals;

/// <summary>
/// Notices a key list that another process has published (<c>keys rotate</c>, <c>keys revoke</c>), and has the terminals of
/// this server fetch it. The database is asked rather than Redis, so that it works without Redis, and so that no terminal
/// asks before this server has the new list itself.
/// </summary>
public sealed partial class KeyListWatch(IssuingKeys keys, TerminalNotices terminals, TimeProvider clock, ILogger<KeyListWatch> log) : BackgroundService
{
    public static readonly TimeSpan LookEvery = IssuingKeys.KeepRing;

    private int? _known;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
            await Task.Delay(LookEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Looks at the list once, and tells the terminals if it is another than at the last look.</summary>
    public async Task LookAsync()
    {
        var version = (await keys.RingAsync()).Version;
        if (_known is { } known && known != version)
        {
            LogChanged(version);
            await terminals.KeysChangedAsync();
        }
        _known = version;
    }

    [LoggerMessage(3011, LogLevel.Information, "Version {Version} of the key list is out; the terminals are told")]
    private partial void LogChanged(int version);

    [LoggerMessage(3012, LogLevel.Warning, "The key list could not be looked at; it will be tried again")]
    private partial void LogFault(Exception fault);
}
