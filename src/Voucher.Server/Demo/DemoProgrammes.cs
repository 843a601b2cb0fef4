using Voucher.Core.Programmes;

namespace Voucher.Server.Demo;

/// <summary>What makes the demo menu one of all kinds: levels, ways of teaching, safety, one employer's order, approved documents. All made up.</summary>
public static class DemoProgrammes
{
    public sealed record Details(SkillLevel Level, ProgrammeKind Kind, TrainingMode Mode, int Safety);

    private static readonly Details Usual = new(SkillLevel.None, ProgrammeKind.EmploymentSkills, TrainingMode.Concentrated, 0);

    /// <summary>Of the programme with this code.</summary>
    public static Details Of(int code) => code switch
    {
        1004 => Usual with { Kind = ProgrammeKind.Embedded },
        1005 or 1006 or 1007 => Usual with { Level = SkillLevel.Junior, Mode = TrainingMode.FullDay, Safety = 12 },
        1008 or 1009 => Usual with { Level = SkillLevel.Junior, Safety = 12 },
        1010 => Usual with { Mode = TrainingMode.HalfDay },
        1011 => Usual with { Mode = TrainingMode.AtHome },
        1012 => Usual with { Mode = TrainingMode.Mobile },
        1013 => Usual with { Kind = ProgrammeKind.Entrepreneurship },
        1014 => Usual with { Kind = ProgrammeKind.OrderBased, Mode = TrainingMode.HalfDay },
        1015 => Usual with { Kind = ProgrammeKind.ProjectBased },
        1016 => Usual with { Level = SkillLevel.Intermediate, Kind = ProgrammeKind.JobSkills },
        _ => Usual,
    };

    private static readonly (int Code, short Kind, string Title, string Body)[] Documents =
    [
        (1001, 1, "中式烹饪教学计划（示例）", "理论 24 课时：食品卫生、原料知识。\n实操 56 课时：刀工、热菜、面点、东乡地方菜。"),
        (1001, 2, "中式烹饪教学大纲（示例）", "一、职业道德与食品安全\n二、原料初加工\n三、热菜烹制\n四、面点与地方小吃\n五、结业考核"),
        (1002, 1, "牛肉拉面教学计划（示例）", "理论 18 课时：和面原理、汤料。\n实操 42 课时：和面、溜条、拉面、熬汤。"),
        (1002, 3, "牛肉拉面培训教材（示例，第二版）", "自编教材：汤、面、辣子、出品标准。"),
        (1008, 2, "电工教学大纲（示例）", "一、安全用电 12 课时\n二、电工基础\n三、照明与动力线路\n四、结业考核"),
    ];

    /// <summary>After the log-ins, who hand in and approve; what is there already stays.</summary>
    public static async Task LoadAsync(NpgsqlConnection connection, RegionCode region, DateTimeOffset now)
    {
        await connection.ExecuteAsync("""
            insert into teaching_document (
                region, programme_id, kind, version, title, body, status, handed_in_by, handed_in_at, decided_by, decided_at)
            select @region, p.id, @Kind, 1, @Title, @Body, 2, clerk.id, @now, approver.id, @now
            from programme p, account clerk, account approver
            where p.region = @region and p.code = @Code and clerk.login = 'clerk' and approver.login = 'approver'
            on conflict do nothing
            """, Documents.Select(document => new { region, document.Code, document.Kind, document.Title, document.Body, now }));
        await connection.ExecuteAsync("""
            insert into programme_order (region, programme_id, employer, employer_uscc, post, agency, size, placed_by, placed_at)
            select @region, p.id, @Employer, @Uscc, @Post, @Agency, @Size, clerk.id, @now
            from programme p, account clerk
            where p.region = @region and p.code = @Code and clerk.login = 'clerk'
                and not exists (select from programme_order o where o.programme_id = p.id)
            """,
            new[]
            {
                new { region, Code = 1004, Employer = "兰州示例酒店管理有限公司", Uscc = UsccOf("91620100DEMX10001"), Post = "客房服务员", Agency = "东乡县示例劳务公司", Size = 30, now },
                new { region, Code = 1014, Employer = "东乡县示例扶贫车间", Uscc = UsccOf("91622926DEMX10002"), Post = "刺绣工", Agency = "", Size = 40, now },
            });
    }

    private static string UsccOf(string first17) => first17 + Uscc.CheckCharacter(first17);
}
