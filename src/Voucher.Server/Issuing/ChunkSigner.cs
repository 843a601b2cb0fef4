using Voucher.Core.Tokens;
using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Issuing;

/// <summary>Vouchers of a batch that are signed and not yet written.</summary>
/// <param name="Batch">The batch as it stands when their turn comes.</param>
/// <param name="KeyId">The key that signed all of them.</param>
public sealed record SignedChunk(BatchInWriting Batch, byte KeyId, IReadOnlyList<SignedVoucher> Vouchers)
{
    /// <summary>The batch as it stands once they are written.</summary>
    public BatchInWriting Then => Batch with { Written = Batch.Written + Vouchers.Count };
}

/// <summary>
/// Signs a batch chunk by chunk, one chunk ahead of the writing and never more. It only reads: a chunk that is thrown away
/// is signed again from the same people.
/// </summary>
public sealed class ChunkSigner(NpgsqlDataSource database, IssuingKeys keys, County county, FillRandom random, CancellationToken cancel) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    private Task<SignedChunk?>? _ahead;
    private TokenPress? _press;

    /// <summary>The chunk that is next in the batch, while the one after it is begun; <c>null</c> when no key may sign.</summary>
    public async Task<SignedChunk?> NextAsync(BatchInWriting batch)
    {
        var chunk = await (_ahead ?? SignAsync(batch, before: null));
        _ahead = null;
        // What was signed ahead with a key that has since been revoked or followed by another is never written.
        if (chunk?.KeyId != (await keys.SigningKeyAsync(batch.ValidUntil))?.KeyId) chunk = await SignAsync(batch, before: null);
        if (chunk?.Then is { IsWhole: false } then) _ahead = Task.Run(() => SignAsync(then, chunk));
        return chunk;
    }

    private async Task<SignedChunk?> SignAsync(BatchInWriting batch, SignedChunk? before)
    {
        if (await PressAsync(batch.ValidUntil) is not { } press) return null;
        var (holders, ids, nonces) = await DrawAsync(batch, before, press);
        _end.Token.ThrowIfCancellationRequested();
        var tokens = await press.SignAsync(holders.Count, (i, keyId) => new TokenClaims(
            SignatureSuite.P256, keyId, ids[i], batch.Kind, nonces[i], batch.ValidUntil, batch.Scope, holders[i].HolderCheck));
        return new SignedChunk(batch, press.KeyId, [.. holders.Select((holder, i) => new SignedVoucher(holder.PersonId, tokens[i]))]);
    }

    /// <summary>Whom the chunk is for, with number and nonce; short codes of the chunk that is being written are taken too.</summary>
    private async Task<(IReadOnlyList<BatchHolder>, IReadOnlyList<VoucherId>, uint[])> DrawAsync(BatchInWriting batch, SignedChunk? before, TokenPress press)
    {
        await using var connection = await database.OpenConnectionAsync(_end.Token);
        var holders = await WritingStore.NextHoldersAsync(connection, batch, BatchWriter.ChunkSize);
        // The number follows from the place in the batch, so the same person gets the same number however often this is begun.
        var ids = holders.Select(holder => new VoucherId(county.Region, checked((uint)(batch.FirstSerial + holder.Ordinal)))).ToList();
        var nonces = await press.DrawNoncesAsync(ids, async codes =>
        {
            var taken = await WritingStore.TakenShortCodesAsync(connection, null, codes);
            return taken.Concat(before?.Vouchers.Select(voucher => voucher.ShortCode.Value) ?? []).ToHashSet();
        });
        return (holders, ids, nonces);
    }

    private async Task<TokenPress?> PressAsync(DateOnly validUntil)
    {
        if (await keys.SigningKeyAsync(validUntil) is not { } key) return null;
        if (_press?.KeyId == key.KeyId) return _press;
        _press?.Dispose();
        return _press = new TokenPress(key.KeyId, key.NewSigner, random);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        // The keys must stay open until nobody signs; how that ended is no longer of interest.
        if (_ahead is not null) await ((Task)_ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _press?.Dispose();
        _end.Dispose();
    }
}
