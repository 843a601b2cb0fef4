namespace Voucher.Server.Demo;

/// <summary>
/// The rules of 东乡县府办发〔2020〕57号 (text 004) as a pack. Where the text leaves a number to the county's own
/// 《“培训券”具体使用管理办法》, the parameters' defaults stand in.
/// </summary>
public static class DemoPolicy
{
    public static Policy For(RegionCode region) => new(
        new PolicyId(0), region, "东县府办发〔2020〕57号", "东乡县劳动力培训三年行动实施方案", Version: 1,
        EffectiveFrom: new DateOnly(2020, 6, 15), EffectiveUntil: null,
        new PolicyParameters(),
        new Dictionary<Clause, string>
        {
            [Clause.Voucher] = "三（一）培训券式培训",
            [Clause.FreeChoice] = "三（一）自主选择培训项目",
            [Clause.Institutions] = "三（六）一是严格管理培训机构",
            [Clause.Attendance] = "三（六）二是考勤、课堂点名制度",
            [Clause.Practice] = "三（四）实操课时与理论课时比例7∶3",
            [Clause.Completion] = "三（六）四是结业率、鉴定合格率",
            [Clause.SpotCheck] = "三（六）二是每期培训班至少抽查一次",
            [Clause.Responsibility] = "三（六）三是谁审批谁负责",
            [Clause.Funds] = "五（二）规范管理资金",
        });
}
