using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Server.Fraud;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Operating;
using Voucher.Server.Policies;

namespace Voucher.Server.Redeeming;

/// <summary>
/// The one path of every scan, whether it came over the hub or by REST: shape → token and signature → abuse guard →
/// engine → answer. Redis may make it quicker; only PostgreSQL says yes.
/// </summary>
public sealed class ScanDesk(
    IssuingKeys keys, VerifiedTokens tokens, ShortCodeDesk shortCodes, AbuseGuard guard, RepeatMemory repeats, RedemptionEngine engine, ScanNews news,
    PolicyStore policies, ScanWatch watch, TimeProvider clock)
{
    /// <summary>How soon a scan that waits for the next rule may ask again.</summary>
    public const int AskAgainSeconds = 60;

    public async Task<Outcome<ScanAnswer>> AnswerAsync(TerminalId terminal, ScanRequest scan)
    {
        var began = watch.Begin();
        try
        {
            var outcome = await DecideAsync(terminal, scan);
            watch.Answered(began, outcome);
            return outcome;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            watch.Failed(began);
            throw;
        }
    }

    private async Task<Outcome<ScanAnswer>> DecideAsync(TerminalId terminal, ScanRequest scan)
    {
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        if (ScanRequestCheck.Errors(scan, now) is { Count: > 0 } errors) return errors;

        // The signature comes before the guard: a forged scan must not burn a voucher.
        var ring = await keys.RingAsync();
        var (token, refusal) = scan.Digits is { } digits
            ? Read(digits, ring, policy, now)
            : await shortCodes.FindAsync(terminal, scan.ShortCode!, ring, policy, now);
        var presented = new PresentedScan(terminal, scan, token, refusal, ScanRequestCheck.ContentHash(scan), now, policy);
        // The guard and the memory of repeats are asked at once: one round trip. A hold that this opens is read by the engine like any other.
        var asked = presented.Voucher is { } voucher ? repeats.IsRepeatAsync(voucher, scan) : Task.FromResult(false);
        var verdict = await guard.AskAsync(presented.ToQuestion());
        watch.Guarded(verdict);
        if (verdict is GuardVerdict.SlowDown(var wait)) return wait;
        var isRepeat = await asked;
        var result = await engine.RedeemAsync(presented, isRepeat);
        if (isRepeat || result is { IsNew: false, Outcome: Outcome<ScanAnswer>.Done }) watch.Repeated();
        if (result is { IsNew: true, Terminal: { } from, Outcome: Outcome<ScanAnswer>.Done(var answer) }) await news.TellAsync(from, answer);
        return result.Outcome is Outcome<ScanAnswer>.Refused({ Code: RefusalCode.NoRuleInForce } no) ? await PutOffAsync(no, scan) : result.Outcome;
    }

    /// <summary>
    /// What a desk scans on a day without a rule is refused for good. A scan made on a day that had one only waits: its terminal asks
    /// again until the next rule has begun.
    /// </summary>
    private async Task<Refusal> PutOffAsync(Refusal no, ScanRequest scan) =>
        await policies.InForceOnAsync(CountyTime.DayOf(scan.ScannedAt)) is null ? no : no with { RetryAfterSeconds = AskAgainSeconds };

    private (VoucherToken? Token, Refusal? Refusal) Read(string digits, KeyRing ring, Policy policy, DateTimeOffset now)
    {
        var (token, fault, verdict) = tokens.Read(digits, ring, CountyTime.DayOf(now));
        if (fault == TokenFault.UnknownLayout) return (null, Refusal.Under(policy, RefusalCode.LayoutNotKnown));
        if (token is null) return (null, Refusal.Under(policy, RefusalCode.NotAVoucher, TokenDecoder.Explain(fault)));
        return verdict == RefusalCode.None ? (token, null) : (token, Refusal.Under(policy, verdict, token.Region));
    }
}
