using Voucher.Core.Matching;

namespace Voucher.Core.Policies;

/// <summary>What a hit in one outside list stops.</summary>
public sealed record MatchRule(MatchSource Source, MatchEffect Effect);
