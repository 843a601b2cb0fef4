using System.Collections.Concurrent;
using Voucher.Core.Tokens;

namespace Voucher.Server.Redeeming;

/// <summary>
/// Tokens whose signature has been verified, by their digits: a voucher is scanned many times, its signature is looked at
/// once a process. Only true signatures are remembered, so that forgeries cannot push them out.
/// </summary>
/// <remarks>
/// Two generations: when the young one is full it becomes the old one, and what is asked for again moves on. At most
/// <see cref="Most"/> tokens of about 800 bytes stay. A new key list starts anew.
/// </remarks>
public sealed class VerifiedTokens(int most = VerifiedTokens.Most)
{
    /// <summary>Tokens remembered at most, in both generations.</summary>
    public const int Most = 65_536;

    private volatile Generations _now = new(null, [], []);

    private sealed record Generations(KeyRing? Ring, ConcurrentDictionary<string, VoucherToken> Young, ConcurrentDictionary<string, VoucherToken> Old);

    /// <summary>How many tokens are remembered.</summary>
    public int Count => _now.Young.Count + _now.Old.Count;

    /// <summary>
    /// Reads the digits and verifies what they say: the token when they are one (verified when the refusal is
    /// <see cref="RefusalCode.None"/>), the fault of the text otherwise.
    /// </summary>
    public (VoucherToken? Token, TokenFault Fault, RefusalCode Refusal) Read(string digits, KeyRing ring, DateOnly today)
    {
        var known = Of(ring);
        if (known.Young.TryGetValue(digits, out var token)) return (token, TokenFault.None, ring.Standing(token, today));
        if (known.Old.TryGetValue(digits, out token))
        {
            Remember(known, digits, token);
            return (token, TokenFault.None, ring.Standing(token, today));
        }
        var fault = TokenDecoder.TryDecode(digits, out token);
        if (token is null) return (null, fault, RefusalCode.None);
        var refusal = ring.Verify(token, today);
        if (refusal == RefusalCode.None) Remember(known, digits, token);
        return (token, fault, refusal);
    }

    private Generations Of(KeyRing ring)
    {
        var now = _now;
        if (ReferenceEquals(now.Ring, ring)) return now;
        var fresh = new Generations(ring, [], []);
        Interlocked.CompareExchange(ref _now, fresh, now);
        return fresh;
    }

    private void Remember(Generations known, string digits, VoucherToken token)
    {
        known.Young.TryAdd(digits, token);
        if (known.Young.Count >= most / 2) Interlocked.CompareExchange(ref _now, new Generations(known.Ring, [], known.Young), known);
    }
}
