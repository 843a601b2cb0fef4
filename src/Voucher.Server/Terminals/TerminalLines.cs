using System.Collections.Concurrent;

namespace Voucher.Server.Terminals;

/// <summary>The open lines of this server's terminals: connection by connection, whose it is.</summary>
public sealed class TerminalLines
{
    private readonly ConcurrentDictionary<string, TerminalId> _open = new(StringComparer.Ordinal);

    public void Opened(string connection, TerminalId terminal) => _open[connection] = terminal;

    public void Closed(string connection) => _open.TryRemove(connection, out _);

    public IReadOnlyList<string> Of(TerminalId terminal) => [.. _open.Where(line => line.Value == terminal).Select(line => line.Key)];

    /// <summary>Every open line, by its connection.</summary>
    public IReadOnlyCollection<string> All => [.. _open.Keys];
}
