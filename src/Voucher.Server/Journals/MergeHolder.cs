using Voucher.Core.Classes;
using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Server.Policies;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Journals;

/// <summary>Whom the merge has to tell.</summary>
/// <param name="Cases">Vouchers whose case opened or closed, with the institutions of the desks concerned.</param>
public sealed record MergeNews(IReadOnlyList<InstitutionId> Cases, int Answered);

/// <summary>
/// Merges what desks did offline with one person's vouchers into the ledger: reads all that is known, decides anew, writes the
/// difference, in one transaction. The result is the same whatever came first.
/// </summary>
public sealed class MergeHolder(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public async Task<MergeNews> RunAsync(PersonId person)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var news = await RunAsync(connection, transaction, person);
        await transaction.CommitAsync();
        return news;
    }

    /// <summary>Within a transaction that has written something that the merge is to see.</summary>
    public async Task<MergeNews> RunAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId person)
    {
        var vouchers = await HolderFactStore.LockVouchersAsync(connection, transaction, person);
        await OfflineScanStore.DeleteAnsweredAsync(connection, transaction, person);
        var facts = await HolderFactStore.ReadAsync(connection, transaction, person, vouchers);
        if (facts.Scans.Count == 0) return new MergeNews([], 0);
        var now = clock.GetUtcNow();
        var rules = await RulesAsync([.. facts.Scans.Select(scan => scan.Day), CountyTime.DayOf(now)]);
        var contest = new HolderContest(facts, day => rules[day]).Run();
        var settled = facts.Vouchers.ToDictionary(one => one.Key, one => new SettledVoucher(one.Value, one.Value.Voucher.InConflict, CaseOf(facts, one.Key), null, null));
        var step = new Step(connection, transaction, county, facts, rules, now);
        // What is taken back makes room for what is enrolled.
        foreach (var turn in contest.Turns.OrderBy(turn => turn.TakeBack ? 0 : 1).ThenBy(turn => turn.Id.Value)) settled[turn.Id] = await step.TurnAsync(turn);
        var answers = new HolderAnswers(facts, contest, settled, day => rules[day], now);
        answers.Run();
        await WriteAsync(connection, transaction, contest, facts, answers, now);
        return new MergeNews(InstitutionsOf(facts, contest), answers.Answers.Count);
    }

    private static string? CaseOf(HolderFacts facts, VoucherId id) => facts.OpenCases.TryGetValue(id, out var number) ? ConflictCase.NumberOf(number) : null;

    private async Task<Dictionary<DateOnly, Policy>> RulesAsync(IReadOnlyList<DateOnly> days)
    {
        var rules = new Dictionary<DateOnly, Policy>();
        foreach (var day in days.Distinct()) rules[day] = await policies.InForceOrLastAsync(day);
        return rules;
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ContestOutcome contest, HolderFacts facts, HolderAnswers answers, DateTimeOffset now)
    {
        await MergeStore.AttendAsync(connection, transaction, answers.Answers);
        foreach (var (voucher, marks) in answers.Marks) await MergeStore.MarkAsync(connection, transaction, voucher, marks);
        await MergeStore.AnswerAsync(connection, transaction, answers.Answers, contest.Standing.Keys.ToHashSet(), now);
        await MergeStore.TurnAsync(connection, transaction, Turned(facts, contest));
        await MergeStore.ParkAsync(connection, transaction, answers.Parked, now);
    }

    private static List<(Guid Id, OfflineScanState State)> Turned(HolderFacts facts, ContestOutcome contest) =>
        [.. facts.Scans.Where(scan => scan.State != OfflineScanState.ToMerge && scan.Scan.Mode == ScanMode.Enrol && contest.Standing.ContainsKey(scan.Id))
            .Select(scan => (scan.Id, State: StateOf(contest.Standing[scan.Id]), Before: scan.State)).Where(one => one.State != one.Before).Select(one => (one.Id, one.State))];

    private static OfflineScanState StateOf(ClaimStanding standing) => standing switch
    {
        ClaimStanding.Holds => OfflineScanState.Accepted,
        ClaimStanding.InConflict => OfflineScanState.InConflict,
        _ => OfflineScanState.Refused,
    };

    private static List<InstitutionId> InstitutionsOf(HolderFacts facts, ContestOutcome contest)
    {
        var involved = contest.Turns.Where(turn => turn.Case != CaseTurn.None).SelectMany(turn => turn.Claims).ToHashSet();
        return [.. facts.Scans.Where(scan => involved.Contains(scan.Id)).Select(scan => scan.Terminal.Institution).Distinct()];
    }

    /// <summary>Writes how one voucher comes out of the contest.</summary>
    private sealed class Step(
        NpgsqlConnection connection, NpgsqlTransaction transaction, County county, HolderFacts facts, Dictionary<DateOnly, Policy> rules, DateTimeOffset now)
    {
        private int _enrolments = facts.Enrolments;

        public async Task<SettledVoucher> TurnAsync(VoucherTurn turn)
        {
            var number = await CaseAsync(turn);
            var stored = turn.Stored;
            if (turn.TakeBack) stored = await TakeBackAsync(stored, number ?? "—");
            var isNew = turn.EnrolBy is { State: OfflineScanState.ToMerge };
            if (turn.EnrolBy is { } claim) stored = await EnrolAsync(stored, claim, isNew);
            if (turn.ShownAt is { } shown) stored = await ApplyAsync(stored, new VoucherCommand.HandOver(), shown.MadeAt, shown.Terminal.Institution, new EventCause(Terminal: shown.Terminal.Id));
            if (turn.RestOn is { } earlier) await MergeStore.RestOnAsync(connection, transaction, turn.Id, earlier.Id, earlier.MadeAt);
            await MergeStore.SetConflictAsync(connection, transaction, turn.Id, turn.InConflict);
            stored = stored with { Voucher = stored.Voucher with { InConflict = turn.InConflict } };
            return new SettledVoucher(stored, turn.InConflict, number, turn.EnrolBy, turn.EnrolBy is null ? null : stored.Events);
        }

        private async Task<string?> CaseAsync(VoucherTurn turn)
        {
            var isKnown = facts.OpenCases.TryGetValue(turn.Id, out var id);
            if (turn.Case == CaseTurn.None && !isKnown) return null;
            if (turn.Case is CaseTurn.Open or CaseTurn.OpenClosed)
            {
                id = await MergeStore.OpenCaseAsync(connection, transaction, county.Region, turn.Id, now);
                await AuditTrail.AppendAsync(connection, transaction, now, account: null, "conflict.open", $"conflict:{id}", $"voucher:{turn.Id.Value}",
                    Ground.Server);
            }
            await MergeStore.AddClaimsAsync(connection, transaction, id, turn.Claims);
            if (turn.Case is CaseTurn.Close or CaseTurn.OpenClosed) await MergeStore.ClearCaseAsync(connection, transaction, id, now);
            return ConflictCase.NumberOf(id);
        }

        private async Task<StoredVoucher> TakeBackAsync(StoredVoucher stored, string number)
        {
            var after = await ApplyAsync(stored, new VoucherCommand.Contest(number), now, stored.Voucher.Enrolment!.Institution, new EventCause());
            await VoucherChangeStore.EndEnrolmentAsync(connection, transaction, stored.Voucher.Id);
            return after;
        }

        private async Task<StoredVoucher> EnrolAsync(StoredVoucher stored, MergedScan claim, bool isNew)
        {
            var scanned = facts.Classes[(new ClassId(claim.Scan.ClassId), claim.Day)];
            // It was found allowed when it came; what the county has decided of the class since then does not undo who came.
            var offer = scanned.ToOffer(claim.Terminal.Institution) with { Capacity = int.MaxValue, IsApproved = true, IsAccredited = true };
            var unclaimed = stored with { Voucher = stored.Voucher with { InConflict = false, Hold = null } };
            // An event names the scan that it answers; one that was answered before has its own.
            var cause = new EventCause(Terminal: claim.Terminal.Id, Scan: isNew ? claim.Id : null);
            var after = await ApplyAsync(unclaimed, new VoucherCommand.Enrol(offer, new HolderStanding(HolderMatch.Matches)), claim.MadeAt, claim.Terminal.Institution, cause);
            await MergeStore.EnrolAsync(connection, transaction, stored.Voucher.Id, stored.Person, claim.Scan.ClassId, claim.Id, claim.MadeAt, ++_enrolments);
            return after with { Voucher = after.Voucher with { Hold = stored.Voucher.Hold } };
        }

        private async Task<StoredVoucher> ApplyAsync(StoredVoucher stored, VoucherCommand command, DateTimeOffset decidedFor, InstitutionId institution, EventCause cause)
        {
            var policy = rules.GetValueOrDefault(CountyTime.DayOf(decidedFor)) ?? rules[CountyTime.DayOf(now)];
            if (VoucherMachine.Decide(stored.Voucher, command, decidedFor, policy) is not Decision.Accepted accepted)
                throw new InvalidOperationException($"Voucher {stored.Voucher.Id}: the merge asks for {command.GetType().Name}, and the machine refuses.");
            // The ledger says when it was written; the scan says when it was made.
            var written = accepted with { Event = accepted.Event with { At = now, Institution = institution } };
            var number = await VoucherStore.ApplyAsync(connection, transaction, stored, written, cause);
            return stored with { Voucher = accepted.Next, Events = number };
        }
    }
}
