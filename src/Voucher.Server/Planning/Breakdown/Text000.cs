namespace Voucher.Server.Planning.Breakdown;

/// <summary>
/// The figures of 《德宏州技能扶贫专项行动计划》 (text 000, 三) in the order of the text, each with its 责任单位. The stock of 19,000
/// students at school and the rate of 85 percent are no people to be reached and are left out.
/// </summary>
public static class Text000
{
    private const string Hrss = "州人力资源和社会保障局";
    private const string Skills = "州人力资源和社会保障局、州总工会、州扶贫办、州教育局、州科技局";

    public static readonly IReadOnlyList<(string Name, string Responsible, int People)> Actions =
    [
        ("新型职业农民培训", $"州农业局、{Hrss}", 3_880),
        ("就业创业技能培训和“春潮行动”", Skills, 24_400),
        ("云岭职工素质建设工程", Skills, 7_500),
        ("雨露计划", Skills, 3_280),
        ("农村劳动力转移就业培训", $"{Hrss}、州扶贫办", 25_000),
        ("农村青年创业致富“领头雁”", "团州委", 200),
        ("科技兴边富民专项工程", $"州科技局、{Hrss}、州扶贫办、州农业局", 4_500),
        ("残疾人就业技能培训", $"州残联、{Hrss}", 1_000),
        ("贫困学生就读技工院校", $"州扶贫办、州教育局、{Hrss}、州财政局", 893),
        ("中等职业学校招生", $"州教育局、州农业局、州扶贫办、{Hrss}、州科技局、州发改委、州财政局", 30_400),
        ("创业培训", $"{Hrss}、州教育局、州财政局", 2_000),
        ("扶持创业", $"州财政局、{Hrss}、州工信委局、州教育局、州工商局、州总工会、团州委、州妇联、州工商联", 5_000),
        ("创业带动就业", $"州财政局、{Hrss}、州工信委局、州教育局、州工商局、州总工会、团州委、州妇联、州工商联", 15_000),
    ];
}
