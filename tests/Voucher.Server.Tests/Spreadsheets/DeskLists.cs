using Dapper;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Server.Tests.Spreadsheets;

/// <summary>Something on the lists of the county desk, put there by hand: how it comes there is tested elsewhere.</summary>
public static class DeskLists
{
    private const string Insert = """
        insert into household (region, number, township_code, is_registered, created_at, changed_at)
        select @Region, 'H-1', min(code), true, @now, @now from township where region = @Region on conflict do nothing;
        update person set household_number = 'H-1', relation = '户主' where id = (select min(person_id) from voucher where id = any(@vouchers));
        insert into duplicate_case (region, kind, person_id, other_id, content, opened_at)
        select @Region, 4, min(id), max(id), decode(repeat('ab', 32), 'hex'), @now from person where region = @Region on conflict do nothing;
        insert into person_change (region, person_id, number, field, before, after, at)
        select @Region, id, 1, 1, '', '', @now from person where region = @Region on conflict do nothing;
        with run as (
            insert into match_run (region, source, file_name, as_of, rows, created_by, created_at, found, bad)
            select @Region, 1, '名单.xlsx', '2026-01-01', 2, min(id), @now, 1, 1 from account returning id),
        hit as (
            insert into match_hit (run_id, region, person_id, source, row_number, dismissed_at, dismissed_by, dismissed_reason)
            select run.id, @Region, (select min(id) from person where region = @Region), 1, 2, @now, (select min(id) from account), '同名' from run)
        insert into match_problem (run_id, row_number, column_name, reason_zh, reason_en) select id, 3, '身份证号码', '位数不对', 'Wrong length' from run;
        insert into programme_order (region, programme_id, employer, employer_uscc, post, size, placed_by, placed_at)
        select @Region, p.id, '示例公司', '91620000000000001X', '焊工', 20, (select min(id) from account), @now from programme p where p.region = @Region;
        insert into teaching_document (region, programme_id, kind, version, title, body, handed_in_by, handed_in_at)
        select @Region, p.id, 1, 9000, '计划', '正文', (select min(id) from account), @now from programme p where p.region = @Region on conflict do nothing;
        insert into policy_draft (region, document_no, title, version, effective_from, parameters, clauses, drafted_by, drafted_by_staff, drafted_at, changed_at)
        select p.region, p.document_no, '改过的名称', 99, '2030-01-01', p.parameters, p.clauses, a.id, a.staff_id, @now, @now
        from policy_pack p, (select id, staff_id from account order by id limit 1) a where p.region = @Region order by p.id limit 1;
        insert into institution_mark (region, institution_id, kind, year, document_no, created_at)
        select @Region, i.id, 1, 2026, '示例文号', @now from institution i where i.region = @Region on conflict do nothing;
        insert into teacher (region, name, source, engaged_from) values (@Region, '马老师', 1, '2020-01-01');
        insert into session_teacher (session_id, teacher_id, class_id, during)
        select s.id, t.id, s.class_id, tsrange('2090-01-01 09:00', '2090-01-01 10:00')
        from (select id, class_id from class_session order by id desc limit 1) s, teacher t where t.region = @Region on conflict do nothing;
        insert into revocation (region, institution_id, includes_enrolled, reason, status, vouchers, proposed_by, proposed_by_staff, proposed_at)
        select @Region, i.id, false, '示例理由', 1, 0, a.id, a.staff_id, @now
        from (select min(id) as id from institution where region = @Region) i, (select id, staff_id from account order by id limit 1) a on conflict do nothing;
        insert into reissue_request (region, voucher_id, number, reason, requested_by, requested_by_staff, requested_at)
        select @Region, v, 3, '又丢失', a.id, a.staff_id, @now from unnest(@vouchers) v, (select id, staff_id from account order by id limit 1) a on conflict do nothing;
        """;

    /// <param name="vouchers">Enrolled ones: a household with the first one's holder is not covered yet.</param>
    public static async Task FillAsync(ServerUnderTest server, RegionCode region, IEnumerable<VoucherId> vouchers)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(Insert, new { Region = region, now = server.Clock.GetUtcNow(), vouchers = vouchers.Select(voucher => (long)voucher.Value).ToArray() });
    }
}
