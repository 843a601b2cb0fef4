using System.Globalization;
using Voucher.Core.Policies;

namespace Voucher.Core.Refusals;

/// <summary>
/// A numbered no: what is wrong, what the person should do next, and the rule it rests on (none where it is not a matter
/// of policy, such as an unreadable code).
/// </summary>
public sealed record Refusal(RefusalCode Code, Words Reason, Words NextStep, Rule? Rule)
{
    /// <summary>Where waiting helps: after how many seconds the same may be asked again.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>With <see cref="RefusalCode.JournalNotFollowing"/>: the number of the entry from which the journal is wanted.</summary>
    public long? SendFrom { get; init; }

    /// <summary>
    /// A refusal under a policy; <paramref name="details"/> fill the sentences (dates, names, numbers; <see cref="Words"/> in
    /// the sentence's language).
    /// </summary>
    public static Refusal Under(Policy policy, RefusalCode code, params object[] details)
    {
        var text = RefusalText.Of(code);
        return Of(code, text.Clause is { } clause ? policy.RuleOf(clause) : null, details);
    }

    /// <summary>A refusal that does not need a policy to be said, or whose policy is not known.</summary>
    public static Refusal Of(RefusalCode code, params object[] details) => Of(code, null, details);

    private static Refusal Of(RefusalCode code, Rule? rule, object[] details)
    {
        var text = RefusalText.Of(code);
        if (details.Length == 0) return new Refusal(code, text.Reason, text.NextStep, rule);
        var (zh, en) = (In("zh", details), In("en", details));
        return new Refusal(code, Fill(text.Reason, zh, en), Fill(text.NextStep, zh, en), rule);
    }

    private static object[] In(string language, object[] details) =>
        Array.ConvertAll(details, detail => detail is Words words ? words.In(language) : detail);

    private static Words Fill(Words template, object[] zh, object[] en) => new(
        string.Format(CultureInfo.InvariantCulture, template.In("zh"), zh),
        string.Format(CultureInfo.InvariantCulture, template.In("en"), en));
}
