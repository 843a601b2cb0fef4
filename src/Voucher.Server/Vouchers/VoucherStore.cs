using Voucher.Core.Fraud;

namespace Voucher.Server.Vouchers;

/// <summary>Who or what caused an event: a person in the portal, or a terminal by one scan.</summary>
public sealed record EventCause(AccountId? Account = null, TerminalId? Terminal = null, Guid? Scan = null);

/// <summary>A voucher with what its row knows beside the machine's view.</summary>
/// <param name="Events">How many events it has: its version. Whoever writes says on which one the decision rests.</param>
/// <param name="Claims">What its token says, the signed bytes; a token shown must say the same.</param>
public sealed record StoredVoucher(
    TrainingVoucher Voucher, PersonId Person, string Holder, HolderCheck HolderCheck, long? EnrolmentId, int Events,
    Fen FaceValue, BudgetLineId BudgetLine, bool IsReserved, BatchId Batch, byte[] Claims);

/// <summary>
/// Loads vouchers as the machine sees them and writes what it decided: the row and its event together, guarded once more
/// by the state and event count that the decision was based on.
/// </summary>
public static class VoucherStore
{
    /// <summary>Locks the voucher's row until the transaction ends, then reads all that belongs to it; <c>null</c> when there is none.</summary>
    public static async Task<StoredVoucher?> LoadForUpdateAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId id)
    {
        // The lock comes first and alone: a statement that waits for a lock would join tables as they stood before the wait.
        var exists = await connection.ExecuteScalarAsync<long?>("select id from voucher where id = @id for update", new { id }, transaction);
        return exists is null ? null : await LoadAsync(connection, id, transaction);
    }

    public static async Task<StoredVoucher?> LoadAsync(NpgsqlConnection connection, VoucherId id, NpgsqlTransaction? transaction = null)
    {
        await using var command = new NpgsqlCommand(SelectByIds, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [id.Value] });
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? Read(row) : null;
    }

    /// <summary>All that belongs to the vouchers <c>$1</c> (bigint[]); a row of it is read by <see cref="Read"/>.</summary>
    public const string SelectByIds = """
        select v.id, v.kind, v.scope, v.valid_from, v.valid_until, v.state, v.in_conflict, v.replaced_by,
               v.person_id, p.name, p.holder_check, n.id, v.events, v.face_value_fen, v.budget_line_id, v.is_reserved, v.batch_id,
               substring(v.token for 19), n.class_id, c.institution_id, n.enrolled_at,
               e.kind, e.at, i.name, k.name, t.name,
               h.id, h.reason, h.due_at, y.phone
        from voucher v
        join person p on p.id = v.person_id
        join lateral (
            -- How it came into its state: the last event but check-in (4) and check-out (5).
            select * from voucher_event s
            where s.voucher_id = v.id and s.kind not in (4, 5) order by s.number desc limit 1) e on true
        left join enrolment n on n.voucher_id = v.id and n.is_active
        left join training_class c on c.id = n.class_id
        left join institution i on i.id = e.institution_id
        left join training_class k on k.id = e.class_id
        left join terminal t on t.id = e.terminal_id
        left join hold h on h.voucher_id = v.id and h.released_at is null
        left join county y on y.region = h.region
        where v.id = any($1)
        """;

    public static StoredVoucher Read(NpgsqlDataReader row)
    {
        T? Get<T>(int column) where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        var enrolment = Get<long>(18) is { } training && Get<int>(19) is { } institution && Get<DateTimeOffset>(20) is { } at
            ? new Enrolment(new ClassId(training), new InstitutionId(institution), at)
            : null;
        var lastUse = new VoucherUse((VoucherEventKind)row.GetInt16(21), row.GetFieldValue<DateTimeOffset>(22), Text(23) ?? "", Text(24), Text(25));
        var hold = Get<long>(26) is { } number
            ? new VoucherHold(number, (HoldReason)row.GetInt16(27), row.GetFieldValue<DateTimeOffset>(28), Text(29) ?? "")
            : null;
        var voucher = new TrainingVoucher(
            new VoucherId(row.GetInt64(0)), (VoucherKind)row.GetInt16(1), new VoucherScope((ushort)row.GetInt32(2)),
            row.GetFieldValue<DateOnly>(3), row.GetFieldValue<DateOnly>(4), (VoucherState)row.GetInt16(5), row.GetBoolean(6),
            enrolment, lastUse, Get<long>(7) is { } successor ? new VoucherId(successor) : null, hold);
        return new StoredVoucher(
            voucher, new PersonId(row.GetInt64(8)), row.GetString(9), new HolderCheck((ushort)row.GetInt32(10)), Get<long>(11), row.GetInt32(12),
            new Fen(row.GetInt64(13)), new BudgetLineId(row.GetInt32(14)), row.GetBoolean(15), new BatchId(row.GetInt64(16)), row.GetFieldValue<byte[]>(17));
    }

    /// <summary>Writes an accepted decision and returns the event's number.</summary>
    /// <exception cref="InvalidOperationException">The row is not as it was read: a bug, since the row was locked.</exception>
    public static async Task<int> ApplyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, StoredVoucher before, Decision.Accepted decision, EventCause cause)
    {
        var step = decision.Event;
        var number = before.Events + 1;
        var updated = await connection.ExecuteAsync("""
            update voucher
            set state = @To, events = @number, replaced_by = @ReplacedBy
            where id = @Id and state = @From and events = @Events
            """,
            new { To = (short)step.To, number, decision.Next.ReplacedBy, before.Voucher.Id, From = (short)step.From, before.Events }, transaction);
        if (updated != 1) throw new InvalidOperationException($"Voucher {before.Voucher.Id} changed under its lock.");
        await InsertEventAsync(connection, transaction, before.Voucher.Id, number, step, cause);
        return number;
    }

    private static Task InsertEventAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId voucher, int number, VoucherEvent step, EventCause cause) =>
        connection.ExecuteAsync("""
            insert into voucher_event (
                voucher_id, number, kind, from_state, to_state, at, account_id, terminal_id, scan_id,
                institution_id, class_id, session_id, reason)
            values (
                @voucher, @number, @Kind, @From, @To, @At, @Account, @Terminal, @Scan,
                @Institution, @Class, @Session, @Reason)
            """,
            new
            {
                voucher, number, Kind = (short)step.Kind, From = (short)step.From, To = (short)step.To, step.At,
                cause.Account, cause.Terminal, cause.Scan, step.Institution, step.Class, step.Session, step.Reason,
            }, transaction);
}
