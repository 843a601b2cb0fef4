using Voucher.Core.Tokens;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Reporting;

namespace Voucher.Server.Issuing;

/// <summary>
/// Signs and writes the vouchers of an approved batch. Each chunk is one transaction that holds the batch's row, writes
/// vouchers and events and moves the count; so a crash loses at most one chunk and never doubles one, and several servers
/// may work on the same batch.
/// </summary>
public sealed class BatchWriter(NpgsqlDataSource database, IssuingKeys keys, County county, TimeProvider clock, FillRandom random, LiveFeed live)
{
    /// <summary>Vouchers a transaction: large enough for COPY to pay, small enough for progress to be seen.</summary>
    public const int ChunkSize = 2_000;

    /// <summary>True when the batch needs no more work here: it is finished, or another server is at it.</summary>
    public async Task<bool> WriteAsync(BatchId id, DateOnly validUntil, CancellationToken cancel)
    {
        if (await keys.SigningKeyAsync(validUntil) is not { } key) return false;
        using var press = new TokenPress(key.KeyId, key.NewSigner, random);
        while (await WriteChunkAsync(id, press, cancel)) cancel.ThrowIfCancellationRequested();
        return true;
    }

    private async Task<bool> WriteChunkAsync(BatchId id, TokenPress press, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await WritingStore.TakeAsync(connection, transaction, id) is not { } batch) return false;
        var holders = await WritingStore.NextHoldersAsync(connection, transaction, batch, ChunkSize);
        var vouchers = await SignAsync(connection, transaction, batch, holders, press);
        var now = clock.GetUtcNow();
        await WritingStore.CopyVouchersAsync(connection, batch, vouchers, cancel);
        await WritingStore.CopyEventsAsync(connection, batch, vouchers, now, cancel);
        await WritingStore.AdvanceAsync(connection, transaction, batch, vouchers.Count, now);
        await transaction.CommitAsync(cancel);
        await TellAsync(batch, batch.Written + vouchers.Count, now);
        return batch.Written + vouchers.Count < batch.People;
    }

    private Task TellAsync(BatchInWriting batch, int written, DateTimeOffset now) => live.PublishAsync(new LiveEvent(
        LiveEventKind.BatchProgress, now, new Words($"已发放 {written:N0} / {batch.People:N0} 张", $"{written:N0} of {batch.People:N0} vouchers issued")));

    private async Task<IReadOnlyList<SignedVoucher>> SignAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchInWriting batch, IReadOnlyList<BatchHolder> holders, TokenPress press)
    {
        // The number follows from the place in the batch, so the same person gets the same number however often this is begun.
        var ids = holders.Select(holder => new VoucherId(county.Region, checked((uint)(batch.FirstSerial + holder.Ordinal)))).ToList();
        var nonces = await press.DrawNoncesAsync(ids, codes => WritingStore.TakenShortCodesAsync(connection, transaction, codes));
        var tokens = press.Sign(holders.Count, (i, keyId) => new TokenClaims(
            SignatureSuite.P256, keyId, ids[i], batch.Kind, nonces[i], batch.ValidUntil, batch.Scope, holders[i].HolderCheck));
        return [.. holders.Select((holder, i) => new SignedVoucher(holder.PersonId, tokens[i]))];
    }
}
