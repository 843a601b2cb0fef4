using System.Text;
using Voucher.Core.Institutions;
using Voucher.Core.People;
using Voucher.Core.Programmes;
using Voucher.Core.Refusals;

namespace Voucher.Core.Policies;

/// <summary>Whether a pack can be a rule at all: every fault is named by its field and with the range that it should keep.</summary>
public static class PolicyCheck
{
    public const int LongestDocumentNo = 60;
    public const int LongestTitle = 100;
    public const int LastVersion = 999;
    public const int FirstYear = 2016;
    public const int LastYear = 2100;
    public const int MostCategories = 50;
    public const int LongestCategory = 20;
    public const int LastTrade = 999;
    public const int MostTrades = 200;
    public const int MostSubsidies = 1_000;

    /// <summary>As much as a voucher's largest face value: 100,000 yuan.</summary>
    public const long LargestSubsidyFen = 10_000_000;

    public static string FieldOf(Clause clause) => $"clause-{clause}";

    public static string FieldOfSubsidy(int trade) => $"subsidy-{trade}";

    public static string FieldOf(MatchRule rule) => $"match-{rule.Source}";

    public static string FieldOf(ConsequenceRule rule) => $"consequence-{rule.Rung}";

    public static List<FieldError> FaultsOf(Policy pack) =>
    [
        .. Document(pack), .. Clauses.All.SelectMany(clause => OfClause(pack, clause)), .. Unknown(pack),
        .. PolicyNumbers.All.Select(number => number.FaultOf(pack.Parameters)).OfType<FieldError>(),
        .. Ages(pack.Parameters), .. Categories(pack.Parameters.EligibleCategories),
        .. Trades("highRiskTrades", pack.Parameters.HighRiskTrades), .. Trades("guidedTrades", pack.Parameters.GuidedTrades),
        .. Subsidies(pack.Parameters.Subsidies), .. Sources(pack.Parameters), .. Matches(pack.Parameters.Matches),
        .. Consequences(pack.Parameters.Consequences),
    ];

    private static IEnumerable<FieldError> Document(Policy pack)
    {
        if (TextFault("documentNo", pack.DocumentNo, LongestDocumentNo) is { } document) yield return document;
        if (TextFault("title", pack.Title, LongestTitle) is { } title) yield return title;
        if (pack.Version is < 1 or > LastVersion)
            yield return new("version", new($"版本应为 1 到 {LastVersion}", $"Versions run from 1 to {LastVersion}"));
        if (!IsNear(pack.EffectiveFrom)) yield return new("effectiveFrom", Dates);
        if (pack.EffectiveUntil is not { } until) yield break;
        if (!IsNear(until)) yield return new("effectiveUntil", Dates);
        else if (until < pack.EffectiveFrom) yield return new("effectiveUntil", new("截止日期不能早于施行日期", "It cannot end before it begins"));
    }

    private static readonly Words Dates = new($"请选择日期（{FirstYear} 至 {LastYear} 年）", $"Give a date from {FirstYear} to {LastYear}");

    private static bool IsNear(DateOnly day) => day.Year is >= FirstYear and <= LastYear;

    private static IEnumerable<FieldError> OfClause(Policy pack, Clause clause)
    {
        var text = pack.Clauses.TryGetValue(clause, out var known) ? known : "";
        if (TextFault(FieldOf(clause), text, Clauses.Longest) is { } fault) yield return fault;
    }

    private static IEnumerable<FieldError> Unknown(Policy pack) => pack.Clauses.Keys.Where(clause => !Enum.IsDefined(clause))
        .Select(clause => new FieldError(FieldOf(clause), new("没有这个条款", "There is no such clause")));

    private static IEnumerable<FieldError> Ages(PolicyParameters p)
    {
        if (p.OldestAge < p.YoungestAge) yield return new("oldestAge", new("最大年龄不能小于最小年龄", "It cannot be below the youngest age"));
    }

    private static IEnumerable<FieldError> Categories(IReadOnlyList<string> categories)
    {
        const string field = "eligibleCategories";
        if (categories.Count > MostCategories) yield return new(field, new($"最多 {MostCategories} 类", $"At most {MostCategories}"));
        if (categories.Any(category => TextFault(field, category, LongestCategory) is not null))
            yield return new(field, new($"每类 1 到 {LongestCategory} 个字", $"1 to {LongestCategory} characters each"));
        else if (categories.FirstOrDefault(category => !CategoryNames.Split(category).SequenceEqual([category])) is { } several)
            yield return new(field, new($"“{several}”在登记册里会分成几类，请分开写", $"“{several}” would be several categories in the register: write them apart"));
        if (HasTwice(categories)) yield return new(field, Twice);
    }

    private static IEnumerable<FieldError> Trades(string field, IReadOnlyList<int> trades)
    {
        if (trades.Count > MostTrades) yield return new(field, new($"最多 {MostTrades} 个工种", $"At most {MostTrades} trades"));
        if (trades.Any(trade => trade is < 1 or > LastTrade)) yield return new(field, TradeCodes);
        if (HasTwice(trades)) yield return new(field, Twice);
    }

    private static readonly Words TradeCodes = new($"工种编码应为 1 到 {LastTrade}", $"Codes of trades run from 1 to {LastTrade}");
    private static readonly Words Twice = new("有重复", "Something is named twice");

    private static IEnumerable<FieldError> Subsidies(IReadOnlyList<SubsidyStandard> subsidies)
    {
        if (subsidies.Count > MostSubsidies) yield return new("subsidies", new($"最多 {MostSubsidies} 行", $"At most {MostSubsidies} lines"));
        foreach (var line in subsidies.Take(MostSubsidies))
        {
            if (line.Trade is < 1 or > LastTrade) yield return new(FieldOfSubsidy(line.Trade), TradeCodes);
            if (!Enum.IsDefined(line.Level)) yield return new(FieldOfSubsidy(line.Trade), new("没有这个等级", "There is no such level"));
            if (line.AmountFen is < 1 or > LargestSubsidyFen) yield return SubsidyFault(line.Trade);
        }
        foreach (var twice in subsidies.GroupBy(line => (line.Trade, line.Level)).Where(group => group.Count() > 1))
            yield return new(FieldOfSubsidy(twice.Key.Trade), Twice);
    }

    /// <summary>What is said of an amount that is none or not in the range.</summary>
    public static FieldError SubsidyFault(int trade) => new(FieldOfSubsidy(trade), new(
        $"补贴标准应为 0.01 到 {new Money.Fen(LargestSubsidyFen)} 元，最多两位小数", $"A subsidy is 0.01 to {new Money.Fen(LargestSubsidyFen)} yuan, with at most two decimals"));

    private static IEnumerable<FieldError> Sources(PolicyParameters p)
    {
        var fault = new Words("请选择列支渠道", "Choose who bears it");
        if (!Enum.IsDefined(p.LivingAllowanceSource)) yield return new("livingAllowanceSource", fault);
        if (!Enum.IsDefined(p.TransportAllowanceSource)) yield return new("transportAllowanceSource", fault);
    }

    private static IEnumerable<FieldError> Matches(IReadOnlyList<MatchRule> matches)
    {
        foreach (var rule in matches)
            if (!Enum.IsDefined(rule.Source) || rule.Effect is < 0 or > (Matching.MatchEffect.BlocksIssuing | Matching.MatchEffect.BlocksPayment))
                yield return new(FieldOf(rule), new("没有这个名单或这种处理", "There is no such list or effect"));
        if (HasTwice(matches.Select(rule => rule.Source).ToList())) yield return new("matches", Twice);
    }

    private static IEnumerable<FieldError> Consequences(IReadOnlyList<ConsequenceRule> consequences)
    {
        foreach (var rule in consequences)
            if (!Enum.IsDefined(rule.Rung) || rule.Blocks is < 0 or > (Blocked.Classes | Blocked.Claims | Blocked.Payments))
                yield return new(FieldOf(rule), new("没有这一级处理或这种限制", "There is no such rung or block"));
        if (HasTwice(consequences.Select(rule => rule.Rung).ToList())) yield return new("consequences", Twice);
    }

    private static bool HasTwice<T>(IReadOnlyCollection<T> values) => values.Distinct().Count() < values.Count;

    private static FieldError? TextFault(string field, string text, int longest)
    {
        var characters = text.EnumerateRunes().Count();
        if (string.IsNullOrWhiteSpace(text) || characters > longest) return new(field, new($"请填写 1 到 {longest} 个字", $"Give 1 to {longest} characters"));
        return text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar || Rune.IsControl(rune))
            ? new(field, new("含有不可用的字符", "Contains characters that cannot be used"))
            : null;
    }
}
