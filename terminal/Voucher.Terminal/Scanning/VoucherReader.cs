using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Terminal.Setup;

namespace Voucher.Terminal.Scanning;

/// <summary>Reads a code's text and verifies it with the keys at hand: all that can be said of a voucher without the server.</summary>
internal static class VoucherReader
{
    /// <param name="isClockDoubted">The day may be wrong: then it is not held against the voucher, and the server will judge.</param>
    public static Outcome<VoucherToken> Read(string text, SetupCache setup, DateOnly today, bool isClockDoubted)
    {
        var fault = TokenDecoder.TryDecode(text, out var token);
        if (token is null) return Explain(fault);
        if (setup.Keys is not { } keys) return Refusal.Of(RefusalCode.TerminalNotActive);
        var verified = keys.Verify(token, today);
        if (verified == RefusalCode.KeyNotInForce && isClockDoubted && setup.FirstDayOf(token.KeyId) is { } day) verified = keys.Verify(token, day);
        return verified switch
        {
            // A new key may sign from the moment the county makes it, and this list may be older: the server knows.
            RefusalCode.None or RefusalCode.KeyNotKnown => token,
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
