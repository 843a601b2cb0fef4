using Voucher.Server.Vouchers;

namespace Voucher.Server.Issuing.Revoking;

/// <summary>A revocation of which a chunk is to be done.</summary>
public sealed record RevocationInWork(
    long Id, BatchId? BatchId, PersonId? PersonId, InstitutionId? InstitutionId, bool IncludesEnrolled, string Reason, long LastId, AccountId DecidedBy)
{
    public RevocationScope Scope => new(BatchId, PersonId, InstitutionId);
}

/// <summary>Which vouchers a revocation takes, and the taking of a chunk of them.</summary>
public static class RevokingStore
{
    /// <summary>Vouchers that belong to the scope, whatever their state.</summary>
    private static string Within(RevocationScope scope) => scope switch
    {
        { Batch: not null } => "v.batch_id = @Batch",
        { Person: not null } => "v.person_id = @Person",
        _ => """
            v.id in (
                select n.voucher_id from enrolment n join training_class c on c.id = n.class_id
                where n.is_active and c.institution_id = @Institution)
            """,
    };

    /// <summary>What it would do; <c>null</c> when the county has no such batch, person or institution.</summary>
    public static Task<RevocationPreview?> PreviewAsync(
        NpgsqlConnection connection, RegionCode region, RevocationScope scope, NpgsqlTransaction? transaction = null) =>
        connection.QuerySingleOrDefaultAsync<RevocationPreview?>($"""
            select s.name,
                (count(v.id) filter (where v.state in (1, 2) and not v.in_conflict))::int as unused,
                (count(v.id) filter (where v.state = 3 and not v.in_conflict))::int as enrolled,
                (count(v.id) filter (where v.state > 3))::int as untouched,
                (count(v.id) filter (where v.state <= 3 and v.in_conflict))::int as in_conflict,
                coalesce(sum(v.face_value_fen) filter (where v.state in (1, 2) and not v.in_conflict and v.is_reserved), 0)::bigint as unused_money,
                coalesce(sum(v.face_value_fen) filter (where v.state = 3 and not v.in_conflict and v.is_reserved), 0)::bigint as enrolled_money
            from (select coalesce(
                (select name from batch where region = @region and id = @Batch and status in (3, 6)),
                (select name from person where region = @region and id = @Person and not is_bait),
                (select name from institution where region = @region and id = @Institution)) as name) s
            left join voucher v on {Within(scope)} and v.id >> 32 = @region
            where s.name is not null
            group by s.name
            """, new { region, scope.Batch, scope.Person, scope.Institution }, transaction);

    /// <summary>Names the vouchers that it takes; from now on nothing is added to them. Answers with how many they are.</summary>
    public static Task<int> FreezeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id, RevocationScope scope, bool includesEnrolled) =>
        connection.QuerySingleAsync<int>($"""
            with frozen as (
                insert into revocation_voucher (revocation_id, voucher_id)
                select @id, v.id from voucher v
                where {Within(scope)} and v.id >> 32 = @region and (v.state in (1, 2) or @includesEnrolled and v.state = 3) and not v.in_conflict
                returning voucher_id)
            update revocation set vouchers = (select count(*) from frozen) where id = @id returning vouchers
            """, new { region, id, scope.Batch, scope.Person, scope.Institution, includesEnrolled }, transaction);

    /// <summary>A reprint stands in for its paper in what is still open: nobody keeps a voucher by losing it.</summary>
    public static Task<int> FollowReprintAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId old, VoucherId successor) =>
        connection.ExecuteAsync("""
            insert into revocation_voucher (revocation_id, voucher_id)
            select f.revocation_id, @successor from revocation_voucher f join revocation r on r.id = f.revocation_id
            where f.voucher_id = @old and r.status in (1, 2)
            """, new { old, successor }, transaction);

    /// <summary>Takes the oldest approved revocation that nobody else is at and that did not just fail, for as long as the transaction lasts.</summary>
    public static Task<RevocationInWork?> TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, DateTimeOffset now) =>
        connection.QuerySingleOrDefaultAsync<RevocationInWork?>("""
            select id, batch_id, person_id, institution_id, includes_enrolled, reason, last_id, decided_by
            from revocation where region = @region and status = 2 and (retry_at is null or retry_at <= @now)
            order by id limit 1
            for no key update skip locked
            """, new { region, now }, transaction);

    /// <summary>Lets others go first until then.</summary>
    public static Task<int> PutOffAsync(NpgsqlConnection connection, long id, DateTimeOffset until) =>
        connection.ExecuteAsync("update revocation set retry_at = @until where id = @id and status = 2", new { id, until });

    /// <summary>Locks the next vouchers that it takes and reads them as the machine sees them; always in one order, so that no two wait in a circle.</summary>
    public static async Task<IReadOnlyList<StoredVoucher>> NextAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, RevocationInWork work, int take)
    {
        var scope = work.Scope;
        var ids = (await connection.QueryAsync<long>($"""
            select v.id from revocation_voucher f join voucher v on v.id = f.voucher_id
            where f.revocation_id = @Id and {Within(scope)} and v.id >> 32 = @region and v.id > @LastId
                and (v.state in (1, 2) or @IncludesEnrolled and v.state = 3) and not v.in_conflict
            order by v.id limit @take
            for update of v
            """, new { region, work.Id, scope.Batch, scope.Person, scope.Institution, work.LastId, work.IncludesEnrolled, take }, transaction)).ToArray();
        await using var command = new NpgsqlCommand(VoucherStore.SelectByIds, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = ids });
        List<StoredVoucher> vouchers = [];
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) vouchers.Add(VoucherStore.Read(rows));
        return [.. vouchers.OrderBy(voucher => voucher.Voucher.Id.Value)];
    }

    /// <summary>Writes many accepted revocations at once: what is done to one by <see cref="RevokeVoucher"/>, but the money.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Decision.Accepted> steps, AccountId by, DateTimeOffset now)
    {
        var written = await connection.ExecuteScalarAsync<int>("""
            with given as (
                select * from unnest(@ids, @froms, @institutions, @classes) as g (id, from_state, institution_id, class_id)),
            moved as (
                update voucher v set state = 6, events = v.events + 1, is_reserved = false
                from given g where v.id = g.id and v.state = g.from_state
                returning v.id, v.events, g.from_state, g.institution_id, g.class_id),
            noted as (
                insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, account_id, institution_id, class_id, reason)
                select id, events, 8, from_state, 6, @now, @by, institution_id, class_id, @reason from moved),
            ended as (
                update enrolment set is_active = false where voucher_id = any(@ids) and is_active)
            select count(*)::int from moved
            """,
            new
            {
                ids = steps.Select(step => step.Next.Id.Value).ToArray(),
                froms = steps.Select(step => (short)step.Event.From).ToArray(),
                institutions = steps.Select(step => step.Event.Institution?.Value).ToArray(),
                classes = steps.Select(step => step.Event.Class?.Value).ToArray(),
                reason = steps.First().Event.Reason, by, now,
            }, transaction);
        if (written != steps.Count) throw new InvalidOperationException($"{steps.Count - written} vouchers changed under their lock.");
    }

    /// <summary>Moves the revocation on in the transaction of the chunk.</summary>
    public static Task AdvanceAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long id, int revoked, VoucherId last) =>
        connection.ExecuteAsync(
            "update revocation set revoked = revoked + @revoked, last_id = @last, retry_at = null where id = @id and status = 2", new { id, revoked, last }, transaction);

    public static Task FinishAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long id, DateTimeOffset now) =>
        connection.ExecuteAsync("update revocation set status = 3, finished_at = @now, retry_at = null where id = @id and status = 2", new { id, now }, transaction);
}
