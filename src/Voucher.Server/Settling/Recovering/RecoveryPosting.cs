using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Recovering;

/// <summary>Of one line of a recovery, what came out of which settlement.</summary>
/// <param name="Payable"><c>null</c> for money that was kept back.</param>
/// <param name="From">Paid, Payable or Retained.</param>
public sealed record RecoveryPart(long Line, long? Payable, long? ClaimLine, int Kind, VoucherId? Voucher, BudgetLineId BudgetLine, LedgerAccountKind From, Fen Amount)
{
    /// <summary>Paid money is owed back; what had not left the county is free again.</summary>
    public LedgerMove Move => new(BudgetLine, From, To, Amount, Voucher);

    public LedgerMove Undone => new(BudgetLine, To, From, Amount, Voucher);

    private LedgerAccountKind To => From == LedgerAccountKind.Paid ? LedgerAccountKind.Receivable : LedgerAccountKind.Unreserved;
}

/// <summary>What a decision does to payables and claim lines, and what its reversal undoes. Their locks are held.</summary>
public static class RecoveryPosting
{
    private sealed record PartRow(
        long Line, long? Payable, long? ClaimLine, int Kind, VoucherId? Voucher, BudgetLineId BudgetLine, int FromKind, Fen Amount);

    /// <summary>The payables from which a line's amount comes, in their order.</summary>
    public static IEnumerable<RecoveryPart> PartsOf(
        LockedRecoveryLine line, RecoveryShares shares, BudgetLineId budgetLine, IReadOnlyCollection<HeldPayable> payables)
    {
        if (shares.Retained > Fen.Zero)
            yield return new(line.Id, null, line.ClaimLine, 0, line.Voucher, budgetLine, LedgerAccountKind.Retained, shares.Retained);
        foreach (var part in Spread(line, shares.Owed, LedgerAccountKind.Payable, payables.Where(payable => payable.State == 1))) yield return part;
        foreach (var part in Spread(line, shares.Paid, LedgerAccountKind.Paid, payables.Where(payable => payable.State == 3))) yield return part;
    }

    private static IEnumerable<RecoveryPart> Spread(LockedRecoveryLine line, Fen amount, LedgerAccountKind from, IEnumerable<HeldPayable> payables)
    {
        foreach (var payable in payables)
        {
            var left = payable.Amount - payable.Taken;
            var taken = left < amount ? left : amount;
            if (taken > Fen.Zero) yield return new(line.Id, payable.Id, line.ClaimLine, payable.Kind, line.Voucher, payable.BudgetLine, from, taken);
            amount -= taken;
        }
    }

    /// <summary>Writes the parts, cancels what was owed (the rest of it is owed anew, and published anew), and marks the claim lines.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<RecoveryPart> parts, DateTimeOffset now)
    {
        await connection.ExecuteAsync("""
            insert into recovery_part (recovery_line_id, payable_id, budget_line_id, from_kind, amount_fen)
            select * from unnest(@lines, @payables, @budgetLines, @kinds, @amounts)
            """,
            new
            {
                lines = parts.Select(part => part.Line).ToArray(),
                payables = parts.Select(part => part.Payable).ToArray(),
                budgetLines = parts.Select(part => part.BudgetLine.Value).ToArray(),
                kinds = parts.Select(part => (short)part.From).ToArray(),
                amounts = parts.Select(part => part.Amount.Value).ToArray(),
            }, transaction);
        List<RecoveryPart> owed = [.. parts.Where(part => part.From == LedgerAccountKind.Payable)];
        foreach (var part in owed)
            Expect(await connection.ExecuteAsync("update payable set state = 4 where id = @Payable and state = 1", part, transaction), 1);
        await connection.ExecuteAsync("""
            insert into payable (region, kind, claim_line_id, allowance_id, institution_id, person_id, budget_line_id, amount_fen, state, created_at)
            select y.region, y.kind, y.claim_line_id, y.allowance_id, y.institution_id, y.person_id, y.budget_line_id, y.amount_fen - part.amount, 1, @now
            from unnest(@ids, @amounts) as part (payable, amount) join payable y on y.id = part.payable
            where y.amount_fen > part.amount order by y.id
            """, new { now, ids = owed.Select(part => part.Payable!.Value).ToArray(), amounts = owed.Select(part => part.Amount.Value).ToArray() }, transaction);
        await MarkLinesAsync(connection, transaction, parts, sign: 1);
    }

    /// <summary>
    /// A line of which nothing is left is clawed back, and holds its voucher for good. A claim of which nothing is left to pay is closed.
    /// </summary>
    private static Task MarkLinesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<RecoveryPart> parts, int sign) =>
        connection.ExecuteAsync("""
            update claim_line l
            set clawed_back_fen = l.clawed_back_fen + @sign * s.amount, retained_clawed_back_fen = l.retained_clawed_back_fen + @sign * s.retained
            from (select line, sum(amount)::bigint as amount, coalesce(sum(amount) filter (where kind = 7), 0)::bigint as retained
                  from unnest(@lines, @amounts, @kinds) as part (line, amount, kind) group by line) s
            where l.id = s.line;
            update claim_line l
            set state = case
                when l.clawed_back_fen > 0
                     and l.clawed_back_fen = l.amount_fen - coalesce((select sum(amount_fen) from payable where claim_line_id = l.id and kind = 3 and state <> 4), 0) then 7
                when exists (select from payable where claim_line_id = l.id and kind in (1, 2) and state = 3) then 5 else 3 end
            where l.id = any(@lines) and l.state in (3, 5, 7);
            update claim c
            set status = case
                when exists (select from claim_line l where l.claim_id = c.id and l.state = 3) then 2
                when exists (select from claim_line l where l.claim_id = c.id and l.state = 5) then 4
                when c.status = 4 then 4 else 3 end
            where c.id in (select claim_id from claim_line where id = any(@lines)) and c.status in (2, 3, 4)
              and not exists (select from claim_line l where l.claim_id = c.id and l.state in (1, 2, 8, 9));
            """,
            new
            {
                sign,
                lines = parts.Where(part => part.ClaimLine is not null).Select(part => part.ClaimLine!.Value).ToArray(),
                amounts = parts.Where(part => part.ClaimLine is not null).Select(part => part.Amount.Value).ToArray(),
                kinds = parts.Where(part => part.ClaimLine is not null).Select(part => (short)part.From).ToArray(),
            }, transaction);

    /// <summary>The parts of a decision, as they were written.</summary>
    public static async Task<IReadOnlyList<RecoveryPart>> PartsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RecoveryId id) =>
        [.. (await connection.QueryAsync<PartRow>("""
            select l.id as line, p.payable_id as payable, l.claim_line_id as claim_line, coalesce(y.kind, 0)::int as kind, l.voucher_id as voucher,
                   p.budget_line_id as budget_line, p.from_kind::int as from_kind, p.amount_fen as amount
            from recovery_line l join recovery_part p on p.recovery_line_id = l.id left join payable y on y.id = p.payable_id
            where l.recovery_id = @id order by p.id
            """, new { id }, transaction)).Select(row => new RecoveryPart(
                row.Line, row.Payable, row.ClaimLine, row.Kind, row.Voucher, row.BudgetLine, (LedgerAccountKind)row.FromKind, row.Amount))];

    /// <summary>
    /// What was cancelled is owed again, together with the rest that stayed. The refusal where that is not possible, because the rest has
    /// been paid, is being paid, objected to, released or forfeited; <c>null</c> when all is undone.
    /// </summary>
    public static async Task<Refusal?> UndoAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<RecoveryPart> parts, IReadOnlyList<HeldPayable> payables,
        IReadOnlySet<ClaimId> paidClaims, IReadOnlyDictionary<long, ClaimId> claims, Policy policy, DateTimeOffset now)
    {
        var disposed = await DisposedAsync(connection, transaction, parts);
        if (await RejectedAsync(connection, transaction, parts) is { } rejected)
            return Refusal.Under(policy, RefusalCode.ObjectionUpheld, new Words($"券 {rejected}", $"Voucher {rejected}"));
        foreach (var part in parts.Where(part => part.From != LedgerAccountKind.Paid))
        {
            var ofLine = payables.Where(payable => payable.ClaimLine == part.ClaimLine).ToList();
            var live = ofLine.Find(payable => payable.Kind == part.Kind && payable.State != 4);
            if (part.Payable is null && disposed.Contains(part.ClaimLine!.Value)) return Refusal.Under(policy, RefusalCode.RecoveryForfeitedSince, part.Voucher!);
            if (live is { State: 1, IsFrozen: true })
                return Refusal.Under(policy, RefusalCode.ObjectionOpen, new Words($"券 {part.Voucher}", $"Voucher {part.Voucher}"));
            var isPaidElsewhere = paidClaims.Contains(claims[part.ClaimLine!.Value]) && !ofLine.Exists(payable => payable.State == 3);
            if (live is { State: 2 or 3 } || isPaidElsewhere) return Refusal.Under(policy, RefusalCode.RecoveryPaidSince, part.Voucher!);
            if (part.Payable is not { } cancelled) continue;
            await connection.ExecuteAsync("""
                update payable set state = 4 where id = @live and state = 1;
                insert into payable (region, kind, claim_line_id, allowance_id, institution_id, person_id, budget_line_id, amount_fen, state, created_at)
                select region, kind, claim_line_id, allowance_id, institution_id, person_id, budget_line_id, @amount, 1, @now from payable where id = @cancelled
                """, new { live = live?.Id, cancelled, amount = part.Amount + (live?.Amount ?? Fen.Zero), now }, transaction);
        }
        await MarkLinesAsync(connection, transaction, parts, sign: -1);
        return null;
    }

    /// <summary>A voucher whose line an objection has rejected since: nothing of it is owed again.</summary>
    private static Task<VoucherId?> RejectedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<RecoveryPart> parts) =>
        connection.QueryFirstOrDefaultAsync<VoucherId?>(
            "select voucher_id from claim_line where id = any(@lines) and state = 4 order by id limit 1",
            new { lines = parts.Select(part => part.ClaimLine).OfType<long>().ToArray() }, transaction);

    /// <summary>The claim lines of which what was kept back has been released or forfeited: money put back there would be released by nobody.</summary>
    private static async Task<IReadOnlySet<long>> DisposedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<RecoveryPart> parts) =>
        (await connection.QueryAsync<long>(
            "select claim_line_id from retained_standing where claim_line_id = any(@lines) and state in (4, 5)",
            new { lines = parts.Select(part => part.ClaimLine).OfType<long>().ToArray() }, transaction)).ToHashSet();
}
