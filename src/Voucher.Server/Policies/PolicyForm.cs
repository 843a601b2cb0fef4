using System.Globalization;
using Voucher.Core.Matching;
using Voucher.Core.Programmes;

namespace Voucher.Server.Policies;

/// <summary>
/// A whole pack as it is typed: every field by its name, some of them several times. What cannot be read is a fault of its
/// field; what can be read and cannot be a rule is found by <see cref="PolicyCheck"/>.
/// </summary>
public sealed class PolicyForm
{
    private readonly IReadOnlyDictionary<string, string[]> _typed;
    private readonly List<FieldError> _faults = [];

    private PolicyForm(IReadOnlyDictionary<string, string[]> typed) => _typed = typed;

    public static PolicyForm Of(IFormCollection form) =>
        new(form.ToDictionary(field => field.Key, field => Array.ConvertAll(field.Value.ToArray(), value => value?.Trim() ?? ""), StringComparer.Ordinal));

    public static PolicyForm Of(Policy pack) => new(PolicyFields.Of(pack));

    public string Text(string field) => _typed.TryGetValue(field, out var values) && values.Length > 0 ? values[0] : "";

    public IReadOnlyList<string> All(string field) => _typed.GetValueOrDefault(field) ?? [];

    public bool Has(string field, string value) => All(field).Contains(value, StringComparer.Ordinal);

    /// <summary>What is typed for the trade and level, in yuan.</summary>
    public string SubsidyOf(int trade, SkillLevel level) =>
        All(PolicyCheck.FieldOfSubsidy(trade)).ElementAtOrDefault((int)level) ?? "";

    public (Policy Pack, List<FieldError> Faults) Read(RegionCode region)
    {
        _faults.Clear();
        var pack = new Policy(
            new PolicyId(0), region, Text("documentNo"), Text("title"), (int)Number("version", 1, PolicyCheck.LastVersion),
            Day("effectiveFrom") ?? default, Text("effectiveUntil").Length == 0 ? null : Day("effectiveUntil"), Parameters(),
            Clauses.All.ToDictionary(clause => clause, clause => Text(PolicyCheck.FieldOf(clause))));
        var unread = _faults.Select(fault => fault.Field).ToHashSet(StringComparer.Ordinal);
        return (pack, [.. _faults, .. PolicyCheck.FaultsOf(pack).Where(fault => !unread.Contains(fault.Field))]);
    }

    private PolicyParameters Parameters()
    {
        var read = new PolicyParameters
        {
            EligibleCategories = CategoryNames.Split(Text("eligibleCategories")),
            HighRiskTrades = Trades("highRiskTrades"),
            GuidedTrades = Trades("guidedTrades"),
            Subsidies = [.. _typed.Keys.SelectMany(Subsidies)],
            Matches = [.. Enum.GetValues<MatchSource>().Select(source => new MatchRule(source, Effect(source))).Where(rule => rule.Effect != MatchEffect.None)],
            Consequences = [.. Enum.GetValues<ConsequenceRung>().Select(rung => new ConsequenceRule(rung, Blocks(rung))).Where(rule => rule.Blocks != Blocked.None)],
            LivingAllowanceSource = Source("livingAllowanceSource"),
            TransportAllowanceSource = Source("transportAllowanceSource"),
        };
        read = PolicyNumbers.All.Aggregate(read, (p, number) => number.With(p, Number(number)));
        return PolicySwitch.All.Aggregate(read, (p, given) => given.With(p, Has(given.Field, "true")));
    }

    private long Number(PolicyNumber number)
    {
        if (!number.IsMoney) return Number(number.Field, number.Smallest, number.Largest, number.Fault);
        if (Fen.TryParseYuan(Text(number.Field), out var fen) && fen.Value >= number.Smallest && fen.Value <= number.Largest) return fen.Value;
        _faults.Add(number.Fault);
        return number.Smallest;
    }

    private long Number(string field, long smallest, long largest, FieldError? fault = null)
    {
        if (long.TryParse(Text(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= smallest && number <= largest) return number;
        _faults.Add(fault ?? new(field, new($"请填写 {smallest} 到 {largest} 的整数", $"Give a whole number from {smallest} to {largest}")));
        return smallest;
    }

    private DateOnly? Day(string field)
    {
        if (DateOnly.TryParseExact(Text(field), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        _faults.Add(new(field, new("请选择日期", "Give a date")));
        return null;
    }

    private int[] Trades(string field)
    {
        var read = All(field).Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var trade) ? trade : 0).ToArray();
        return [.. read.Distinct()];
    }

    /// <summary>Six amounts of one trade, in the order of the levels; an empty one means that the programme's own counts.</summary>
    private IEnumerable<SubsidyStandard> Subsidies(string field)
    {
        const string prefix = "subsidy-";
        if (!field.StartsWith(prefix, StringComparison.Ordinal) || !int.TryParse(field.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var trade)) yield break;
        foreach (var level in Enum.GetValues<SkillLevel>())
        {
            if (SubsidyOf(trade, level) is not { Length: > 0 } typed) continue;
            if (Fen.TryParseYuan(typed, out var amount)) yield return new(trade, level, amount.Value);
            else _faults.Add(PolicyCheck.SubsidyFault(trade));
        }
    }

    private MatchEffect Effect(MatchSource source) => All($"match-{source}").Aggregate(
        MatchEffect.None, (effect, text) => Enum.TryParse<MatchEffect>(text, out var one) && Enum.IsDefined(one) ? effect | one : effect);

    private Blocked Blocks(ConsequenceRung rung) => All($"consequence-{rung}").Aggregate(
        Blocked.None, (blocks, text) => Enum.TryParse<Blocked>(text, out var one) && Enum.IsDefined(one) ? blocks | one : blocks);

    private AllowanceSource Source(string field) => Enum.TryParse<AllowanceSource>(Text(field), out var source) ? source : 0;
}
