namespace Voucher.Server.Register.Duplicates;

/// <summary>A case under its lock.</summary>
public sealed record LockedCase(
    long Id, DuplicateKind Kind, PersonId? PersonId, PersonId? OtherId, byte[]? RowSealed, DuplicateDecision? Decision, int? ListId);

/// <summary>What decides which of two people stays.</summary>
public sealed record MergeSide(PersonId Id, bool IsGone, int Live, int Vouchers);

/// <summary>Writes decisions on doubts, in the transaction that carries them out.</summary>
public static class DecisionStore
{
    private sealed record Row(long Id, int Kind, PersonId? PersonId, PersonId? OtherId, byte[]? RowSealed, int? Decision, int? ListId);

    public static async Task<LockedCase?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select c.id, c.kind::int as kind, c.person_id, c.other_id, c.row_sealed, c.decision::int as decision,
                   (select list_id from register_import where id = c.import_id) as list_id
            from duplicate_case c where c.region = @region and c.id = @id for update of c
            """, new { region, id }, transaction);
        return row is null ? null : new(row.Id, (DuplicateKind)row.Kind, row.PersonId, row.OtherId, row.RowSealed, (DuplicateDecision?)row.Decision, row.ListId);
    }

    /// <exception cref="InvalidOperationException">Somebody else had decided: a bug, since the case was locked.</exception>
    public static async Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long id, DuplicateDecision decision, string reason, AccountId by, DateTimeOffset now)
    {
        var decided = await connection.ExecuteAsync("""
            update duplicate_case set decision = @decision, reason = @reason, decided_by = @by, decided_at = @now, row_sealed = null
            where id = @id and decision is null
            """, new { id, decision = (short)decision, reason, by, now }, transaction);
        await connection.ExecuteAsync("delete from duplicate_case_row where case_id = @id", new { id }, transaction);
        if (decided != 1) throw new InvalidOperationException($"Case {id} changed under its lock.");
    }

    /// <summary>
    /// The two, locked in order of their numbers. The lock is one that a new voucher or a place in a batch waits for, since they
    /// point to the person.
    /// </summary>
    public static async Task<IReadOnlyList<MergeSide>> LockSidesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PersonId one, PersonId other, DateOnly today)
    {
        var ids = new[] { one.Value, other.Value };
        await connection.ExecuteAsync("select from person where region = @region and id = any(@ids) order by id for update", new { region, ids }, transaction);
        return [.. await connection.QueryAsync<MergeSide>($"""
            select h.person_id as id, p.withdrawn_at is not null as is_gone, {LiveVouchers.Of} as live,
                   (select count(*)::int from voucher v where v.person_id in {KnownAs.Holder}) as vouchers
            from (select unnest(@ids)) as h (person_id) join person p on p.id = h.person_id and p.region = @region order by h.person_id
            """, new { region, ids, today }, transaction)];
    }

    /// <summary>The lists of the one who leaves are the other's.</summary>
    public static async Task MoveListsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId from, PersonId to)
    {
        await connection.ExecuteAsync("""
            insert into person_list_member (list_id, person_id, import_id, added_by, added_at)
            select list_id, @to, import_id, added_by, added_at from person_list_member where person_id = @from on conflict do nothing
            """, new { from, to }, transaction);
        await connection.ExecuteAsync("delete from person_list_member where person_id = @from", new { from }, transaction);
    }

    /// <summary>Whoever had been merged into the one who leaves is now the other: nobody points to somebody who has left.</summary>
    public static Task FollowAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId from, PersonId to) =>
        connection.ExecuteAsync("update person set merged_into = @to where merged_into = @from", new { from, to }, transaction);

    /// <summary>Standing hits against the one who leaves stand against the other, too; the one who leaves may hold a voucher that is not paid yet.</summary>
    public static Task CopyHitsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId from, PersonId to) =>
        connection.ExecuteAsync($"""
            insert into match_hit (run_id, region, person_id, source, difference, row_number)
            select h.run_id, h.region, @to, h.source, h.difference, h.row_number from match_hit h where h.person_id = @from and {Matching.MatchBlockStore.Stands}
            on conflict (run_id, person_id) do nothing
            """, new { from, to }, transaction);
}
