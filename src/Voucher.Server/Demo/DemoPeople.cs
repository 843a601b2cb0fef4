using System.Globalization;
using Voucher.Server.Register;

namespace Voucher.Server.Demo;

/// <summary>
/// Made-up people in any number: the same seed and index give the same person for ever, and no two indexes of a seed give
/// the same identity number. Check digits are valid; phones lie in 154, which no operator has; villages are numbered examples.
/// </summary>
public static class DemoPeople
{
    /// <summary>Largest index plus one: sequence digits run out beyond it.</summary>
    public const int MostPeople = 800_000;

    public const int RegisterSeed = 1;
    public const int SpreadsheetSeed = 2;

    private static readonly DateOnly FirstBirth = new(1961, 1, 1);
    private const int BirthDays = 17_532; // To the end of 2008: nine in ten are 18 to 59 in the years of the plan.
    private const int DayStep = 7919; // A prime that does not divide the number of days, so that it visits every day.

    private static readonly string[] Surnames =
        ["马", "马", "马", "马", "马", "马", "杨", "汪", "唐", "赵", "高", "牟", "祁", "张", "王", "李", "陈", "锁", "妥", "哈", "白", "冶", "闵", "孔", "罗", "何", "司", "金"];

    private static readonly string[] MaleNames =
        ["麦志", "阿卜都", "尤素夫", "伊布拉", "哈三", "胡塞尼", "而不都", "达吾代", "哈比不", "建国", "国良", "忠华", "文林", "小龙", "占海", "永福", "学智", "成龙", "玉海", "志强"];

    private static readonly string[] FemaleNames =
        ["法土麦", "阿米乃", "海力麦", "麦热燕", "索菲燕", "阿依舍", "则乃白", "小梅", "玉兰", "秀英", "春花", "晓燕", "秀花", "海燕", "桂兰", "玉梅", "丽娟", "雪梅", "彩霞", "小红"];

    private static readonly string[] Educations = ["小学", "小学", "初中", "初中", "初中", "高中", "中专", "大专", "文盲"];
    private static readonly string[] Employers = ["", "", "", "", "厦门示例食品有限公司", "兰州示例餐饮管理有限公司", "东乡县示例扶贫车间"];

    /// <summary>东乡 mostly; its neighbours; and 622421, abolished, as older cards still have it.</summary>
    private static readonly int[] Areas = [622926, 622926, 622926, 622926, 622926, 622926, 622926, 622926, 622926, 622926, 622921, 622924, 622925, 622923, 622901, 622927, 622421];

    public static PersonStatement At(int seed, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MostPeople);
        var dice = new Random(unchecked(seed * 1_000_003 + index));
        var isMale = dice.Next(2) == 0;
        var number = NumberOf(seed, index, isMale, dice);
        var place = DemoPlaces.Townships[dice.Next(DemoPlaces.Townships.Count)];
        var name = Pick(dice, Surnames) + Pick(dice, isMale ? MaleNames : FemaleNames);
        var phone = dice.Next(20) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"154{dice.Next(100_000_000):D8}");
        var education = Pick(dice, Educations);
        var village = dice.Next(1, DemoPlaces.VillagesOfTownship + 1);
        var person = new PersonStatement(
            number, name, education, phone, SaysTownship: true, place.Code,
            string.Create(CultureInfo.InvariantCulture, $"东乡县{place.Name}示例{village}村"),
            dice.Next(10) == 0 ? "非农业户口" : "农业户口", Pick(dice, Employers), CategoriesOf(number, dice));
        // Drawn last: what was made up before these fields were there stays as it was.
        return person with
        {
            SaysVillage = true, Village = DemoPlaces.VillageOf(place.Code, village),
            HouseholdNumber = string.Create(CultureInfo.InvariantCulture, $"{DemoPlaces.VillageOf(place.Code, village)}{index / PeopleOfRound + 1:D3}"),
            LabourAbility = Pick(dice, Abilities), Employment = Pick(dice, Employments), WishTrades = WishesOf(dice),
        };
    }

    /// <summary>Four to a village: those of one round who live in one village are one household.</summary>
    private const int PeopleOfRound = 4 * 24 * DemoPlaces.VillagesOfTownship;

    private static readonly LabourAbility[] Abilities =
        [.. Enumerable.Repeat(LabourAbility.Usual, 16), LabourAbility.Skilled, LabourAbility.Skilled, LabourAbility.Weak, LabourAbility.Lost];

    private static readonly EmploymentState[] Employments =
    [
        EmploymentState.Farming, EmploymentState.Farming, EmploymentState.Farming, EmploymentState.AwayAtWork, EmploymentState.AwayAtWork, EmploymentState.AwayAtWork,
        EmploymentState.EmployedNearby, EmploymentState.OwnBusiness, EmploymentState.WelfarePost, EmploymentState.OutOfWork, EmploymentState.OutOfWork, EmploymentState.OutOfWork,
    ];

    /// <summary>Two in five wish to learn something: one trade or two.</summary>
    private static int[] WishesOf(Random dice)
    {
        if (dice.Next(5) >= 2) return [];
        var (first, second) = (dice.Next(DemoMenu.Trades.Count), dice.Next(DemoMenu.Trades.Count));
        return [.. new[] { DemoMenu.Trades[first].Code, DemoMenu.Trades[second].Code }.Distinct().Order()];
    }

    private static IdNumber NumberOf(int seed, int index, bool isMale, Random dice)
    {
        var day = FirstBirth.AddDays((int)((long)index * DayStep % BirthDays));
        var pair = seed % 5 * 100 + index / BirthDays; // 46 pairs suffice for the most people; each seed has a hundred.
        var sequence = pair * 2 % 1000 + (isMale ? 1 : 0);
        var first17 = string.Create(CultureInfo.InvariantCulture, $"{Areas[dice.Next(Areas.Length)]}{day:yyyyMMdd}{sequence:D3}");
        return IdNumber.Parse(first17 + IdNumber.CheckCharacter(first17));
    }

    private static string[] CategoriesOf(IdNumber number, Random dice)
    {
        List<string> categories = [];
        if (dice.Next(100) < 45) categories.Add("建档立卡");
        if (!number.IsMale) categories.Add("妇女");
        if (number.BirthDate.Year >= 1990) categories.Add("青年");
        if (dice.Next(100) < 4) categories.Add("残疾");
        if (number.BirthDate.Year >= 2000 && dice.Next(100) < 15) categories.Add("两后生");
        if (dice.Next(100) < 8) categories.Add("易地搬迁");
        return [.. categories];
    }

    private static T Pick<T>(Random dice, T[] from) => from[dice.Next(from.Length)];
}
