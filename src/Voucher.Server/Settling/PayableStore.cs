using Voucher.Core.Settling;

namespace Voucher.Server.Settling;

/// <summary>
/// What is owed, and to whom: one payable for each approved claim line, for what was kept back of it, for each allowance.
/// Written with the ledger's posting in one transaction.
/// </summary>
public static class PayableStore
{
    /// <summary>For a payable <c>y</c>: whether it is owed for one of <c>@vouchers</c>, of a claim line or of a monthly list.</summary>
    public const string IsForVouchers = """
        (y.claim_line_id in (select id from claim_line where voucher_id = any(@vouchers)) or y.allowance_id in (select id from allowance where voucher_id = any(@vouchers)))
        """;

    /// <summary>For which vouchers the payables are owed, by number.</summary>
    public static async Task<VoucherId[]> VouchersOfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables) =>
        [.. await connection.QueryAsync<VoucherId>("""
            select distinct coalesce(l.voucher_id, a.voucher_id) as voucher
            from payable y left join claim_line l on l.id = y.claim_line_id left join allowance a on a.id = y.allowance_id
            where y.id = any(@payables) order by voucher
            """, new { payables = payables.ToArray() }, transaction)];

    /// <summary>What is owed of the lines of a claim that is being approved. A line's trainee gets a payable of their own.</summary>
    /// <param name="retainedUntil">Until which day what is kept back stays so.</param>
    public static Task OfClaimAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim,
        IReadOnlyCollection<(ClaimLineId Line, ApprovedShares Shares)> lines, DateOnly retainedUntil, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into payable (region, kind, claim_line_id, institution_id, budget_line_id, amount_fen, state, created_at)
            select c.region, 1, l.id, c.institution_id, l.budget_line_id, share.institution, 1, @now
            from unnest(@lines, @institutions) as share (line, institution)
            join claim_line l on l.id = share.line
            join claim c on c.id = l.claim_id and c.id = @claim
            where share.institution > 0
            order by l.id;
            update claim_line l set retained_fen = share.retained, retained_until = @retainedUntil
            from unnest(@lines, @retained) as share (line, retained)
            where l.id = share.line and l.claim_id = @claim and share.retained > 0;
            """,
            new
            {
                claim, retainedUntil, now,
                lines = lines.Select(line => line.Line.Value).ToArray(),
                institutions = lines.Select(line => line.Shares.Institution.Value).ToArray(),
                retained = lines.Select(line => line.Shares.Retained.Value).ToArray(),
            }, transaction);

    /// <summary>What is owed of allowances, each to its trainee: of a monthly list, or of a claim line where the subsidy bears it.</summary>
    public static Task OfAllowancesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<AllowanceId> allowances, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into payable (region, kind, claim_line_id, allowance_id, person_id, budget_line_id, amount_fen, state, created_at)
            select region, 3, claim_line_id, id, person_id, budget_line_id, amount_fen, 1, @now
            from allowance where id = any(@ids) and cancelled_at is null order by id
            """, new { now, ids = allowances.Select(allowance => allowance.Value).ToArray() }, transaction);
}
