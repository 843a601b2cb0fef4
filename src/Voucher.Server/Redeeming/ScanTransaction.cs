using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Redeeming;

/// <summary>
/// The PostgreSQL half of a scan: finds an earlier answer to the same id, locks the voucher, lets the machine decide, writes
/// voucher, event, consequence and scan together. Every scan leaves its answer behind, accepted or refused.
/// </summary>
public sealed class ScanTransaction(NpgsqlDataSource database, ScanNews news)
{
    private const int MostTries = 5;

    /// <param name="isRepeat">The guard saw the voucher a moment ago: answer from a plain read if that already refuses.</param>
    public async Task<Outcome<ScanAnswer>> RunAsync(PresentedScan presented, bool isRepeat)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await RunOnceAsync(presented, isRepeat);
            }
            catch (PostgresException race) when (tries < MostTries && IsRace(race))
            {
                // Another connection was first with the same scan id, voucher or person: look again, it is decided now.
            }
            catch (PostgresException reuse) when (reuse.ConstraintName == "scan_terminal_id_sequence_key")
            {
                return Refusal.Under(presented.Policy, RefusalCode.SequenceReused);
            }
        }
    }

    private static bool IsRace(PostgresException fault) =>
        fault.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
        || fault is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: not "scan_terminal_id_sequence_key" };

    private async Task<Outcome<ScanAnswer>> RunOnceAsync(PresentedScan presented, bool isRepeat)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var store = new ScanStore(connection, transaction);

        if (await store.FindAsync(presented.Scan.ScanId) is { } earlier)
            return earlier.Terminal == presented.Terminal && earlier.ContentHash.AsSpan().SequenceEqual(presented.ContentHash)
                ? earlier.Answer
                : Refusal.Under(presented.Policy, RefusalCode.ScanIdReused);
        if (await store.TerminalAsync(presented.Terminal) is not { Status: TerminalStatus.Active } terminal)
            return Refusal.Under(presented.Policy, RefusalCode.TerminalNotActive);

        var (voucher, refusal) = presented.Refusal is { } unread ? (null, unread) : await FindVoucherAsync(store, presented);
        var answer = voucher is { } id
            ? await DecideAsync(connection, transaction, store, presented, id, terminal, isRepeat)
            : ScanAnswers.Refused(presented, refusal!);
        await store.RecordAsync(presented, voucher, answer);
        await transaction.CommitAsync();
        await news.TellAsync(terminal, answer);
        return answer;
    }

    private static async Task<(VoucherId? Voucher, Refusal? Refusal)> FindVoucherAsync(ScanStore store, PresentedScan presented)
    {
        var policy = presented.Policy;
        if (presented.Token is { } token)
            return await store.IsRegisteredAsync(token) ? (token.Voucher, null) : (null, Refusal.Under(policy, RefusalCode.VoucherNotKnown));
        var wrong = await store.WrongShortCodesAsync(presented.Terminal, presented.ReceivedAt - TimeSpan.FromHours(1));
        if (wrong >= policy.Parameters.ShortCodesPerTerminalPerHour) return (null, Refusal.Under(policy, RefusalCode.TooManyShortCodes));
        var found = ShortCode.TryParse(presented.Scan.ShortCode, out var code) ? await store.FindByShortCodeAsync(code) : null;
        if (found is null) return (null, Refusal.Under(policy, RefusalCode.ShortCodeNotKnown));
        // The code stands for the token: what a revoked key signed is worth nothing, however it is shown.
        var verdict = presented.Ring.Verify(found, CountyTime.DayOf(presented.ReceivedAt));
        return verdict == RefusalCode.None ? (found.Voucher, null) : (null, Refusal.Under(policy, verdict, found.Region));
    }

    private static async Task<ScanAnswer> DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ScanStore store,
        PresentedScan presented, VoucherId id, ScanningTerminal terminal, bool isRepeat)
    {
        if (isRepeat && await ReadOnlyRefusalAsync(connection, transaction, presented, id, terminal) is { } known) return known;

        var stored = await VoucherStore.LoadForUpdateAsync(connection, transaction, id)
            ?? throw new InvalidOperationException($"Voucher {id} vanished.");
        if (presented.Scan.Mode == ScanMode.Enrol) await store.LockForEnrolmentAsync(stored.Person, new ClassId(presented.Scan.ClassId));
        var (scanned, decision) = await AskMachineAsync(connection, transaction, presented, stored, terminal);
        if (decision is Decision.Accepted && RefuseReleased(presented, stored) is { } released)
            return ScanAnswers.Refused(presented, released, stored);
        if (decision is not Decision.Accepted accepted) return Refuse(presented, stored, scanned, decision, terminal);

        var cause = new EventCause(Terminal: terminal.Id, Scan: presented.Scan.ScanId);
        // Who scanned is part of the event even where the machine need not know it.
        accepted = accepted with { Event = accepted.Event with { Institution = terminal.Institution } };
        var receipt = await VoucherStore.ApplyAsync(connection, transaction, stored, accepted, cause);
        await store.WriteConsequenceAsync(presented.Scan, stored, accepted.Event);
        return ScanAnswers.Accepted(presented, stored, scanned!, receipt);
    }

    /// <summary>
    /// The answer, if the voucher's own state refuses already; <c>null</c> when only the locked row can tell. Class and
    /// holder are read by later statements, which may see newer commits: a refusal that rests on them is not believed here.
    /// </summary>
    private static async Task<ScanAnswer?> ReadOnlyRefusalAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PresentedScan presented, VoucherId id, ScanningTerminal terminal)
    {
        if (await VoucherStore.LoadAsync(connection, id, transaction) is not { } stored) return null;
        var (scanned, decision) = await AskMachineAsync(connection, transaction, presented, stored, terminal);
        return decision is Decision.Refused({ Code: >= RefusalCode.VoucherReplaced and < RefusalCode.IdentityNotShown })
            ? Refuse(presented, stored, scanned, decision, terminal)
            : null;
    }

    private static async Task<(ScannedClass? Class, Decision? Decision)> AskMachineAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PresentedScan presented, StoredVoucher stored, ScanningTerminal terminal)
    {
        var facts = await ScanFacts.ReadAsync(connection, transaction, presented, stored, terminal);
        return facts.Command is { } command
            ? (facts.Class, VoucherMachine.Decide(stored.Voucher, command, presented.ReceivedAt, presented.Policy))
            : (null, null);
    }

    /// <summary>The night's expiry run gave the money back while this scan waited for the row: the voucher has expired.</summary>
    private static Refusal? RefuseReleased(PresentedScan presented, StoredVoucher stored) =>
        presented.Scan.Mode == ScanMode.Enrol && !stored.IsReserved
            ? Refusal.Under(presented.Policy, RefusalCode.VoucherExpired, CountyTime.Show(stored.Voucher.ValidUntil))
            : null;

    private static ScanAnswer Refuse(
        PresentedScan presented, StoredVoucher stored, ScannedClass? scanned, Decision? decision, ScanningTerminal terminal)
    {
        var refusal = decision is Decision.Refused(var said) ? said : Refusal.Under(presented.Policy, RefusalCode.ClassNotKnown);
        // Nothing is told of another institution's class.
        return ScanAnswers.Refused(presented, refusal, stored, scanned?.Institution == terminal.Institution ? scanned : null);
    }
}
