using Voucher.Core.Matching;

namespace Voucher.Core.Policies;

/// <summary>What a hit in one outside list stops.</summary>
public sealed record MatchRule(MatchSource Source, MatchEffect Effect);

public static class MatchEffects
{
    public static Words Name(this MatchEffect effect) => effect switch
    {
        MatchEffect.None => new("只提示", "shown only"),
        MatchEffect.BlocksIssuing => new("不得发券", "blocks issuing"),
        MatchEffect.BlocksPayment => new("不得支付", "blocks payment"),
        MatchEffect.BlocksIssuing | MatchEffect.BlocksPayment => new("不得发券、不得支付", "blocks issuing and payment"),
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "Unknown effect."),
    };
}
