using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Recovering;

/// <summary>What is to be kept from the next transfer to an institution out of one budget line, or several of one pot.</summary>
/// <param name="Line">Of the transfer; what is owed may be owed to another line of the same pot.</param>
public sealed record PlannedNetting(InstitutionId Institution, BudgetLineId Line, IReadOnlyList<NettedPart> Parts)
{
    public Fen Total => Parts.Aggregate(Fen.Zero, (sum, part) => sum + part.Amount);
}

/// <summary>
/// Keeping from an institution's payment what it owes out of the same pot: planned and bound when the transfer is made, netted when the
/// bank has paid it, freed when it was not. Locks of recoveries come after those of payment, claims and payables.
/// </summary>
public static class NettingStore
{
    /// <summary>
    /// Where money may go from one budget line to another (用途不变、渠道不乱): the same source, year and purposes, as for a transfer. To net is to
    /// transfer: the bank sends less out of one line, and the other has its money back.
    /// </summary>
    private sealed record Pot(int FundSource, int Year, string Purposes);

    private sealed record PotRow(BudgetLineId Line, int FundSource, int Year, string Purposes);

    private sealed record Owing(RecoveryId Id, InstitutionId Institution);

    private sealed record Netted(RecoveryId Recovery, BudgetLineId Line, Fen Amount);

    /// <summary>
    /// What each payee's payment is lessened by; those who owe nothing out of the pot are left out. The recoveries stay locked until
    /// the transaction ends, so that nothing is netted twice.
    /// </summary>
    public static async Task<IReadOnlyList<PlannedNetting>> PlanAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<(InstitutionId Institution, BudgetLineId Line, Fen Gross)> transfers)
    {
        var institutions = transfers.Select(transfer => transfer.Institution.Value).Distinct().ToArray();
        await LockOwedAsync(connection, transaction, transfers.Select(transfer => transfer.Institution));
        var owing = (await connection.QueryAsync<Owing>("""
            select id, institution_id as institution from recovery
            where institution_id = any(@institutions) and state = 2 and reversal_by_staff is null order by id
            """, new { institutions }, transaction)).ToDictionary(row => row.Id, row => row.Institution);
        if (owing.Count == 0) return [];
        var free = await RecoveryStore.FreeAsync(connection, transaction, owing.Keys);
        var pots = await PotsAsync(connection, transaction, [.. free.Select(debt => debt.Line), .. transfers.Select(transfer => transfer.Line)]);
        return
        [
            .. transfers.GroupBy(transfer => (transfer.Institution, Pot: pots[transfer.Line]))
                .Select(payee => new PlannedNetting(payee.Key.Institution, payee.First().Line, Netting.Plan(
                    free.Where(debt => owing[debt.Recovery] == payee.Key.Institution && pots[debt.Line] == payee.Key.Pot),
                    payee.Aggregate(Fen.Zero, (sum, transfer) => sum + transfer.Gross))))
                .Where(plan => plan.Parts.Count > 0),
        ];
    }

    /// <summary>Locks what the institutions owe, smallest number first: before the first of several plans, so that all are taken in one order.</summary>
    public static Task LockOwedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<InstitutionId> institutions) =>
        connection.ExecuteAsync(
            "select from recovery where institution_id = any(@ids) and state = 2 order by id for update",
            new { ids = institutions.Select(institution => institution.Value).Distinct().ToArray() }, transaction);

    private static async Task<IReadOnlyDictionary<BudgetLineId, Pot>> PotsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<BudgetLineId> lines) =>
        (await connection.QueryAsync<PotRow>("""
            select id as line, fund_source_id as fund_source, year::int as year, purposes_of_line(id) as purposes from budget_line where id = any(@lines)
            """, new { lines = lines.Select(line => line.Value).Distinct().ToArray() }, transaction))
        .ToDictionary(row => row.Line, row => new Pot(row.FundSource, row.Year, row.Purposes));

    /// <summary>Binds what was planned to the transfer: nobody else nets it, and it is not paid in meanwhile.</summary>
    public static async Task BindAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long paymentRow, IReadOnlyCollection<NettedPart> parts, Policy policy, AccountId? by, DateTimeOffset now)
    {
        foreach (var recovery in parts.GroupBy(part => part.Recovery).OrderBy(group => group.Key.Value))
        {
            var amount = recovery.Aggregate(Fen.Zero, (sum, part) => sum + part.Amount);
            await StepAsync(connection, transaction, recovery.Key, new RecoveryCommand.Bind(amount), RecoveryStep.Bind, amount, paymentRow, policy, by, now, async () =>
            {
                foreach (var part in recovery)
                    await connection.ExecuteAsync("""
                        insert into recovery_netting (payment_row_id, recovery_id, budget_line_id, amount_fen, state) values (@paymentRow, @Recovery, @Line, @Amount, 1)
                        """, new { paymentRow, part.Recovery, part.Line, part.Amount }, transaction);
            });
        }
    }

    /// <summary>The bank has made the transfer: what was bound to it is netted. Answers with how much that was.</summary>
    public static async Task<Fen> PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long paymentRow, Policy policy, AccountId? by, DateTimeOffset now)
    {
        var parts = await EndAsync(connection, transaction, paymentRow, netted: true, policy, by, now);
        if (parts.Count == 0) return Fen.Zero;
        var moves = await ReturnedStore.MovesAsync(connection, transaction, [.. parts.Select(part => new NettedPart(part.Recovery, part.Line, part.Amount))]);
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Net, $"net:{paymentRow}", policy.RuleOf(Clause.Recovery), moves, by, now);
        if (shortage is not null) throw new InvalidOperationException($"Transfer {paymentRow}: less is receivable than is netted.");
        return parts.Aggregate(Fen.Zero, (sum, part) => sum + part.Amount);
    }

    /// <summary>Locks the recoveries of which something is bound to the transfers, smallest number first.</summary>
    public static Task LockBoundAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> paymentRows) =>
        connection.ExecuteAsync("""
            select from recovery where id in (select recovery_id from recovery_netting where payment_row_id = any(@rows) and state = 1) order by id for update
            """, new { rows = paymentRows.ToArray() }, transaction);

    /// <summary>The budget lines of which something is bound to the transfers.</summary>
    public static async Task<IReadOnlyList<BudgetLineId>> LinesBoundAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> paymentRows) =>
        [.. await connection.QueryAsync<BudgetLineId>(
            "select distinct budget_line_id from recovery_netting where payment_row_id = any(@rows) and state = 1",
            new { rows = paymentRows.ToArray() }, transaction)];

    /// <summary>The transfer was taken out of its payment: what was bound to it is owed as before.</summary>
    public static Task FreeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long paymentRow, Policy policy, AccountId? by, DateTimeOffset now) =>
        EndAsync(connection, transaction, paymentRow, netted: false, policy, by, now);

    private static async Task<IReadOnlyList<Netted>> EndAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long paymentRow, bool netted, Policy policy, AccountId? by, DateTimeOffset now)
    {
        List<Netted> parts = [.. await connection.QueryAsync<Netted>("""
            select recovery_id as recovery, budget_line_id as line, amount_fen as amount from recovery_netting
            where payment_row_id = @paymentRow and state = 1 order by recovery_id, budget_line_id
            """, new { paymentRow }, transaction)];
        foreach (var recovery in parts.GroupBy(part => part.Recovery))
        {
            var amount = recovery.Aggregate(Fen.Zero, (sum, part) => sum + part.Amount);
            RecoveryCommand command = netted ? new RecoveryCommand.Net(amount) : new RecoveryCommand.Unbind(amount);
            await StepAsync(connection, transaction, recovery.Key, command, netted ? RecoveryStep.Net : RecoveryStep.Free, amount, paymentRow, policy, by, now, async () =>
                Expect(await connection.ExecuteAsync(
                    "update recovery_netting set state = @state where payment_row_id = @paymentRow and recovery_id = @Key and state = 1",
                    new { state = (short)(netted ? 2 : 3), paymentRow, recovery.Key }, transaction), recovery.Count()));
        }
        return parts;
    }

    /// <exception cref="InvalidOperationException">The machine says no to what was planned under the lock: a bug of the caller.</exception>
    private static async Task StepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RecoveryId id, RecoveryCommand command, RecoveryStep step, Fen amount, long paymentRow,
        Policy policy, AccountId? by, DateTimeOffset now, Func<Task> write)
    {
        var known = await RecoveryStore.LockAsync(connection, transaction, id) ?? throw new InvalidOperationException($"There is no recovery {id}.");
        var next = known.Machine.Decide(command, policy).OrThrow();
        await write();
        await RecoveryStore.MoveAsync(connection, transaction, known, next);
        await RecoveryStore.AppendAsync(connection, transaction, id, step, amount, $"{paymentRow}", policy.RuleOf(Clause.Recovery), by, now);
    }
}
