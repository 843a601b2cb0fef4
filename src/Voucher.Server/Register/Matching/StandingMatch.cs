using System.Globalization;
using Voucher.Core.Matching;

namespace Voucher.Server.Register.Matching;

/// <summary>A list in which somebody stands.</summary>
public sealed record StandingMatch(MatchSource Source, DateOnly AsOf)
{
    /// <summary>Reads what <see cref="MatchBlockStore.StandingOfHolder"/> says.</summary>
    public static IReadOnlyList<StandingMatch> Read(string? standing) =>
        [.. (standing ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split(':')).Select(parts => new StandingMatch(
            (MatchSource)short.Parse(parts[0], CultureInfo.InvariantCulture),
            DateOnly.ParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture)))];

    /// <summary>The first list that stops payment under the rules; <c>null</c> when none does.</summary>
    public static Refusal? Refuse(IReadOnlyList<StandingMatch> standing, VoucherId voucher, Policy policy) =>
        standing.FirstOrDefault(match => policy.Parameters.EffectOf(match.Source).HasFlag(MatchEffect.BlocksPayment)) is { } match
            ? Refusal.Under(policy, RefusalCode.MatchedElsewhere, voucher, match.Source.Name(), CountyTime.Show(match.AsOf))
            : null;
}
