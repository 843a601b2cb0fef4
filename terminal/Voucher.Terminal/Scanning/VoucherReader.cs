using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Terminal.Setup;

namespace Voucher.Terminal.Scanning;

/// <summary>Reads a code's text and verifies it with the keys at hand: all that can be said of a voucher without the server.</summary>
internal static class VoucherReader
{
    public static Outcome<VoucherToken> Read(string text, SetupCache setup, DateOnly today)
    {
        var fault = TokenDecoder.TryDecode(text, out var token);
        if (token is null) return Explain(fault);
        if (setup.Keys is not { } keys) return Refusal.Of(RefusalCode.TerminalNotActive);
        return keys.Verify(token, today) switch
        {
            RefusalCode.None => token,
            RefusalCode.OtherRegion => Refusal.Of(RefusalCode.OtherRegion, token.Region),
            var code => Refusal.Of(code),
        };
    }

    private static Refusal Explain(TokenFault fault)
    {
        if (fault == TokenFault.UnknownLayout) return Refusal.Of(RefusalCode.LayoutNotKnown);
        var why = TokenDecoder.Explain(fault);
        var refusal = Refusal.Of(RefusalCode.NotAVoucher, why.Zh);
        var english = Refusal.Of(RefusalCode.NotAVoucher, why.En);
        return refusal with { Reason = new Words(refusal.Reason.Zh, english.Reason.En) };
    }
}
