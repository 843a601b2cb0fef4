namespace Voucher.Server.Demo;

/// <summary>
/// The eight towns and sixteen townships of 东乡. The first six digits are GB/T 2260; the last three are illustrative, not
/// those of GB/T 10114.
/// </summary>
public static class DemoPlaces
{
    private static readonly string[] Towns = ["锁南镇", "达板镇", "河滩镇", "那勒寺镇", "唐汪镇", "果园镇", "汪集镇", "龙泉镇"];

    private static readonly string[] Rural =
    [
        "春台乡", "柳树乡", "东塬乡", "坪庄乡", "百和乡", "关卜乡", "赵家乡", "五家乡",
        "沿岭乡", "凤山乡", "车家湾乡", "高山乡", "大树乡", "北岭乡", "考勒乡", "董岭乡",
    ];

    /// <summary>Towns from 100, rural townships from 200.</summary>
    public static readonly IReadOnlyList<(int Code, string Name)> Townships =
    [
        .. Towns.Select((name, index) => (622_926_100 + index, name)),
        .. Rural.Select((name, index) => (622_926_200 + index, name)),
    ];

    public const int VillagesOfTownship = 12;

    /// <summary>Numbered examples, twelve in each township.</summary>
    public static readonly IReadOnlyList<(PlaceCode Code, string Name)> Villages =
    [
        .. from township in Townships from number in Enumerable.Range(1, VillagesOfTownship) select (VillageOf(township.Code, number), $"示例{number}村"),
    ];

    /// <param name="number">1 to <see cref="VillagesOfTownship"/>.</param>
    public static PlaceCode VillageOf(int township, int number) => new(township * 1000L + 200 + number);
}
