using Voucher.Server.Register;

namespace Voucher.Server.Demo;

/// <summary>Accreditations, practice places, teachers and marks of the demo's twelve institutions; made up, and added only where there are none.</summary>
public static class DemoInstitutions
{
    /// <summary>Trade, name, source, qualification, employer; the institution by its place in <see cref="DemoMenu.Institutions"/>.</summary>
    private static readonly IReadOnlyList<(int Institution, string Name, TeacherSource Source, int Trade, string Qualification, string Employer)> Teachers =
    [
        (0, "马师傅", TeacherSource.College, 1, "中式烹调高级技师", "东乡县职业技术学校"),
        (0, "杨电工", TeacherSource.Enterprise, 3, "电工技师", "示例电力公司"),
        (1, "河州大厨", TeacherSource.LocalExpert, 1, "东乡手抓非遗传承人", "河州名厨培训学校"),
        (2, "汪工", TeacherSource.Enterprise, 2, "起重机械指挥证", "示例建筑公司"),
        (3, "唐巧手", TeacherSource.LocalExpert, 7, "手工编织能手", "巧娘手工编织合作社"),
        (4, "锁老师", TeacherSource.College, 4, "家政服务高级工", "锁南家政培训学校"),
        (5, "高主播", TeacherSource.Enterprise, 6, "电子商务师", "示例电商公司"),
        (6, "果园老张", TeacherSource.MasterFarmer, 5, "农民技术员", "果园农业技术推广站"),
        (7, "那技术员", TeacherSource.Department, 5, "畜牧师", "县农业农村局"),
        (8, "龙教练", TeacherSource.Enterprise, 2, "装载机教练", "龙泉机械驾驶培训学校"),
        (9, "汪田秀", TeacherSource.MasterFarmer, 5, "种植能手", "汪集农民职业学校"),
        (10, "春台焊工", TeacherSource.Enterprise, 3, "焊工高级技师", "示例焊接厂"),
        (11, "振兴园丁", TeacherSource.College, 8, "园林工程师", "临夏振兴职业培训学校"),
    ];

    public static async Task LoadAsync(NpgsqlConnection connection, PersonalData secrets, DateTimeOffset now)
    {
        var year = CountyTime.DayOf(now).Year;
        await TakeOverAsync(connection, year, now);
        await LoadTeachersAsync(connection, secrets, now);
        await LoadMarksAsync(connection, year, now);
    }

    /// <summary>As the migration does with institutions of a county at work: what stands becomes an accreditation of its dates.</summary>
    private static async Task TakeOverAsync(NpgsqlConnection connection, int year, DateTimeOffset now)
    {
        await connection.ExecuteAsync("""
            with added as (
                insert into accreditation (region, institution_id, year, is_taken_over, state, licence_no, licence_authority, licence_from, licence_until, tender_no,
                                           capacity, rooms, area_m2, approved_capacity, valid_from, valid_until, created_at)
                select i.region, i.id, @year, true, 4, '示例许可' || lpad(i.id::text, 5, '0'), '东乡县人社局', date '2020-01-01', date '2099-12-31', '示例招标〔2020〕1号',
                       i.capacity, 4, 320, i.capacity, i.accredited_from, i.accredited_until, @now
                from institution i
                where i.is_demo and i.capacity > 0 and not exists (select from accreditation a where a.institution_id = i.id)
                returning id, institution_id),
            shown as (
                update institution i set accreditation_id = a.id from added a where i.id = a.institution_id),
            placed as (
                insert into accreditation_place (accreditation_id, number, name, address, places)
                select a.id, 1, '实训车间', i.address, i.capacity from added a join institution i on i.id = a.institution_id)
            insert into accreditation_programme (accreditation_id, programme_id, is_requested, is_approved)
            select a.id, p.programme_id, true, true from added a join institution_programme p on p.institution_id = a.institution_id
            """, new { year, now });
    }

    private static async Task LoadTeachersAsync(NpgsqlConnection connection, PersonalData secrets, DateTimeOffset now)
    {
        const string phone = "15400000000"; // Of no operator, as the demo's people have.
        foreach (var (institution, name, source, trade, qualification, employer) in Teachers)
            await connection.ExecuteAsync("""
                with added as (
                    insert into teacher (region, name, source, qualification, employer, phone_sealed, phone_masked, engaged_from, is_demo)
                    select @Region, @name, @source, @qualification, @employer, @phone, @phoneMasked, '2020-01-01', true
                    where not exists (select from teacher where region = @Region and is_demo and name = @name) returning id),
                traded as (
                    insert into teacher_trade (teacher_id, trade_code) select id, @trade from added),
                logged as (
                    insert into teacher_change (teacher_id, kind, at, reason) select id, 1, @now, '示例数据' from added)
                insert into accreditation_teacher (accreditation_id, teacher_id)
                select i.accreditation_id, added.id from added join institution i on i.uscc = @uscc and i.accreditation_id is not null
                """,
                new
                {
                    DemoCounty.Region, name, source = (short)source, qualification, employer, phone = secrets.Seal(phone), phoneMasked = PhoneNumber.Masked(phone), trade, now,
                    uscc = DemoMenu.Institutions[institution].Uscc.ToString(),
                });
    }

    private static Task LoadMarksAsync(NpgsqlConnection connection, int year, DateTimeOffset now) => connection.ExecuteAsync("""
        insert into institution_mark (region, institution_id, kind, year, trade_code, document_no, published_on, helper, helped_from, helped_until, created_at)
        select i.region, i.id, m.kind, @year, m.trade, '示例人社〔' || @year || '〕' || m.number || '号', case when m.kind = 3 then null else make_date(@year, 4, 20) end,
               case when m.kind = 3 then '示例市技师学院' else '' end, case when m.kind = 3 then make_date(@year, 1, 1) end, case when m.kind = 3 then make_date(@year, 12, 31) end, @now
        from (values (1, null::int, 1), (2, 3, 2), (3, null, 3)) as m(kind, trade, number)
        join institution i on i.uscc = @uscc
        where not exists (select from institution_mark k where k.institution_id = i.id)
        """, new { year, now, uscc = DemoMenu.Institutions[0].Uscc.ToString() });
}
