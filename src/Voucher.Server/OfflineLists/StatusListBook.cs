using System.Collections.Concurrent;
using System.Collections.Frozen;
using Voucher.Core.OfflineLists;

namespace Voucher.Server.OfflineLists;

/// <summary>The newest list as this server hands it out, and the ways to it from earlier ones.</summary>
/// <param name="Encoded">As it travels.</param>
public sealed record PublishedList(SignedStatusList Signed, byte[] Encoded, DateTimeOffset AsOf, IReadOnlyList<StoredDelta> Steps)
{
    private readonly ConcurrentDictionary<long, byte[]> _ways = new();
    private readonly FrozenDictionary<long, int> _stepFrom = Steps.Select((step, at) => (step.Previous, at)).ToFrozenDictionary(pair => pair.Previous, pair => pair.at);

    public long Counter => Signed.List.Counter;

    /// <summary>What a terminal with this counter needs: nothing (<c>null</c>), a delta, or the full list where that is less or no way leads from its own.</summary>
    public byte[]? For(long? have)
    {
        if (have == Counter) return null;
        if (have is not { } from || !_stepFrom.TryGetValue(from, out var first)) return Encoded;
        return _ways.GetOrAdd(from, _ => WayFrom(from, first));
    }

    private byte[] WayFrom(long from, int first)
    {
        var changed = Steps.Skip(first).SelectMany(step => step.Serials).Distinct().Order();
        var delta = StatusListDelta.After(from, Signed, changed).Encode();
        return delta.Length < Encoded.Length ? delta : Encoded;
    }
}

/// <summary>Keeps the newest list in memory, so that a county's terminals may ask every minute.</summary>
public sealed class StatusListBook(NpgsqlDataSource database, County county, TimeProvider clock) : IDisposable
{
    /// <summary>How old the list may be that this server hands out, beyond what the publisher has made.</summary>
    public static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _loading = new(1);
    private volatile Known? _known;

    private sealed record Known(PublishedList? List, DateTimeOffset At);

    /// <summary>The newest list; <c>null</c> in the first moments of a county.</summary>
    public async Task<PublishedList?> NewestAsync()
    {
        if (_known is { } fresh && IsFresh(fresh)) return fresh.List;
        await _loading.WaitAsync();
        try
        {
            if (_known is { } other && IsFresh(other)) return other.List;
            var known = new Known(await LoadAsync(_known?.List), clock.GetUtcNow());
            _known = known;
            return known.List;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private bool IsFresh(Known known) => (clock.GetUtcNow() - known.At).Duration() < KeepFor;

    private async Task<PublishedList?> LoadAsync(PublishedList? old)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await StatusListStore.LookAsync(connection, county.Region) is not { } newest) return null;
        if (old is not null && old.Counter == newest.Counter) return old.AsOf == newest.AsOf ? old : old with { AsOf = newest.AsOf };
        // List and steps must be of the same moment.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var stored = (await StatusListStore.ReadAsync(connection, county.Region, transaction))!;
        var steps = await StatusListStore.DeltasAsync(connection, county.Region);
        if (SignedStatusList.TryRead(stored.Content, out var signed) is var fault and not ListFault.None)
            throw new InvalidOperationException($"The stored status list cannot be read: {fault}.");
        return new PublishedList(signed!, stored.Content, stored.AsOf, steps);
    }
}
