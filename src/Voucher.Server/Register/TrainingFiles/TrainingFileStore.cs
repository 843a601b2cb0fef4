namespace Voucher.Server.Register.TrainingFiles;

/// <summary>
/// Reads the parts of a training file, under all numbers that the person is known as. The person has been found within the asker's scope; an institution's vouchers, classes
/// and checks are narrowed to its own here again.
/// </summary>
public sealed class TrainingFileStore(NpgsqlDataSource database)
{
    /// <summary>Parts of one kind that a file shows, the newest.</summary>
    public const int MostOfKind = 200;

    public async Task<IReadOnlyList<FileVoucher>> VouchersAsync(RegisterScope scope, PersonId person) => await ReadAsync<FileVoucher>($"""
        select v.id, v.state, v.face_value_fen, v.valid_from, v.valid_until, b.name as batch,
               (select e.at from voucher_event e where e.voucher_id = v.id and e.number = 1) as issued_at, i.name as institution
        from voucher v join batch b on b.id = v.batch_id
        left join lateral (select class_id from enrolment n where n.voucher_id = v.id order by n.id desc limit 1) own on true
        left join training_class c on c.id = own.class_id left join institution i on i.id = c.institution_id
        where v.person_id in {KnownAs.Person} and (@ScopeInstitution::int is null or c.institution_id = @ScopeInstitution)
        order by v.id desc limit @MostOfKind
        """, scope, person);

    public async Task<IReadOnlyList<FileClass>> ClassesAsync(RegisterScope scope, PersonId person) => await ReadAsync<FileClass>($"""
        select c.id, n.voucher_id as voucher, c.name, g.name as programme, t.name as trade, i.name as institution, c.starts_on, c.ends_on,
               n.enrolled_at, n.is_active,
               coalesce(h.theory, 0)::int as theory_hours, coalesce(h.practice, 0)::int as practice_hours, coalesce(h.planned, 0)::int as planned_hours,
               coalesce(h.sessions, 0)::int as sessions, coalesce(h.attended, 0)::int as attended,
               a.theory_score, a.practice_score, a.has_passed, d.completed_at,
               (select string_agg(f.number || '（' || f.issuer || '）', '、' order by f.kind) from certificate f
                where f.enrolment_id = n.id and f.voided_at is null) as certificates
        from enrolment n
        join training_class c on c.id = n.class_id join programme g on g.id = c.programme_id
        join trade t on t.code = g.trade_code join institution i on i.id = c.institution_id
        left join assessment a on a.enrolment_id = n.id left join completion d on d.enrolment_id = n.id
        left join lateral (
            select sum(s.hours) filter (where x.checked_out_at is not null and not s.is_practice) as theory,
                   sum(s.hours) filter (where x.checked_out_at is not null and s.is_practice) as practice,
                   sum(s.hours) as planned, count(*) as sessions, count(x.checked_out_at) as attended
            from class_session s left join attendance x on x.session_id = s.id and x.enrolment_id = n.id
            where s.class_id = c.id) h on true
        where n.person_id in {KnownAs.Person} and (@ScopeInstitution::int is null or c.institution_id = @ScopeInstitution)
        order by n.id desc limit @MostOfKind
        """, scope, person);

    public async Task<IReadOnlyList<FileSpotCheck>> SpotChecksAsync(RegisterScope scope, PersonId person) => await ReadAsync<FileSpotCheck>($"""
        select k.class_id, c.name as class_name, k.checked_at, s.name as checked_by, k.present, k.is_clean, k.finding
        from spot_check k join training_class c on c.id = k.class_id join account a on a.id = k.checked_by join staff s on s.id = a.staff_id
        where k.class_id in (select class_id from enrolment where person_id in {KnownAs.Person})
          and (@ScopeInstitution::int is null or c.institution_id = @ScopeInstitution)
        order by k.checked_at desc limit @MostOfKind
        """, scope, person);

    public async Task<IReadOnlyList<FileHold>> HoldsAsync(RegisterScope scope, PersonId person) => await ReadAsync<FileHold>($"""
        select h.voucher_id as voucher, h.reason, h.opened_at, h.confirmed_at, h.released_at
        from hold h join voucher v on v.id = h.voucher_id
        where v.person_id in {KnownAs.Person} and h.reason <> 1 order by h.id desc limit @MostOfKind
        """, scope, person);

    /// <remarks>A merge copies hits that stand; of a list that the person has a hit in themselves, the merged entry's says nothing more.</remarks>
    public async Task<IReadOnlyList<FileMatch>> MatchesAsync(RegisterScope scope, PersonId person) => await ReadAsync<FileMatch>($"""
        select m.source, r.as_of, m.difference, m.dismissed_at, m.dismissed_reason, m.ended_at
        from match_hit m join match_run r on r.id = m.run_id
        where m.person_id in {KnownAs.Person}
          and (m.person_id = @person or not exists (select from match_hit own where own.run_id = m.run_id and own.person_id = @person))
        order by m.id desc limit @MostOfKind
        """, scope, person);

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, RegisterScope scope, PersonId person)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, new { scope.ScopeInstitution, person, MostOfKind })];
    }
}
