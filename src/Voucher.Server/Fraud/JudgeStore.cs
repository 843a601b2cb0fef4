using Voucher.Core.Fraud;
using Voucher.Core.Wire;
using Voucher.Server.Terminals;

namespace Voucher.Server.Fraud;

/// <summary>A terminal as the guard needs it, and the institution at which it stands, or stood when it scanned.</summary>
public sealed record GuardPlace(InstitutionId Institution, string InstitutionName, string TerminalName);

/// <summary>What the ledger of record says of a suspicious scan, with the scans that say it.</summary>
/// <param name="Place">Of the terminal when the scan came.</param>
public sealed record Findings(GuardFacts Facts, GuardPlace Place, IReadOnlyList<HoldEvidence> AtTerminal, IReadOnlyList<HoldEvidence> Elsewhere)
{
    public IReadOnlyList<HoldEvidence> EvidenceOf(HoldReason reason) => reason is HoldReason.TooClose or HoldReason.ManyAtOnce ? AtTerminal : Elsewhere;
}

/// <summary>Reads from PostgreSQL what a hold rests on. Asked only for scans that look suspicious, or while Redis cannot be asked.</summary>
public sealed class JudgeStore(NpgsqlDataSource database)
{
    /// <summary>Latest scans of a terminal among which its enrolments are looked for.</summary>
    public const int MostScansOfTerminal = 2_000;

    private const int MostSightings = 20;

    private sealed record StateRow(VoucherState State, bool IsBait, InstitutionId Institution, string InstitutionName, string TerminalName);

    private sealed record ScanRow(DateTimeOffset At, ScanMode Mode, VoucherId VoucherId, string TerminalName, string InstitutionName, short Refusal)
    {
        public HoldEvidence ToEvidence() => new(At, Mode, VoucherId.Value, TerminalName, InstitutionName, Refusal);
    }

    /// <summary>Where the terminal stands now; <c>null</c> when there is no such terminal.</summary>
    public async Task<GuardPlace?> PlaceAsync(TerminalId terminal)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<GuardPlace?>("""
            select i.id as institution, i.name as institution_name, t.name as terminal_name
            from terminal t join institution i on i.id = t.institution_id where t.id = @terminal
            """, new { terminal });
    }

    /// <summary><c>null</c> when there is no such voucher or terminal.</summary>
    public async Task<Findings?> ReadAsync(GuardQuestion asked, VoucherId voucher, GuardLimits limits)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var read = await connection.QueryMultipleAsync(State + Elsewhere + (asked.Mode == ScanMode.Enrol ? AtTerminal : ""), new
        {
            voucher, asked.Terminal, asked.ReceivedAt, asked.AtDesk, asked.ScanId,
            since = asked.ReceivedAt - limits.Elsewhere, from = asked.AtDesk - GuardLimits.EnrolmentWindow,
            lateAfter = GuardQuestion.LateAfter, MostScansOfTerminal, MostSightings,
        });
        if (await read.ReadSingleOrDefaultAsync<StateRow?>() is not { } state) return null;
        var releases = (await read.ReadAsync<(HoldReason Reason, DateTimeOffset At)>()).ToDictionary(row => row.Reason, row => row.At);
        var elsewhere = (await read.ReadAsync<ScanRow>()).AsList();
        var atTerminal = asked.Mode == ScanMode.Enrol ? (await read.ReadAsync<ScanRow>()).DistinctBy(row => row.VoucherId).ToList() : [];
        var facts = new GuardFacts(
            state.State, state.IsBait, asked.Mode, asked.AtDesk, asked.ReceivedAt, asked.IsLate, [.. atTerminal.Select(row => row.At)],
            [.. elsewhere.Select(row => new Sighting(row.At, row.Mode, row.VoucherId == voucher))], releases);
        var place = new GuardPlace(state.Institution, state.InstitutionName, state.TerminalName);
        return new Findings(facts, place, [.. atTerminal.Select(row => row.ToEvidence())], [.. elsewhere.Select(row => row.ToEvidence())]);
    }

    private const string State = $"""
        select v.state, exists (select from hold h where h.voucher_id = v.id and h.reason = 1) as is_bait,
               i.id as institution, i.name as institution_name, t.name as terminal_name
        from voucher v cross join (select @Terminal as terminal_id, @ReceivedAt as at) x {TerminalPlaceStore.JoinTerminalAtItsPlace}
        where v.id = @voucher;
        select reason, max(released_at) from hold where voucher_id = @voucher and released_at is not null group by reason;

        """;

    /// <summary>Accepted scans are found by the voucher's events, refused ones by their own index.</summary>
    private const string Elsewhere = $"""
        with own as (select o.id from voucher v join voucher o on o.person_id = v.person_id where v.id = @voucher),
        seen as (
            select s.received_at as at, s.mode, s.voucher_id, s.refusal, s.terminal_id
            from own join voucher_event e on e.voucher_id = own.id join scan s on s.id = e.scan_id
            where e.at > @since and s.received_at > @since and s.received_at - s.scanned_at <= @lateAfter
            union all
            select s.received_at, s.mode, s.voucher_id, s.refusal, s.terminal_id
            from own join scan s on s.voucher_id = own.id and s.refusal <> 0
            where s.received_at > @since and s.received_at - s.scanned_at <= @lateAfter),
        here as (select i.id from (select @Terminal as terminal_id, @ReceivedAt as at) x {TerminalPlaceStore.JoinTerminalAtItsPlace})
        select x.at, x.mode, x.voucher_id, t.name as terminal_name, i.name as institution_name, x.refusal
        from seen x {TerminalPlaceStore.JoinTerminalAtItsPlace}
        where i.id <> (select id from here) and x.at <= @ReceivedAt
        order by x.at desc limit @MostSightings;

        """;

    private const string AtTerminal = $"""
        select x.at, x.mode, x.voucher_id, t.name as terminal_name, i.name as institution_name, x.refusal
        from (
            select *, least(scanned_at, received_at) as at
            from scan where terminal_id = @Terminal order by sequence desc limit @MostScansOfTerminal) x
        {TerminalPlaceStore.JoinTerminalAtItsPlace}
        where x.mode = 1 and x.refusal in (0, 312) and x.id <> @ScanId and x.voucher_id <> @voucher and x.at > @from and x.at <= @AtDesk
        order by 1 desc;
        """;
}
