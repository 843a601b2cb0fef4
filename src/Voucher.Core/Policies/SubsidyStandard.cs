using System.Text.Json.Serialization;
using Voucher.Core.Money;
using Voucher.Core.Programmes;

namespace Voucher.Core.Policies;

/// <summary>What a pack pays for a trainee of one trade and level, before the uplift of the guided catalogue.</summary>
/// <param name="Trade">Code of the trade, 1–999.</param>
/// <param name="AmountFen">分 a trainee; positive.</param>
public sealed record SubsidyStandard(int Trade, SkillLevel Level, long AmountFen)
{
    [JsonIgnore]
    public Fen Amount => new(AmountFen);
}
