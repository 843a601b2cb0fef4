namespace Voucher.Core.Policies;

/// <summary>One difference between two packs; a line that one of them does not have has no value there.</summary>
public sealed record PolicyChange(string Key, Words Label, Words? Before, Words? After, Clause? Clause);

/// <summary>What another pack would change, so that who approves it sees that and nothing else.</summary>
public static class PolicyComparison
{
    public static IReadOnlyList<PolicyChange> Of(Policy before, Policy after, Func<int, Words> nameOf)
    {
        var (old, next) = (PolicyLines.Of(before, nameOf), PolicyLines.Of(after, nameOf));
        var known = old.ToDictionary(line => line.Key, StringComparer.Ordinal);
        var stays = next.Select(line => line.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. next.Where(line => known.GetValueOrDefault(line.Key)?.Value != line.Value)
                .Select(line => new PolicyChange(line.Key, line.Label, known.GetValueOrDefault(line.Key)?.Value, line.Value, line.Clause)),
            .. old.Where(line => !stays.Contains(line.Key)).Select(line => new PolicyChange(line.Key, line.Label, line.Value, null, line.Clause)),
        ];
    }
}
