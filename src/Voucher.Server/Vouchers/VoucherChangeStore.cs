using Voucher.Core.Tokens;

namespace Voucher.Server.Vouchers;

/// <summary>An expired voucher whose money was given back.</summary>
public sealed record ReleasedVoucher(VoucherId Id, BudgetLineId BudgetLine, Fen FaceValue);

/// <summary>What handing over, revoking, replacing and expiring change beside the voucher's state.</summary>
public static class VoucherChangeStore
{
    private sealed record Waiting(VoucherId Id, VoucherKind Kind, VoucherScope Scope, DateOnly ValidFrom, DateOnly ValidUntil, bool InConflict);

    /// <summary>Locks those of a batch that are not yet in their holders' hands; in one order, so that two runs never wait in a circle.</summary>
    public static async Task<IReadOnlyList<TrainingVoucher>> ToHandOverAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, BatchId batch, HandedOver what)
    {
        var rows = await connection.QueryAsync<Waiting>("""
            select v.id, v.kind, v.scope, v.valid_from, v.valid_until, v.in_conflict
            from voucher v
            join batch b on b.id = v.batch_id and b.region = @region
            join person p on p.id = v.person_id
            where v.batch_id = @batch and v.state = 1 and v.id <> all(@except)
                and (@Township::int is null or p.township_code = @Township) and (@Village::bigint is null or p.village_code = @Village)
            order by v.id
            for update of v
            """, new { region, batch, what.Township, what.Village, except = what.Except.Select(id => id.Value).ToArray() }, transaction);
        return [.. rows.Select(row => new TrainingVoucher(
            row.Id, row.Kind, row.Scope, row.ValidFrom, row.ValidUntil, VoucherState.Issued, row.InConflict))];
    }

    /// <summary>Writes many accepted hand-overs at once: what <see cref="VoucherStore.ApplyAsync"/> does for one. The rows are locked (<see cref="ToHandOverAsync"/>), so the state alone is guarded.</summary>
    public static async Task HandOverAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Decision.Accepted> steps, AccountId by)
    {
        if (steps.Count == 0) return;
        var written = await connection.ExecuteScalarAsync<int>("""
            with moved as (
                update voucher set state = @to, events = events + 1
                where id = any(@ids) and state = @from
                returning id, events
            ),
            noted as (
                insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, account_id)
                select id, events, @kind, @from, @to, @at, @by from moved
            )
            select count(*)::int from moved
            """,
            new
            {
                ids = steps.Select(step => step.Next.Id.Value).ToArray(),
                from = (short)steps.First().Event.From, to = (short)steps.First().Event.To,
                kind = (short)steps.First().Event.Kind, steps.First().Event.At, by,
            }, transaction);
        if (written != steps.Count) throw new InvalidOperationException($"{steps.Count - written} vouchers changed under their lock.");
    }

    public static Task<int> EndEnrolmentAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId id) =>
        connection.ExecuteAsync("update enrolment set is_active = false where voucher_id = @id and is_active", new { id }, transaction);

    public static Task<int> MoveEnrolmentAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId from, VoucherId to) =>
        connection.ExecuteAsync("update enrolment set voucher_id = @to where voucher_id = @from and is_active", new { from, to }, transaction);

    public static async Task ReleaseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId id)
    {
        var changed = await connection.ExecuteAsync(
            "update voucher set is_reserved = false where id = @id and is_reserved", new { id }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Voucher {id} changed under its lock.");
    }

    /// <summary>The reprint, as its old voucher was issued: first in state Issued, without money of its own.</summary>
    public static Task InsertSuccessorAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, StoredVoucher old, VoucherToken token, AccountId by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into voucher (
                id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until,
                state, is_reserved, short_code, token, reissues)
            select @id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until,
                1, false, @ShortCode, @bytes, reissues + 1
            from voucher where id = @old;
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, account_id)
            values (@id, 1, 1, 0, 1, @now, @by);
            """,
            new { id = token.Voucher, old = old.Voucher.Id, token.ShortCode, bytes = token.Bytes.ToArray(), now, by }, transaction);

    /// <summary>The reserved money, if there is any, now belongs to the reprint.</summary>
    public static Task HandReservationOverAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId from, VoucherId to) =>
        connection.ExecuteAsync("""
            update voucher n set is_reserved = o.is_reserved from voucher o where n.id = @to and o.id = @from;
            update voucher set is_reserved = false where id = @from;
            """, new { from, to }, transaction);

    /// <summary>Marks a chunk of expired unused vouchers as holding no money any more.</summary>
    public static async Task<IReadOnlyList<ReleasedVoucher>> ReleaseExpiredAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, DateOnly today, int take) =>
        [.. await connection.QueryAsync<ReleasedVoucher>("""
            update voucher set is_reserved = false
            where id in (
                select id from voucher
                where valid_until < @today and state in (1, 2) and is_reserved and not in_conflict and id >> 32 = @region
                order by id limit @take
                for update)
            returning id, budget_line_id as budget_line, face_value_fen as face_value
            """, new { region, today, take }, transaction)];
}
