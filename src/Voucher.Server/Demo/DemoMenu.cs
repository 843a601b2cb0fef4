namespace Voucher.Server.Demo;

/// <summary>Trades and programmes that text 004 names, twelve made-up institutions with valid codes, and where money comes from.</summary>
public static class DemoMenu
{
    public static readonly IReadOnlyList<(int Code, string Name)> Trades =
    [
        (1, "餐饮服务"), (2, "建筑机械"), (3, "电工焊工"), (4, "家政服务"), (5, "种植养殖"), (6, "电子商务"), (7, "手工编织"), (8, "园林林草"),
    ];

    /// <summary>Hours keep practice to theory at 7 : 3 (text 004, 三（四）).</summary>
    public static readonly IReadOnlyList<(int Code, string Name, int Trade, int Theory, int Practice, Fen Subsidy)> Programmes =
    [
        (1001, "中式烹饪", 1, 24, 56, Fen.FromYuan(1800)),
        (1002, "牛肉拉面", 1, 18, 42, Fen.FromYuan(1500)),
        (1003, "东乡手抓", 1, 12, 28, Fen.FromYuan(1200)),
        (1004, "宾馆服务", 1, 12, 28, Fen.FromYuan(1000)),
        (1005, "装载机挖掘机操作", 2, 30, 70, Fen.FromYuan(2600)),
        (1006, "塔吊操作", 2, 30, 70, Fen.FromYuan(2600)),
        (1007, "叉车驾驶", 2, 24, 56, Fen.FromYuan(2200)),
        (1008, "电工", 3, 30, 70, Fen.FromYuan(2000)),
        (1009, "电焊", 3, 30, 70, Fen.FromYuan(2000)),
        (1010, "家政服务员", 4, 18, 42, Fen.FromYuan(1300)),
        (1011, "保洁保绿", 4, 12, 28, Fen.FromYuan(900)),
        (1012, "种植养殖技术", 5, 12, 28, Fen.FromYuan(900)),
        (1013, "电商直播", 6, 18, 42, Fen.FromYuan(1400)),
        (1014, "手工编织", 7, 12, 28, Fen.FromYuan(1000)),
        (1015, "园林绿化", 8, 12, 28, Fen.FromYuan(1000)),
        (1016, "美容美发", 4, 24, 56, Fen.FromYuan(1600)),
    ];

    public static readonly IReadOnlyList<(Uscc Uscc, string Name, string Address, string Phone, int Capacity, int[] Programmes)> Institutions =
    [
        Institution(1, "东乡县职业技术学校", "锁南镇", [1001, 1002, 1007, 1008, 1009, 1010]),
        Institution(2, "河州名厨培训学校", "达板镇", [1001, 1002, 1003, 1004]),
        Institution(3, "达板建筑技工培训中心", "达板镇", [1005, 1006, 1007, 1008, 1009]),
        Institution(4, "巧娘手工编织合作社", "唐汪镇", [1014, 1011]),
        Institution(5, "锁南家政培训学校", "锁南镇", [1010, 1011, 1016]),
        Institution(6, "河滩电商创业学院", "河滩镇", [1013, 1004]),
        Institution(7, "果园农业技术推广站", "果园镇", [1012, 1015]),
        Institution(8, "那勒寺养殖示范基地", "那勒寺镇", [1012]),
        Institution(9, "龙泉机械驾驶培训学校", "龙泉镇", [1005, 1006, 1007]),
        Institution(10, "汪集农民职业学校", "汪集镇", [1002, 1012, 1014]),
        Institution(11, "春台技能培训中心", "春台乡", [1008, 1009, 1011]),
        Institution(12, "临夏振兴职业培训学校", "锁南镇", [1001, 1004, 1010, 1013, 1015, 1016]),
    ];

    /// <summary>Source, document, kind, line, department, percent of <see cref="DemoCounty.Budget"/>.</summary>
    public static readonly IReadOnlyList<(string Source, string DocumentNo, FundKind Kind, string Line, string Department, int Share)> BudgetLines =
    [
        ("就业补助资金", "示例〔2020〕1号", FundKind.Central, "劳动力技能培训", "县人社局", 60),
        ("东西部协作资金", "示例〔2020〕2号", FundKind.EastWest, "东西协作技能培训", "县人社局", 30),
        ("县级财政预算", "示例〔2020〕3号", FundKind.County, "妇女手工编织培训", "县妇联", 10),
    ];

    private static (Uscc, string, string, string, int, int[]) Institution(int number, string name, string township, int[] programmes)
    {
        // Registration authority 5 (civil affairs), kind 2 (non-enterprise), region, then a made-up body DEMX and the number (O and I are not in the alphabet).
        var first17 = $"52622926DEMX{number:D5}";
        return (Uscc.Parse($"{first17}{Uscc.CheckCharacter(first17)}"), name, township, $"0930-000{number:D4}", 60, programmes);
    }
}
