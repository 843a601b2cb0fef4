using Voucher.Core.Issuing;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>Requests to leave people out of a batch, and those who were; all under the lock of the batch.</summary>
public static class LeaveOutStore
{
    /// <summary>Above every place of a batch: those who move up wait here, so that no two ever have one place.</summary>
    private const int Aside = 1_000_000;

    public static Task<LeaveOutRequest?> OpenAsync(NpgsqlConnection connection, BatchId batch, NpgsqlTransaction? transaction = null) =>
        connection.QuerySingleOrDefaultAsync<LeaveOutRequest?>("""
            select o.id, o.list_mark as mark, o.people, o.reason, s.name as asked_by, o.asked_by_staff, o.asked_at
            from batch_leave_out o join staff s on s.id = o.asked_by_staff
            where o.batch_id = @batch and o.decision is null
            """, new { batch }, transaction);

    public static Task AskAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId batch, IneligibleList list, string reason, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into batch_leave_out (batch_id, list_mark, people, reason, asked_by, asked_by_staff, asked_at)
            values (@batch, @Mark, @people, @reason, @Account, @Staff, @now)
            """, new { batch, list.Mark, people = list.People.Count, reason, by.Account, by.Staff, now }, transaction);

    /// <summary>What was asked is of no use any more; does nothing where nothing was.</summary>
    public static Task OvertakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId batch, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            update batch_leave_out set decision = 3, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now
            where batch_id = @batch and decision is null
            """, new { batch, by.Account, by.Staff, now }, transaction);

    public static Task RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LeaveOutRequest request, string reason, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            update batch_leave_out set decision = 2, decided_reason = @reason, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now
            where id = @Id and decision is null
            """, new { request.Id, reason, by.Account, by.Staff, now }, transaction);

    /// <summary>The decision as a row: of the request, or, with the approval of the batch, a row of its own.</summary>
    public static Task<long> DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId batch, LeaveOutRequest? request, IneligibleList list, Actor by, DateTimeOffset now) =>
        request is null
            ? connection.QuerySingleAsync<long>("""
                insert into batch_leave_out (batch_id, list_mark, people, decision, decided_by, decided_by_staff, decided_at)
                values (@batch, @Mark, @people, 1, @Account, @Staff, @now) returning id
                """, new { batch, list.Mark, people = list.People.Count, by.Account, by.Staff, now }, transaction)
            : connection.QuerySingleAsync<long>("""
                update batch_leave_out set decision = 1, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now
                where id = @Id and decision is null returning id
                """, new { request.Id, by.Account, by.Staff, now }, transaction);

    /// <summary>
    /// Moves the people out of the batch; those behind them move up in their order, so that the places have no gap. Where nobody
    /// remains to be written, the batch is issued.
    /// </summary>
    /// <param name="policy">Names the clause of each one's first reason.</param>
    public static async Task MoveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch, long leaveOut, IneligibleList list, Policy policy, DateTimeOffset now)
    {
        var arguments = new
        {
            batch.Id, leaveOut, now, Aside, count = list.People.Count,
            people = list.People.Select(person => person.Id.Value).ToArray(),
            reasons = list.People.Select(person => person.ReasonNumbers).ToArray(),
            rules = list.People.Select(person => RuleOf(person, policy)).ToArray(),
        };
        var moved = await connection.ExecuteAsync("""
            insert into batch_left_out (batch_id, person_id, leave_out_id, ordinal, reasons, rule)
            select m.batch_id, m.person_id, @leaveOut, m.ordinal, string_to_array(o.reasons, ',')::smallint[], o.rule
            from unnest(@people, @reasons, @rules) as o (person_id, reasons, rule)
            join batch_person m on m.batch_id = @Id and m.person_id = o.person_id
            """, arguments, transaction);
        var shrunk = await connection.ExecuteAsync("""
            update batch
            set people = people - @count,
                status = case when status = 2 and written = people - @count then 3 else status end,
                finished_at = case when status = 2 and written = people - @count then @now else finished_at end
            where id = @Id and status in (1, 2) and written <= people - @count
            """, arguments, transaction);
        if (moved != list.People.Count || shrunk != 1) throw new InvalidOperationException($"Batch {batch.Id} changed under its lock.");
        await connection.ExecuteAsync("""
            delete from batch_person m using batch_left_out o
            where o.leave_out_id = @leaveOut and o.batch_id = @Id and m.batch_id = o.batch_id and m.person_id = o.person_id;

            update batch_person set ordinal = ordinal + @Aside
            where batch_id = @Id and ordinal > (select min(ordinal) from batch_left_out where leave_out_id = @leaveOut and batch_id = @Id);

            update batch_person m set ordinal = n.place
            from (
                select person_id, (select min(ordinal) from batch_left_out where leave_out_id = @leaveOut and batch_id = @Id)
                    + row_number() over (order by ordinal) - 1 as place
                from batch_person where batch_id = @Id and ordinal >= @Aside) n
            where m.batch_id = @Id and m.person_id = n.person_id;
            """, arguments, transaction);
    }

    private static string RuleOf(IneligiblePerson person, Policy policy)
    {
        var first = (Ineligibility)short.Parse(person.ReasonNumbers.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
        return policy.RuleOf(first.ClauseOf()).ToString();
    }

    public static Task<int> CountAsync(NpgsqlConnection connection, BatchId batch) =>
        connection.ExecuteScalarAsync<int>("select count(*)::int from batch_left_out where batch_id = @batch", new { batch });

    /// <summary>Those who were left out, the newest decision first, in the order of the places they had.</summary>
    public static async Task<IReadOnlyList<LeftOutPerson>> ListAsync(NpgsqlConnection connection, BatchId batch, int skip, int take) =>
        [.. await connection.QueryAsync<LeftOutPerson>("""
            select p.id, p.name, p.id_number_masked, t.name as township, g.name as village,
                   array_to_string(o.reasons, ',') as reason_numbers, o.rule, a.name as asked_by, d.name as decided_by, l.decided_at
            from batch_left_out o
            join batch_leave_out l on l.id = o.leave_out_id
            join staff d on d.id = l.decided_by_staff
            left join staff a on a.id = l.asked_by_staff
            join person p on p.id = o.person_id
            left join township t on t.code = p.township_code
            left join village g on g.code = p.village_code
            where o.batch_id = @batch
            order by o.leave_out_id desc, o.ordinal offset @skip limit @take
            """, new { batch, skip, take })];
}
