using Voucher.Core.Settling;

namespace Voucher.Server.Ledger.Correcting;

/// <summary>A correction that was proposed, and what became of it.</summary>
public sealed record ProposedCorrection(
    int Id, long TransactionId, LedgerTransactionKind Kind, string? DocumentNo, string Reason, StaffId ProposedByStaff, string ProposedBy, DateTimeOffset ProposedAt,
    CorrectionState State, string? DecidedBy, DateTimeOffset? DecidedAt);

/// <summary>Reads and writes corrections.</summary>
public sealed class CorrectionStore(NpgsqlDataSource database, County county)
{
    private const string Select = """
        select c.id, c.transaction_id, t.kind, t.document_no, c.reason, c.proposed_by_staff, p.name as proposed_by, c.proposed_at,
               coalesce(c.decision, 4::smallint) as state, d.name as decided_by, c.decided_at
        from ledger_correction c
        join ledger_transaction t on t.id = c.transaction_id
        join staff p on p.id = c.proposed_by_staff
        left join staff d on d.id = c.decided_by_staff
        """;

    /// <summary>Open ones first, then the newest.</summary>
    public async Task<IReadOnlyList<ProposedCorrection>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<ProposedCorrection>($"{Select} where c.region = @Region order by c.decision is not null, c.id desc", new { county.Region })];
    }

    /// <summary>The last that was proposed for the transaction.</summary>
    public async Task<ProposedCorrection?> OfAsync(long transactionId)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ProposedCorrection>(
            $"{Select} where c.region = @Region and c.transaction_id = @transactionId order by c.id desc limit 1", new { county.Region, transactionId });
    }

    /// <summary>The same, locked with it.</summary>
    public static Task<ProposedCorrection?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long transactionId) =>
        connection.QuerySingleOrDefaultAsync<ProposedCorrection?>(
            $"{Select} where c.region = @region and c.transaction_id = @transactionId order by c.id desc limit 1 for update of c", new { region, transactionId }, transaction);

    public static Task ProposeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long transactionId, string reason, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into ledger_correction (region, transaction_id, reason, proposed_by, proposed_by_staff, proposed_at)
            values (@region, @transactionId, @reason, @Account, @Staff, @now)
            """, new { region, transactionId, reason, by.Account, by.Staff, now }, transaction);

    /// <exception cref="InvalidOperationException">Decided meanwhile, or by who proposed it: a bug, since its lock was held.</exception>
    public static async Task DecideAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id, CorrectionState decision, Actor by, DateTimeOffset now)
    {
        var written = await connection.ExecuteAsync("""
            update ledger_correction set decision = @decision, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now
            where id = @id and decision is null and person_of(proposed_by_staff) <> person_of(@Staff)
            """, new { id, decision = (short)decision, by.Account, by.Staff, now }, transaction);
        if (written != 1) throw new InvalidOperationException($"Correction {id} was decided meanwhile, or by who proposed it.");
    }

    /// <summary>What takes the transaction back: on each line from the account that gained to the one that lost.</summary>
    public static async Task<IReadOnlyList<LedgerMove>> OppositeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long transactionId) =>
        [.. (await connection.QueryAsync<(BudgetLineId Line, short From, short To, Fen Amount)>("""
            select gained.budget_line_id, gained.kind, lost.kind, p.amount_fen
            from ledger_posting p
            join ledger_account gained on gained.id = p.ledger_account_id and p.amount_fen > 0
            join ledger_posting q on q.transaction_id = p.transaction_id and q.amount_fen = -p.amount_fen
            join ledger_account lost on lost.id = q.ledger_account_id and lost.budget_line_id = gained.budget_line_id
            where p.transaction_id = @transactionId
            """, new { transactionId }, transaction)).Select(row => new LedgerMove(row.Line, (LedgerAccountKind)row.From, (LedgerAccountKind)row.To, row.Amount))];
}
