using Voucher.Server.Settling.Payees;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Settling.Payments;

/// <summary>Writes a payment: whom it pays is frozen in its rows, one for each payee and budget line.</summary>
public static class NewPayment
{
    /// <exception cref="InvalidOperationException">Something was no longer open: a bug, since it was locked.</exception>
    public static async Task<PaymentId> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IReadOnlyList<DuePayable> due,
        IReadOnlyDictionary<PayeeOwner, UsablePayee> payees, bool toPeople, BankFormat format, string bank, Policy policy, Actor actor, DateTimeOffset now)
    {
        var payment = await connection.QuerySingleAsync<PaymentId>("""
            insert into payment (region, status, created_by, created_by_staff, created_at, round_by_staff, total_fen, fund_source_id, payee_kind, bank, format)
            values (@region, 1, @Account, @Staff, @now, @Staff, @total, @source, @kind, @bank, @Name) returning id
            """,
            new
            {
                region, actor.Account, actor.Staff, now, total = due.Aggregate(Fen.Zero, (sum, one) => sum + one.Amount), source = due[0].Source,
                kind = (short)(toPeople ? 2 : 1), bank, format.Name,
            }, transaction);
        await NettingStore.LockOwedAsync(connection, transaction, due.Where(one => one.Institution is not null).Select(one => one.Institution!.Value));
        var number = 0;
        foreach (var row in due.GroupBy(one => (one.Owner, one.BudgetLine))
            .OrderBy(row => row.Key.Owner.Institution?.Value).ThenBy(row => row.Key.Owner.Person?.Value).ThenBy(row => row.Key.BudgetLine.Value))
        {
            var id = await InsertRowAsync(connection, transaction, payment, ++number, row.Key.Owner, row.Key.BudgetLine, payees[row.Key.Owner], [.. row]);
            if (row.Key.Owner.Institution is { } institution)
                await KeptFromPayment.BindAsync(
                    connection, transaction, id, institution, row.Key.BudgetLine, row.Aggregate(Fen.Zero, (sum, one) => sum + one.Amount), policy, actor, now);
        }
        await TakeLinesAsync(connection, transaction, payment, due);
        return payment;
    }

    public static async Task<string> SourceNamesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<FundSourceId> sources) =>
        string.Join('、', await connection.QueryAsync<string>(
            "select name from fund_source where id = any(@ids) order by id", new { ids = sources.Select(source => source.Value).ToArray() }, transaction));

    /// <summary>As it may be said in a refusal: a trainee's masked.</summary>
    public static async Task<string> ShownNameAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PayeeOwner owner)
    {
        var name = await connection.QuerySingleAsync<string>("""
            select name from institution where id = @institution union all select name from person where id = @person
            """, new { institution = owner.Institution?.Value, person = owner.Person?.Value }, transaction);
        return owner.Person is null ? name : PersonName.Masked(name);
    }

    private static async Task<long> InsertRowAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, int number, PayeeOwner owner, BudgetLineId line,
        UsablePayee payee, IReadOnlyList<DuePayable> due)
    {
        var row = await connection.QuerySingleAsync<long>("""
            insert into payment_row (payment_id, number, institution_id, person_id, budget_line_id, payee_account_id, payee_name, payee_bank,
                                     payee_account_sealed, payee_account_masked, vouchers, gross_fen, amount_fen)
            values (@payment, @number, @institution, @person, @line, @Id, @HolderName, @Bank, @AccountSealed, @AccountMasked, @vouchers, @gross, @gross)
            returning id
            """,
            new
            {
                payment, number, institution = owner.Institution?.Value, person = owner.Person?.Value, line, payee.Id, payee.HolderName, payee.Bank,
                payee.AccountSealed, payee.AccountMasked, vouchers = due.Where(one => one.Voucher is not null).Select(one => one.Voucher).Distinct().Count(),
                gross = due.Aggregate(Fen.Zero, (sum, one) => sum + one.Amount),
            }, transaction);
        Expect(await connection.ExecuteAsync(
            "update payable set state = 2, payment_row_id = @row where id = any(@ids) and state = 1",
            new { row, ids = due.Select(one => one.Id).ToArray() }, transaction), due.Count);
        return row;
    }

    private static async Task TakeLinesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, IReadOnlyList<DuePayable> due)
    {
        long[] lines = [.. due.Where(one => one is { Kind: 1, Line: not null }).Select(one => one.Line!.Value)];
        Expect(await connection.ExecuteAsync(
            "update claim_line set payment_id = @payment where id = any(@lines) and state = 3 and payment_id is null", new { payment, lines }, transaction), lines.Length);
    }
}
