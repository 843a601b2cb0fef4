using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Server.Fraud;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Policies;
using Voucher.Server.Terminals;

namespace Voucher.Server.Redeeming;

/// <summary>
/// The one path of every scan, whether it came over the hub or by REST: shape → token and signature → guard → one
/// PostgreSQL transaction → answer. Redis may make it quicker; only PostgreSQL says yes.
/// </summary>
public sealed class ScanDesk(
    IssuingKeys keys, ScanGuard repeats, AbuseGuard guard, ScanTransaction transaction, PolicyStore policies, TimeProvider clock)
{
    public async Task<Outcome<ScanAnswer>> AnswerAsync(TerminalId terminal, ScanRequest scan)
    {
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOnAsync(CountyTime.DayOf(now));
        if (ScanRequestCheck.Errors(scan, now) is { Count: > 0 } errors) return errors;

        // The signature comes before the guard: a forged scan must not burn a voucher.
        var ring = await keys.RingAsync();
        var (token, refusal) = Read(scan, ring, policy, now);
        var voucher = refusal is null ? token : null; // What is forged accuses nobody.
        var code = ShortCode.TryParse(scan.ShortCode, out var typed) ? typed : (ShortCode?)null;
        var asked = new GuardQuestion(terminal, scan.Mode, voucher?.Voucher, voucher?.Holder, code, scan.ScanId, scan.ScannedAt, now, policy);
        if (await guard.AskAsync(asked) is GuardVerdict.SlowDown(var wait)) return wait;
        var presented = new PresentedScan(terminal, scan, token, refusal, ScanRequestCheck.ContentHash(scan), now, policy, ring);
        var isRepeat = token is not null && refusal is null && await repeats.IsRepeatAsync(token.Voucher, scan);
        return await transaction.RunAsync(presented, isRepeat);
    }

    private static (VoucherToken? Token, Refusal? Refusal) Read(ScanRequest scan, KeyRing ring, Policy policy, DateTimeOffset now)
    {
        if (scan.Digits is null) return (null, null);
        var fault = TokenDecoder.TryDecode(scan.Digits, out var token);
        if (fault == TokenFault.UnknownLayout) return (null, Refusal.Under(policy, RefusalCode.LayoutNotKnown));
        if (token is null) return (null, Refusal.Under(policy, RefusalCode.NotAVoucher, TokenDecoder.Explain(fault)));
        var verdict = ring.Verify(token, CountyTime.DayOf(now));
        return verdict == RefusalCode.None ? (token, null) : (token, Refusal.Under(policy, verdict, token.Region));
    }
}

/// <summary>A scan with what was found before the database is asked.</summary>
/// <param name="Token">Verified when <paramref name="Refusal"/> is <c>null</c>; <c>null</c> for a short code or unreadable digits.</param>
/// <param name="Ring">The keys in force when it came: what a short code stands for is verified with them too.</param>
public sealed record PresentedScan(
    TerminalId Terminal, ScanRequest Scan, VoucherToken? Token, Refusal? Refusal, byte[] ContentHash, DateTimeOffset ReceivedAt, Policy Policy, KeyRing Ring);
