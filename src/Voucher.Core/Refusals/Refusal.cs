using System.Globalization;
using Voucher.Core.Policies;

namespace Voucher.Core.Refusals;

/// <summary>
/// A numbered no: what is wrong, what the person should do next, and the rule it rests on (none where it is not a matter
/// of policy, such as an unreadable code).
/// </summary>
public sealed record Refusal(RefusalCode Code, Words Reason, Words NextStep, Rule? Rule)
{
    /// <summary>A refusal under a policy; <paramref name="details"/> fill the sentence (dates, names, numbers).</summary>
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
        return new Refusal(
            code,
            new Words(Fill(text.Reason.Zh, details, said => said.Zh), Fill(text.Reason.En, details, said => said.En)),
            text.NextStep,
            rule);
    }

    /// <summary>A detail that is itself <see cref="Words"/> is said in the sentence's language.</summary>
    private static string Fill(string template, object[] details, Func<Words, string> inLanguage) => details.Length == 0
        ? template
        : string.Format(CultureInfo.InvariantCulture, template, [.. details.Select(detail => detail is Words said ? inLanguage(said) : detail)]);
}
