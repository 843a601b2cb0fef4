using Voucher.Core.Fraud;

namespace Voucher.Server.Vouchers;

/// <summary>Who or what caused an event: a person in the portal, or a terminal by one scan.</summary>
public sealed record EventCause(AccountId? Account = null, TerminalId? Terminal = null, Guid? Scan = null);

/// <summary>A voucher with what its row knows beside the machine's view.</summary>
public sealed record StoredVoucher(
    TrainingVoucher Voucher, PersonId Person, string Holder, HolderCheck HolderCheck, long? EnrolmentId, int Events,
    Fen FaceValue, BudgetLineId BudgetLine, bool IsReserved, BatchId Batch);

/// <summary>
/// Loads vouchers as the machine sees them and writes what it decided: the row and its event together, guarded once more
/// by the state and event count that the decision was based on.
/// </summary>
public static class VoucherStore
{
    private sealed record Row(
        VoucherId Id, VoucherKind Kind, VoucherScope Scope, DateOnly ValidFrom, DateOnly ValidUntil, VoucherState State,
        bool InConflict, VoucherId? ReplacedBy, PersonId PersonId, int Events, Fen FaceValueFen, BudgetLineId BudgetLineId,
        bool IsReserved, BatchId BatchId, string Holder, HolderCheck HolderCheck,
        long? EnrolmentId, ClassId? ClassId, InstitutionId? InstitutionId, DateTimeOffset? EnrolledAt,
        VoucherEventKind LastKind, DateTimeOffset LastAt, string? LastPlace, string? LastClass, string? LastTerminal,
        long? HoldId, HoldReason? HoldReason, DateTimeOffset? HoldDueAt, string? CountyPhone);

    /// <summary>Locks the voucher's row until the transaction ends, then reads all that belongs to it; <c>null</c> when there is none.</summary>
    public static async Task<StoredVoucher?> LoadForUpdateAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId id)
    {
        // The lock comes first and alone: a statement that waits for a lock would join tables as they stood before the wait.
        var exists = await connection.ExecuteScalarAsync<long?>("select id from voucher where id = @id for update", new { id }, transaction);
        return exists is null ? null : await LoadAsync(connection, id, transaction);
    }

    public static async Task<StoredVoucher?> LoadAsync(NpgsqlConnection connection, VoucherId id, NpgsqlTransaction? transaction = null)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select v.id, v.kind, v.scope, v.valid_from, v.valid_until, v.state,
                   v.in_conflict, v.replaced_by, v.person_id, v.events, v.face_value_fen, v.budget_line_id,
                   v.is_reserved, v.batch_id, p.name as holder, p.holder_check,
                   n.id as enrolment_id, n.class_id, c.institution_id, n.enrolled_at,
                   e.kind as last_kind, e.at as last_at, i.name as last_place, k.name as last_class, t.name as last_terminal,
                   h.id as hold_id, h.reason as hold_reason, h.due_at as hold_due_at, y.phone as county_phone
            from voucher v
            join person p on p.id = v.person_id
            join lateral (
                select * from voucher_event s
                where s.voucher_id = v.id and s.kind not in (@checkedIn, @checkedOut) order by s.number desc limit 1) e on true
            left join enrolment n on n.voucher_id = v.id and n.is_active
            left join training_class c on c.id = n.class_id
            left join institution i on i.id = e.institution_id
            left join training_class k on k.id = e.class_id
            left join terminal t on t.id = e.terminal_id
            left join hold h on h.voucher_id = v.id and h.released_at is null
            left join county y on y.region = h.region
            where v.id = @id
            """, new { id, checkedIn = (short)VoucherEventKind.CheckedIn, checkedOut = (short)VoucherEventKind.CheckedOut }, transaction);
        return row is null ? null : Read(row);
    }

    private static StoredVoucher Read(Row row)
    {
        var enrolment = row is { ClassId: { } training, InstitutionId: { } institution, EnrolledAt: { } at }
            ? new Enrolment(training, institution, at)
            : null;
        var hold = row is { HoldId: { } number, HoldReason: { } reason, HoldDueAt: { } due } ? new VoucherHold(number, reason, due, row.CountyPhone ?? "") : null;
        var lastUse = new VoucherUse(row.LastKind, row.LastAt, row.LastPlace ?? "", row.LastClass, row.LastTerminal);
        var voucher = new TrainingVoucher(
            row.Id, row.Kind, row.Scope, row.ValidFrom, row.ValidUntil, row.State, row.InConflict, enrolment, lastUse, row.ReplacedBy, hold);
        return new StoredVoucher(
            voucher, row.PersonId, row.Holder, row.HolderCheck, row.EnrolmentId, row.Events,
            row.FaceValueFen, row.BudgetLineId, row.IsReserved, row.BatchId);
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
