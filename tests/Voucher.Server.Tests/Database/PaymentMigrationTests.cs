using Dapper;

namespace Voucher.Server.Tests.Database;

/// <summary>What becomes of payments and of payees from before accounts were proposed and the bank's answers were booked.</summary>
public sealed class PaymentMigrationTests
{
    private static readonly string[] Upgrade =
        ["0034_money.sql", "0035_ledger.sql", "0036_claims.sql", "0037_review.sql", "0038_publication.sql", "0039_payments.sql"];

    [Fact]
    public async Task Each_row_that_was_paid_has_the_answer_that_paid_it()
    {
        await using var schema = await UpgradedAsync();
        var row = await schema.Connection.QuerySingleAsync<(string Document, DateTime PaidOn, string Reference, long Fen, long RowFen)>("""
            select t.document, t.paid_on::timestamp, w.reference, w.amount_fen, r.paid_fen
            from payment_return t join payment_return_row w on w.return_id = t.id and w.is_booked and w.answer = 1 and w.attempt = 1
            join payment_row r on r.id = w.payment_row_id where r.payment_id = 1
            """);
        Assert.Equal(("回单1", new DateTime(2026, 3, 2), "PXQ00000001-1", 5_000, 5_000), row);
        Assert.Equal(0, await schema.Connection.ExecuteScalarAsync<long>("select count(*) from payment_return_row w join payment_row r on r.id = w.payment_row_id where r.payment_id = 2"));
    }

    [Fact]
    public async Task An_account_without_its_bank_is_kept_as_one_that_has_ended_and_pays_nobody()
    {
        await using var schema = await UpgradedAsync();
        var kept = await schema.Connection.QuerySingleAsync<(string Holder, string Bank, bool IsEnded, bool IsVerified)>("""
            select holder_name, bank, ended_at is not null, verified_at is not null from payee_account where institution_id = 2
            """);
        Assert.Equal(("乙校", "（未填开户行）", true, false), kept);
        Assert.Equal([1], await schema.Connection.QueryAsync<int>("select institution_id from institution_payee"));
    }

    private static async Task<SchemaAsOf> UpgradedAsync()
    {
        var schema = await SchemaAsOf.BeforeAsync(Upgrade[0]);
        await schema.Connection.ExecuteAsync("""
            insert into county (region, name) values (622926, '东乡县');
            insert into staff (name) values ('财务');
            insert into account (staff_id, login, password_hash, created_at) values (1, 'finance', 'x', now());
            insert into institution (region, uscc, name, capacity, accredited_from, accredited_until, payee_name, payee_bank, payee_account_sealed, payee_account_masked)
            values (622926, '91620000000000001A', '甲校', 30, '2025-01-01', '2027-01-01', '甲校', '农行', '\x01', '****0001'),
                   (622926, '91620000000000002B', '乙校', 30, '2025-01-01', '2027-01-01', '乙校', null, '\x02', '****0002');
            insert into fund_source (region, name, document_no) values (622926, '就业资金', '1号');
            insert into budget_line (region, fund_source_id, year, department, name) values (622926, 1, 2026, '人社局', '培训');
            insert into payment (region, status, created_by, created_by_staff, created_at, paid_by, paid_by_staff, paid_at, paid_on, bank_reference, total_fen)
            values (622926, 2, 1, 1, '2026-03-01', 1, 1, '2026-03-03', '2026-03-02', '回单1', 5000), (622926, 1, 1, 1, '2026-03-01', null, null, null, null, null, 700);
            insert into payment_row (payment_id, institution_id, budget_line_id, payee_name, payee_bank, payee_account_sealed, payee_account_masked, vouchers, amount_fen)
            values (1, 1, 1, '甲校', '农行', '\x01', '****0001', 1, 5000), (2, 1, 1, '甲校', '农行', '\x01', '****0001', 1, 700);
            """);
        foreach (var migration in Upgrade) await schema.RunAsync(migration);
        return schema;
    }
}
