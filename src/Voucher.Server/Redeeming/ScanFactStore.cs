using Voucher.Core.Classes;

namespace Voucher.Server.Redeeming;

/// <summary>Reads what a scan's decision rests on.</summary>
public sealed class ScanFactStore(NpgsqlConnection connection, NpgsqlTransaction? transaction)
{
    public Task<ScannedClass?> ClassAsync(ClassId id, DateOnly today) => connection.QuerySingleOrDefaultAsync<ScannedClass>("""
        select c.id, c.name, p.name as programme, c.institution_id as institution, p.code as programme_code, p.trade_code,
               c.starts_on, c.ends_on, c.status = 2 as is_approved,
               not i.is_suspended and @today between i.accredited_from and i.accredited_until
                   and exists (select from institution_programme x where x.institution_id = i.id and x.programme_id = p.id) as is_accredited,
               c.capacity,
               (select count(*)::int from enrolment n where n.class_id = c.id and n.is_active) as enrolled
        from training_class c
        join programme p on p.id = c.programme_id
        join institution i on i.id = c.institution_id
        where c.id = @id
        """, new { id, today }, transaction);

    /// <summary>Name of another class, overlapping in time, that the person attends by another voucher and has not completed.</summary>
    public Task<string?> OverlappingClassAsync(PersonId person, VoucherId voucher, ScannedClass wanted) => connection.QueryFirstOrDefaultAsync<string?>("""
        select c.name
        from enrolment n
        join training_class c on c.id = n.class_id
        join voucher v on v.id = n.voucher_id
        where n.person_id = @person and n.voucher_id <> @voucher and n.is_active and v.state = 3
          and c.starts_on <= @EndsOn and c.ends_on >= @StartsOn
        order by c.starts_on limit 1
        """, new { person, voucher, wanted.StartsOn, wanted.EndsOn }, transaction);

    /// <summary>Sessions of the day and of those beside it: the margin of a late one reaches over midnight.</summary>
    public Task<IEnumerable<NearbySession>> SessionsAsync(ClassId id, DateOnly today, long? enrolment) => connection.QueryAsync<NearbySession>("""
        select s.id, s.held_on, s.starts_at, s.ends_at,
               a.checked_in_at is not null as checked_in, a.checked_out_at is not null as checked_out
        from class_session s
        left join attendance a on a.session_id = s.id and a.enrolment_id = @enrolment
        where s.class_id = @id and s.held_on between @today - 1 and @today + 1
        """, new { id, today, enrolment }, transaction);

    public async Task<CompletionStanding> CompletionAsync(ScannedClass scanned, long? enrolment)
    {
        var (attended, held, passed) = await connection.QuerySingleAsync<(int, int, bool?)>("""
            select (select count(*)::int from attendance a where a.enrolment_id = @enrolment and a.checked_out_at is not null),
                   (select count(*)::int from class_session s where s.class_id = @Id),
                   (select has_passed from assessment where enrolment_id = @enrolment)
            """, new { enrolment, scanned.Id }, transaction);
        return new CompletionStanding(attended, held, passed, scanned.EndsOn);
    }
}
