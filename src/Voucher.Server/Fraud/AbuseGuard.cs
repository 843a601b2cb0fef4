using System.Collections.Concurrent;
using Voucher.Core.Fraud;
using Voucher.Core.Wire;
using Voucher.Server.Database;

namespace Voucher.Server.Fraud;

/// <summary>
/// Asked before the engine, for every scan: go on, slow down, or hold for a person. Redis only says whether a look into the
/// ledger of record is worth it; PostgreSQL decides, and a hold is a row there before anybody hears of it. So whatever
/// happens to Redis, nobody is held without cause, and while it cannot be asked each scan is judged from PostgreSQL.
/// </summary>
public sealed class AbuseGuard(
    RateBook rates, GuardWindows windows, UntoldScans untold, JudgeStore judge, HoldStore holds, BaitBook baits, HoldNews news, GuardState state, TimeProvider clock)
{
    /// <summary>How long the place of a terminal is kept: one that has moved is counted with its new institution after it.</summary>
    public static readonly TimeSpan KeepPlaces = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TerminalId, (GuardPlace Place, DateTimeOffset ReadAt)> _places = new();

    public async Task<GuardVerdict> AskAsync(GuardQuestion asked)
    {
        var limits = GuardLimits.Of(asked.Policy.Parameters);
        // A terminal that is not known is the engine's to refuse.
        if (await PlaceOfAsync(asked.Terminal, asked.ReceivedAt) is not { } place) return GuardVerdict.Allow.Value;
        if (rates.Take(asked.Terminal, limits.ScansPerTerminal, place.Institution, limits.ScansPerInstitution, asked.ReceivedAt) is { } seconds)
            return SlowDown(asked, seconds);
        if (asked is not { Voucher: { } voucher, Holder: not null }) return GuardVerdict.Allow.Value;
        if (await baits.AlarmAsync(voucher, place, asked.ReceivedAt, limits) is { } bait) return Held(bait);
        if (!await IsWorthALookAsync(asked, place, limits)) return GuardVerdict.Allow.Value;
        return await JudgeAsync(asked, voucher, limits) is { } hold ? Held(hold) : GuardVerdict.Allow.Value;
    }

    /// <summary>Judges a scan from PostgreSQL, opens its hold and tells the county; <c>null</c> when there is nothing against it.</summary>
    /// <param name="isAfterwards">The scan is answered already: what it bound is held just the same.</param>
    public async Task<VoucherHold?> JudgeAsync(GuardQuestion asked, VoucherId voucher, GuardLimits limits, bool isAfterwards = false)
    {
        state.CountAskedPostgres();
        if (await judge.ReadAsync(asked, voucher, limits) is not { } found) return null;
        var facts = isAfterwards && asked.Mode == ScanMode.Enrol && found.Facts.State == VoucherState.Enrolled
            ? found.Facts with { State = VoucherState.Claimed }
            : found.Facts;
        if (AbuseRules.Judge(facts, limits) is not { } reason || reason == HoldReason.Honeytoken) return null;
        var own = new HoldEvidence(facts.ScannedAt, asked.Mode, voucher.Value, found.Place.TerminalName, found.Place.InstitutionName, Refusal: null);
        var (hold, isNew) = await holds.OpenAsync(voucher, reason, asked, [own, .. found.EvidenceOf(reason)], clock.GetUtcNow(), limits.Decision);
        if (isNew)
        {
            state.CountHeld(reason);
            await news.OpenedAsync(hold, voucher, found.Place);
        }
        return hold;
    }

    /// <summary>A known place serves while the database is away: the engine after this says so to the desk, in its own way.</summary>
    private async Task<GuardPlace?> PlaceOfAsync(TerminalId terminal, DateTimeOffset now)
    {
        var isKnown = _places.TryGetValue(terminal, out var known);
        if (isKnown && (now - known.ReadAt).Duration() < KeepPlaces) return known.Place;
        try
        {
            if (await judge.PlaceAsync(terminal) is not { } place) return null;
            _places[terminal] = (place, now);
            return place;
        }
        catch (Exception fault) when (isKnown && BrokenRead.CauseOf(fault) is NpgsqlException or TimeoutException)
        {
            return known.Place;
        }
    }

    private async Task<bool> IsWorthALookAsync(GuardQuestion asked, GuardPlace place, GuardLimits limits)
    {
        var scan = WindowScan.Of(asked, place.Institution);
        // Asked before and after: what was lacking while this was counted may have been told before the answer is read.
        var wereWhole = AreWhole(scan);
        var counts = await windows.CountAsync(scan, limits);
        if (counts is null) untold.Add(scan);
        return limits.JudgeAnything && (counts is null || !wereWhole || !AreWhole(scan) || AbuseRules.IsSuspicious(counts, asked.ReceivedAt, limits));
    }

    private bool AreWhole(WindowScan scan) => state.Warmth == GuardWarmth.Warm && !untold.Concern(scan);

    private static GuardVerdict.Hold Held(VoucherHold hold) => new(hold);

    private static GuardVerdict.SlowDown SlowDown(GuardQuestion asked, int seconds) =>
        new(Refusal.Under(asked.Policy, RefusalCode.TooManyScans) with { RetryAfterSeconds = seconds });
}
