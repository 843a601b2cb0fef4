using Voucher.Server.Register;

namespace Voucher.Server.Settling.Payments;

/// <summary>A payment as the county's people see it: accounts are masked.</summary>
public sealed record PaymentSummary(
    long Id, PaymentStatus Status, Fen Total, int Vouchers, string CreatedBy, DateTimeOffset CreatedAt,
    string? PaidBy, DateTimeOffset? PaidAt, DateOnly? PaidOn, string? BankReference);

public sealed record PaymentRow(string Institution, string BudgetLine, string PayeeName, string PayeeBank, string PayeeAccountMasked, int Vouchers, Fen AmountFen);

public sealed record PaymentDetail(PaymentSummary Summary, IReadOnlyList<PaymentRow> Rows, IReadOnlyList<long> Claims);

/// <summary>Reads payments, and opens the accounts for the file alone.</summary>
public sealed class PaymentReading(NpgsqlDataSource database, PersonalData personalData, ServerSettings settings, TimeProvider clock)
{
    private sealed record SummaryRow(
        long Id, int Status, Fen TotalFen, int Vouchers, string CreatedBy, DateTimeOffset CreatedAt,
        string? PaidBy, DateTimeOffset? PaidAt, DateOnly? PaidOn, string? BankReference);

    private sealed record SealedRow(
        string PayeeName, string PayeeBank, byte[] PayeeAccountSealed, Fen AmountFen, int Vouchers, string Uscc, string BudgetLine);

    private const string SelectSummary = """
        select p.id, p.status::int as status, p.total_fen,
               (select sum(r.vouchers)::int from payment_row r where r.payment_id = p.id) as vouchers,
               m.name as created_by, p.created_at, f.name as paid_by, p.paid_at, p.paid_on, p.bank_reference
        from payment p
        join staff m on m.id = p.created_by_staff
        left join staff f on f.id = p.paid_by_staff
        """;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<PaymentSummary>> ListAsync(int skip, int most, PaymentStatus? status = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<SummaryRow>(
            $"{SelectSummary} where @status::int is null or p.status = @status order by p.id desc offset @skip limit @most",
            new { status = (int?)status, skip, most });
        return [.. rows.Select(Read)];
    }

    public async Task<PaymentDetail?> FindAsync(PaymentId payment)
    {
        await using var connection = await database.OpenConnectionAsync();
        var summary = await connection.QuerySingleOrDefaultAsync<SummaryRow>($"{SelectSummary} where p.id = @payment", new { payment });
        if (summary is null) return null;
        var rows = await connection.QueryAsync<PaymentRow>("""
            select i.name as institution, s.name || ' · ' || b.name as budget_line, r.payee_name, r.payee_bank, r.payee_account_masked,
                   r.vouchers, r.amount_fen
            from payment_row r
            join institution i on i.id = r.institution_id
            join budget_line b on b.id = r.budget_line_id
            join fund_source s on s.id = b.fund_source_id
            where r.payment_id = @payment order by i.id, b.id
            """, new { payment });
        var claims = await connection.QueryAsync<long>(
            "select distinct claim_id from claim_line where payment_id = @payment order by claim_id", new { payment });
        return new PaymentDetail(Read(summary), [.. rows], [.. claims]);
    }

    /// <summary>The bank's file. Accounts are in it in plain text, so every making of it goes on the audit trail.</summary>
    public async Task<Outcome<byte[]>> ExportAsync(Actor actor, PaymentId payment)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotFound);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var rows = await connection.QueryAsync<SealedRow>("""
            select r.payee_name, r.payee_bank, r.payee_account_sealed, r.amount_fen, r.vouchers, i.uscc, b.name as budget_line
            from payment_row r
            join institution i on i.id = r.institution_id
            join budget_line b on b.id = r.budget_line_id
            where r.payment_id = @payment order by i.id, b.id
            """, new { payment }, transaction);
        List<PayableRow> plain = [.. rows.Select(row => new PayableRow(
            row.PayeeName, row.PayeeBank, personalData.Open(row.PayeeAccountSealed), row.AmountFen, row.Vouchers, row.Uscc, row.BudgetLine))];
        if (plain.Count == 0) return Refusal.Of(RefusalCode.NotFound);
        var file = PaymentFile.Write(PaymentTemplate.Load(settings.Home), payment, plain);
        await AuditTrail.AppendAsync(
            connection, transaction, clock.GetUtcNow(), actor.Account, "payment.export", $"payment:{payment}", $"{plain.Count} rows with accounts");
        await transaction.CommitAsync();
        return file;
    }

    private static PaymentSummary Read(SummaryRow row) => new(
        row.Id, (PaymentStatus)row.Status, row.TotalFen, row.Vouchers, row.CreatedBy, row.CreatedAt,
        row.PaidBy, row.PaidAt, row.PaidOn, row.BankReference);
}
