using System.Globalization;

namespace Voucher.Server.Redis;

/// <summary>
/// One line between the servers of a county, through Redis. Each message reaches every other server once and never comes
/// back to its sender, who has acted on it already. Messages may be lost; without Redis there is no line.
/// </summary>
/// <param name="name">Its name within the county; several counties may share one Redis.</param>
public sealed partial class ServerChannel(RedisLink redis, County county, string name, ILogger log)
{
    private static readonly TimeSpan ListenAgain = TimeSpan.FromSeconds(5);
    private static readonly int MarkLength = Guid.Empty.ToByteArray().Length;

    private readonly string _channel = string.Create(CultureInfo.InvariantCulture, $"voucher:{name}:{county.Region}");
    private readonly byte[] _mark = Guid.NewGuid().ToByteArray();

    /// <summary>Tells the other servers; never waits and never fails.</summary>
    public void Tell(byte[] message) => redis.Publish(_channel, [.. _mark, .. message]);

    /// <summary>Listens until the server stops, also when Redis is away or hangs at the start. Do not await it where others wait.</summary>
    public async Task ListenAsync(Func<byte[], Task> heard, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await redis.SubscribeAsync(_channel, message => _ = HearAsync(message, heard));
                return;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                LogDeaf(name, fault);
                await Task.Delay(ListenAgain, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HearAsync(byte[] message, Func<byte[], Task> heard)
    {
        if (message.Length < MarkLength || message.AsSpan(0, MarkLength).SequenceEqual(_mark)) return;
        try
        {
            await heard(message[MarkLength..]);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogLost(name, fault); // Such as from a server of another version, which speaks differently.
        }
    }

    [LoggerMessage(3003, LogLevel.Warning, "Cannot listen to the other servers on {Name} yet")]
    private partial void LogDeaf(string name, Exception fault);

    [LoggerMessage(3004, LogLevel.Warning, "A message of another server on {Name} was lost")]
    private partial void LogLost(string name, Exception fault);
}
