using Voucher.Server.Issuing.Keys;
using Voucher.Server.Reporting;

namespace Voucher.Server.Issuing;

/// <summary>
/// Signs and writes the vouchers of an approved batch. Each chunk is one transaction that holds the batch's row, writes
/// vouchers and events and moves the count; so a crash loses at most one chunk and never doubles one, and several servers
/// may work on the same batch. While a chunk is written, the next one is signed.
/// </summary>
public sealed class BatchWriter(NpgsqlDataSource database, IssuingKeys keys, County county, TimeProvider clock, FillRandom random, LiveFeed live)
{
    /// <summary>Vouchers a transaction: large enough for COPY to pay, small enough for progress to be seen.</summary>
    public const int ChunkSize = 2_000;

    /// <summary>
    /// True when the batch needs no more work here: it is finished, or another server is at it. False when no key may sign.
    /// </summary>
    public async Task<bool> WriteAsync(BatchId id, DateOnly validUntil, CancellationToken cancel)
    {
        await using var signer = new ChunkSigner(database, keys, county, random, cancel);
        for (var batch = await ReadAsync(id, cancel); batch is { IsWhole: false };)
        {
            cancel.ThrowIfCancellationRequested();
            if (await signer.NextAsync(batch) is not { } chunk) return false;
            batch = await WriteChunkAsync(chunk, cancel) ? chunk.Then : null;
        }
        return true;
    }

    private async Task<BatchInWriting?> ReadAsync(BatchId id, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await WritingStore.ReadAsync(connection, id);
    }

    /// <summary>False when the chunk's turn is not, or no longer: then nothing of it is written.</summary>
    private async Task<bool> WriteChunkAsync(SignedChunk chunk, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await WritingStore.TakeAsync(connection, transaction, chunk.Batch)) return false;
        var now = clock.GetUtcNow();
        await WritingStore.CopyVouchersAsync(connection, chunk.Batch, chunk.Vouchers, cancel);
        await WritingStore.CopyEventsAsync(connection, chunk.Batch, chunk.Vouchers, now, cancel);
        await WritingStore.AdvanceAsync(connection, transaction, chunk.Batch, chunk.Vouchers.Count, now);
        await transaction.CommitAsync(cancel);
        await TellAsync(chunk.Then, now);
        return true;
    }

    private Task TellAsync(BatchInWriting batch, DateTimeOffset now) => live.PublishAsync(new LiveEvent(
        LiveEventKind.BatchProgress, now, new Words($"已发放 {batch.Written:N0} / {batch.People:N0} 张", $"{batch.Written:N0} of {batch.People:N0} vouchers issued")));
}
