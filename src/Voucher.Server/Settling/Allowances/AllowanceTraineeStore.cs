using Voucher.Core.Matching;
using Voucher.Core.Settling;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Settling.Allowances;

/// <summary>A trainee of a class with all that decides whether an allowance may be paid, and to which account.</summary>
/// <param name="IsShared">Somebody else is paid to the same account.</param>
public sealed record AllowanceTrainee(
    long Enrolment, VoucherId Voucher, PersonId Person, string Holder, string IdNumberMasked, ClassId Class, string ClassName, string Institution,
    AllowanceStanding Standing, string? Bank, string? AccountMasked, bool IsShared);

/// <summary>Reads trainees, their scans and the days that are taken.</summary>
public static class AllowanceTraineeStore
{
    private sealed record Row(
        long Enrolment, VoucherId Voucher, PersonId Person, string Holder, string IdNumberMasked, ClassId Class, string ClassName, string Institution,
        bool IsRevoked, bool IsActive, bool InConflict, bool IsHeld, bool IsMatched, bool IsChecked, bool CoversProgramme, bool CoversPerson,
        string? Bank, string? AccountMasked, bool? IsShared);

    private sealed record ScanRow(PersonId Person, long Enrolment, SessionId Session, DateOnly Day, TimeOnly StartsAt, bool CheckedOut);

    private const string Select = $"""
        select n.id as enrolment, n.voucher_id as voucher, x.id as person, x.name as holder, x.id_number_masked, c.id as class, c.name as class_name,
               i.name as institution, v.state in (6, 7) as is_revoked, n.is_active, v.in_conflict,
               exists (select from hold h where h.voucher_id = v.id and h.released_at is null) as is_held,
               {MatchBlockStore.HolderStands} as is_matched,
               exists (select from spot_check k where k.class_id = c.id) as is_checked,
               fund_covers(@line, g.code) as covers_programme,
               not exists (select from fund_categories(@line) wanted where not (x.categories && wanted)) as covers_person,
               u.bank, u.account_masked, u.is_shared
        from enrolment n
        join voucher v on v.id = n.voucher_id
        join person p on p.id = n.person_id and not p.is_bait
        join person x on x.id = coalesce(p.merged_into, p.id)
        join training_class c on c.id = n.class_id
        join programme g on g.id = c.programme_id
        join institution i on i.id = c.institution_id
        {PersonAccountStore.UsableOfPerson}
        """;

    /// <summary>Who was scanned in a class of the month, of one institution or of all.</summary>
    public static async Task<IReadOnlyList<AllowanceTrainee>> OfMonthAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, RegionCode region, DateOnly month, InstitutionId? institution, BudgetLineId line,
        Policy policy, DateOnly today) =>
        Read(await connection.QueryAsync<Row>($"""
            {Select}
            where c.region = @region and (@institution::int is null or c.institution_id = @institution)
              and exists (select from attendance a join class_session s on s.id = a.session_id
                          where a.enrolment_id = n.id and s.held_on between @month and @until)
            order by i.id, c.id, n.id
            """,
            new { region, institution = institution?.Value, month, until = month.AddMonths(1).AddDays(-1), line, today, matchSources = SourcesOf(policy) }, transaction));

    /// <summary>Everybody who stands on the list, as they stand now.</summary>
    public static async Task<IReadOnlyList<AllowanceTrainee>> OfListAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, AllowanceListId list, BudgetLineId line, Policy policy, DateOnly today) =>
        Read(await connection.QueryAsync<Row>($"""
            {Select}
            where exists (select from allowance w join person o on o.id = w.person_id
                          where w.list_id = @list and w.class_id = c.id and coalesce(o.merged_into, o.id) = x.id)
            order by n.id
            """, new { list = list.Value, line, today, matchSources = SourcesOf(policy) }, transaction));

    /// <summary>Scans of the enrolments at sessions of the days, in order.</summary>
    public static async Task<IReadOnlyList<ScannedSession>> ScansAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<long> enrolments, DateOnly from, DateOnly until)
    {
        var rows = await connection.QueryAsync<ScanRow>("""
            select coalesce(p.merged_into, p.id) as person, n.id as enrolment, s.id as session, s.held_on as day, s.starts_at, a.checked_out_at is not null as checked_out
            from enrolment n
            join person p on p.id = n.person_id
            join attendance a on a.enrolment_id = n.id
            join class_session s on s.id = a.session_id
            where n.id = any(@enrolments) and s.held_on between @from and @until
            order by n.id, s.id
            """, new { enrolments = enrolments.ToArray(), from, until }, transaction);
        return [.. rows.Select(row => new ScannedSession(row.Person, row.Enrolment, row.Session, row.Day, row.StartsAt, CheckedIn: true, row.CheckedOut))];
    }

    /// <summary>Days of the people that are paid, on a list, or struck off; also under an entry that was merged into theirs.</summary>
    public static async Task<HashSet<(PersonId Person, AllowanceKind Kind, DateOnly Day)>> TakenAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<PersonId> people, DateOnly from, DateOnly until)
    {
        var rows = await connection.QueryAsync<(PersonId Person, short Kind, DateOnly Day)>("""
            select coalesce(p.merged_into, p.id), d.kind, d.day
            from allowance_day d join person p on p.id = d.person_id
            where d.standing <> 2 and d.day between @from and @until and coalesce(p.merged_into, p.id) = any(@people)
            """, new { people = people.Select(person => person.Value).ToArray(), from, until }, transaction);
        return [.. rows.Select(row => (row.Person, (AllowanceKind)row.Kind, row.Day))];
    }

    private static short[] SourcesOf(Policy policy) => [.. policy.Parameters.WithEffect(MatchEffect.BlocksPayment).Select(source => (short)source)];

    private static IReadOnlyList<AllowanceTrainee> Read(IEnumerable<Row> rows) => [.. rows.Select(row => new AllowanceTrainee(
        row.Enrolment, row.Voucher, row.Person, row.Holder, row.IdNumberMasked, row.Class, row.ClassName, row.Institution,
        new AllowanceStanding(
            row.IsRevoked, row.IsActive, row.InConflict, row.IsHeld, row.IsMatched, row.IsChecked, row.CoversProgramme, row.CoversPerson, row.AccountMasked is not null),
        row.Bank, row.AccountMasked, row.IsShared ?? false))];
}
