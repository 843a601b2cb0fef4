using NpgsqlTypes;
using Voucher.Core.Tokens;

namespace Voucher.Server.Issuing;

/// <summary>What the writer needs to know of the batch it works on.</summary>
public sealed record BatchInWriting(
    BatchId Id, VoucherKind Kind, VoucherScope Scope, Fen FaceValueFen, DateOnly ValidFrom, DateOnly ValidUntil,
    BudgetLineId BudgetLineId, int People, int Written, long FirstSerial, AccountId ApprovedBy)
{
    public bool IsWhole => Written == People;
}

/// <summary>A person of a batch who is to get a voucher.</summary>
public sealed record BatchHolder(int Ordinal, PersonId PersonId, HolderCheck HolderCheck);

/// <summary>A signed voucher on its way into the database.</summary>
public sealed record SignedVoucher(PersonId Person, VoucherToken Token)
{
    /// <summary>Kept, since it takes a hash.</summary>
    public ShortCode ShortCode { get; } = Token.ShortCode;
}

/// <summary>Writes the vouchers of approved batches, a chunk a transaction.</summary>
public static class WritingStore
{
    public static async Task<IReadOnlyList<(BatchId Id, DateOnly ValidUntil)>> OpenBatchesAsync(NpgsqlConnection connection, RegionCode region) =>
        [.. await connection.QueryAsync<(BatchId, DateOnly)>(
            "select id, valid_until from batch where region = @region and status = 2 and paused_at is null order by id", new { region })];

    /// <summary>An approved batch as it stands; <c>null</c> when it is finished or halted.</summary>
    public static Task<BatchInWriting?> ReadAsync(NpgsqlConnection connection, BatchId id) =>
        connection.QuerySingleOrDefaultAsync<BatchInWriting?>("""
            select id, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, people, written, first_serial, approved_by
            from batch where id = @id and status = 2 and paused_at is null
            """, new { id });

    /// <summary>
    /// Takes the batch for one chunk; false when another server holds it or has moved it on, or somebody has halted it. The row lock ends with the
    /// transaction, so that nothing is left behind by a server that dies. With fewer people than when the chunk was signed somebody was left out,
    /// and the places are others.
    /// </summary>
    public static async Task<bool> TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, BatchInWriting batch) =>
        await connection.QuerySingleOrDefaultAsync<bool>("""
            select true from batch where id = @Id and status = 2 and paused_at is null and written = @Written and people = @People
            for no key update skip locked
            """, new { batch.Id, batch.Written, batch.People }, transaction);

    public static async Task<IReadOnlyList<BatchHolder>> NextHoldersAsync(NpgsqlConnection connection, BatchInWriting batch, int take) =>
        [.. await connection.QueryAsync<BatchHolder>("""
            select m.ordinal, m.person_id, p.holder_check
            from batch_person m join person p on p.id = m.person_id
            where m.batch_id = @Id and m.ordinal >= @Written and m.ordinal < @Written + @take
            order by m.ordinal
            """, new { batch.Id, batch.Written, take })];

    /// <summary>Those of the short codes that are already somebody's.</summary>
    public static async Task<IReadOnlySet<long>> TakenShortCodesAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IEnumerable<ShortCode> codes) =>
        (await connection.QueryAsync<long>(
            "select short_code from voucher where short_code = any(@codes)",
            new { codes = codes.Select(code => code.Value).ToArray() }, transaction)).ToHashSet();

    public static async Task CopyVouchersAsync(
        NpgsqlConnection connection, BatchInWriting batch, IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync("""
            copy voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until,
                          state, is_reserved, short_code, token)
            from stdin (format binary)
            """, cancel);
        foreach (var voucher in vouchers)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(voucher.Token.Voucher.Value, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(batch.Id.Value, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(voucher.Person.Value, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync((short)batch.Kind, NpgsqlDbType.Smallint, cancel);
            await copy.WriteAsync((int)batch.Scope.Code, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(batch.FaceValueFen.Value, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(batch.BudgetLineId.Value, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(batch.ValidFrom, NpgsqlDbType.Date, cancel);
            await copy.WriteAsync(batch.ValidUntil, NpgsqlDbType.Date, cancel);
            await copy.WriteAsync((short)VoucherState.Issued, NpgsqlDbType.Smallint, cancel);
            await copy.WriteAsync(true, NpgsqlDbType.Boolean, cancel);
            await copy.WriteAsync(voucher.ShortCode.Value, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(voucher.Token.Bytes.ToArray(), NpgsqlDbType.Bytea, cancel);
        }
        await copy.CompleteAsync(cancel);
    }

    public static async Task CopyEventsAsync(
        NpgsqlConnection connection, BatchInWriting batch, IReadOnlyList<SignedVoucher> vouchers, DateTimeOffset now, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy voucher_event (voucher_id, number, kind, from_state, to_state, at, account_id) from stdin (format binary)", cancel);
        foreach (var (_, token) in vouchers)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(token.Voucher.Value, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(1, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync((short)VoucherEventKind.Issued, NpgsqlDbType.Smallint, cancel);
            await copy.WriteAsync((short)0, NpgsqlDbType.Smallint, cancel);
            await copy.WriteAsync((short)VoucherState.Issued, NpgsqlDbType.Smallint, cancel);
            await copy.WriteAsync(now.UtcDateTime, NpgsqlDbType.TimestampTz, cancel);
            await copy.WriteAsync(batch.ApprovedBy.Value, NpgsqlDbType.Integer, cancel);
        }
        await copy.CompleteAsync(cancel);
    }

    /// <summary>Moves the batch on in the transaction of the chunk; the last chunk makes it issued.</summary>
    public static async Task AdvanceAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchInWriting batch, int count, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update batch
            set written = written + @count,
                status = case when written + @count = people then 3 else status end,
                finished_at = case when written + @count = people then @now end
            where id = @Id and status = 2 and written = @Written
            """, new { batch.Id, batch.Written, count, now }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Batch {batch.Id} changed under its lock.");
    }
}
