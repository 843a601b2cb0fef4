using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Recovering;

/// <summary>What comes back, told voucher by voucher, so that the books say of each what it still owes.</summary>
public static class ReturnedStore
{
    /// <summary>The moves for what has just come back; it is written down already, and its recoveries are locked.</summary>
    public static async Task<IReadOnlyList<LedgerMove>> MovesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<NettedPart> parts)
    {
        List<LedgerMove> moves = [];
        foreach (var part in parts)
        {
            List<(VoucherId? Voucher, Fen Amount)> owed = [.. await connection.QueryAsync<(VoucherId?, Fen)>("""
                select l.voucher_id, p.amount_fen from recovery_line l join recovery_part p on p.recovery_line_id = l.id
                where l.recovery_id = @Recovery and p.budget_line_id = @Line and p.from_kind = 5 order by p.id
                """, part, transaction)];
            var returned = await connection.QuerySingleAsync<Fen>("""
                select ((select coalesce(sum(k.amount_fen), 0) from recovery_pay_in i join recovery_pay_in_line k on k.pay_in_id = i.id
                         where i.recovery_id = @Recovery and k.budget_line_id = @Line)
                        + (select coalesce(sum(amount_fen), 0) from recovery_netting
                           where recovery_id = @Recovery and budget_line_id = @Line and state = 2))::bigint
                """, part, transaction);
            moves.AddRange(Netting.Spread(owed, returned - part.Amount, part.Amount)
                .Select(share => new LedgerMove(part.Line, LedgerAccountKind.Receivable, LedgerAccountKind.Unreserved, share.Amount, share.Voucher)));
        }
        return moves;
    }
}
