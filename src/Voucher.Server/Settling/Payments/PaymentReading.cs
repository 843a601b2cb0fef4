using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Payments;

/// <summary>A payment as the county's people see it: accounts are masked.</summary>
public sealed record PaymentSummary(
    long Id, PaymentStatus Status, Fen Total, int Vouchers, string CreatedBy, DateTimeOffset CreatedAt,
    string? PaidBy, DateTimeOffset? PaidAt, DateOnly? PaidOn, string? BankReference, string Source, bool ToPeople, string Format, int Round,
    string? SentBy, DateTimeOffset? SentAt, string? CancelAskedBy, string? CancelReason, Fen Paid, Fen TakenOut, Fen Failed, Fen Netted)
{
    /// <summary>Neither paid nor given up.</summary>
    public Fen Outstanding => Status == PaymentStatus.Cancelled ? Fen.Zero : Total - Netted - TakenOut - Paid;
}

/// <summary>One transfer. A trainee's name is masked.</summary>
public sealed record PaymentRow(
    long Id, int Number, string Institution, string BudgetLine, string PayeeName, string PayeeBank, string PayeeAccountMasked, int Vouchers, Fen AmountFen,
    int State, int Attempt, Fen PaidFen, Fen NettedFen, string? Failure, string? ResendReason, string? TakeOutBy, string? TakeOutReason,
    string? UnpaidBy, string? UnpaidReason)
{
    public PaymentRowState Status => (PaymentRowState)State;
}

public sealed record PaymentFileLine(int Round, int Part, string Name, int Rows, Fen TotalFen, string MadeBy, DateTimeOffset MadeAt);

public sealed record PaymentDetail(PaymentSummary Summary, IReadOnlyList<PaymentRow> Rows, IReadOnlyList<long> Claims, IReadOnlyList<PaymentFileLine> Files)
{
    public bool HasWaiting => Rows.Any(row => row.Status == PaymentRowState.Waiting);

    public bool May(PaymentCommand command) => PaymentMachine.Allows(Summary.Status, command, HasWaiting);
}

/// <summary>What a source owes and could be paid at once.</summary>
public sealed record OpenSource(FundSourceId Source, string Name, bool ToPeople, int Payables, Fen Amount);

/// <summary>Reads payments.</summary>
public sealed class PaymentReading(NpgsqlDataSource database, County county)
{
    private sealed record SummaryRow(
        long Id, int Status, Fen TotalFen, int Vouchers, string CreatedBy, DateTimeOffset CreatedAt,
        string? PaidBy, DateTimeOffset? PaidAt, DateOnly? PaidOn, string? BankReference, string? Source, bool ToPeople, string Format, int Round,
        string? SentBy, DateTimeOffset? SentAt, string? CancelAskedBy, string? CancelReason, Fen Paid, Fen TakenOut, Fen Failed, Fen Netted);

    private const string SelectSummary = """
        select p.id, p.status::int as status, p.total_fen, r.vouchers,
               m.name as created_by, p.created_at, f.name as paid_by, p.paid_at, p.paid_on, p.bank_reference,
               s.name as source, p.payee_kind = 2 as to_people, p.format, p.round, t.name as sent_by, p.sent_at, q.name as cancel_asked_by, p.cancel_reason,
               r.paid, r.taken_out, r.failed, r.netted
        from payment p
        join staff m on m.id = p.created_by_staff
        left join staff f on f.id = p.paid_by_staff
        left join staff t on t.id = p.sent_by_staff
        left join staff q on q.id = p.cancel_asked_by_staff
        left join fund_source s on s.id = p.fund_source_id
        cross join lateral (
            select coalesce(sum(vouchers), 0)::int as vouchers, coalesce(sum(paid_fen), 0)::bigint as paid,
                   coalesce(sum(amount_fen) filter (where state = 6), 0)::bigint as taken_out,
                   coalesce(sum(amount_fen - paid_fen) filter (where state in (4, 5)), 0)::bigint as failed, coalesce(sum(netted_fen), 0)::bigint as netted
            from payment_row where payment_id = p.id) r
        """;

    /// <summary>Newest first.</summary>
    /// <param name="open">Only those that somebody still has to do something about.</param>
    public async Task<IReadOnlyList<PaymentSummary>> ListAsync(int skip, int most, bool open = false)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<SummaryRow>(
            $"{SelectSummary} where not @open or p.status in (1, 3, 4) order by p.id desc offset @skip limit @most", new { open, skip, most });
        return [.. rows.Select(Read)];
    }

    public async Task<PaymentDetail?> FindAsync(PaymentId payment)
    {
        await using var connection = await database.OpenConnectionAsync();
        var summary = await connection.QuerySingleOrDefaultAsync<SummaryRow>($"{SelectSummary} where p.id = @payment", new { payment });
        if (summary is null) return null;
        var rows = await connection.QueryAsync<PaymentRow>("""
            select r.id, r.number, coalesce(i.name, left(h.name, 1) || '**') as institution, s.name || ' · ' || b.name as budget_line,
                   case when r.person_id is null then r.payee_name else left(r.payee_name, 1) || '**' end as payee_name, r.payee_bank, r.payee_account_masked,
                   r.vouchers, r.amount_fen, r.state::int as state, r.attempt, r.paid_fen, r.netted_fen, r.failure, r.resend_reason, o.name as take_out_by, r.take_out_reason,
                   u.name as unpaid_by, r.unpaid_reason
            from payment_row r
            left join institution i on i.id = r.institution_id
            left join person h on h.id = r.person_id
            join budget_line b on b.id = r.budget_line_id
            join fund_source s on s.id = b.fund_source_id
            left join staff o on o.id = r.take_out_by_staff
            left join staff u on u.id = r.unpaid_by_staff
            where r.payment_id = @payment order by r.number
            """, new { payment });
        var claims = await connection.QueryAsync<long>("""
            select distinct l.claim_id from payable y join payment_row r on r.id = y.payment_row_id join claim_line l on l.id = y.claim_line_id
            where r.payment_id = @payment order by l.claim_id
            """, new { payment });
        var files = await connection.QueryAsync<PaymentFileLine>("""
            select f.round, f.part, f.name, f.rows, f.total_fen, s.name as made_by, f.made_at
            from payment_file f join staff s on s.id = f.made_by_staff where f.payment_id = @payment order by f.round, f.part
            """, new { payment });
        return new PaymentDetail(Read(summary), [.. rows], [.. claims], [.. files]);
    }

    /// <summary>What every source owes openly, to institutions and to people.</summary>
    public async Task<IReadOnlyList<OpenSource>> OpenAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<OpenSource>("""
            select s.id as source, s.name, y.person_id is not null as to_people, count(*)::int as payables, sum(y.amount_fen)::bigint as amount
            from payable y join budget_line b on b.id = y.budget_line_id join fund_source s on s.id = b.fund_source_id
            where y.region = @Region and y.state = 1 group by s.id, s.name, y.person_id is not null order by s.id, 3
            """, new { county.Region })];
    }

    private static PaymentSummary Read(SummaryRow row) => new(
        row.Id, (PaymentStatus)row.Status, row.TotalFen, row.Vouchers, row.CreatedBy, row.CreatedAt, row.PaidBy, row.PaidAt, row.PaidOn, row.BankReference,
        row.Source ?? "", row.ToPeople, row.Format, row.Round, row.SentBy, row.SentAt, row.CancelAskedBy, row.CancelReason, row.Paid, row.TakenOut, row.Failed, row.Netted);
}
