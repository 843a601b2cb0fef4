using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Payments;

/// <summary>A return as it was booked.</summary>
public sealed record ReturnSummary(long Id, int KindNumber, string? FileName, string? Document, DateOnly PaidOn, int Rows, int Booked, int Differences, string BookedBy, DateTimeOffset BookedAt)
{
    public Words Name => (ReturnKind)KindNumber switch
    {
        ReturnKind.File => new("银行回盘", "Return file"),
        ReturnKind.Receipt => new("手工登记回单", "Receipt entered by hand"),
        ReturnKind.Bounced => new("退汇", "Money returned"),
        ReturnKind.NotPaid => new("登记未付", "Recorded as not paid"),
        _ => new("抵扣结清", "Settled without the bank"),
    };
}

/// <summary>A row of a return that could not be booked, and what was done about it.</summary>
public sealed record Difference(
    long Id, long ReturnId, int Line, string Reference, long? PaymentId, int FindingNumber, int? AnswerNumber, Fen? AmountFen, string AccountMasked, string Reason,
    DateTimeOffset BookedAt, string? Note, string? NotedBy, bool IsCleared)
{
    public ReturnFinding Finding => (ReturnFinding)FindingNumber;
    public Words? Answer => ((PaymentAnswer?)AnswerNumber)?.Name();
}

/// <summary>What of a source was told to the bank in a month, and what came of it.</summary>
public sealed record ReconciledMonth(
    FundSourceId SourceId, string Source, DateOnly Month, int Payments, Fen Made, Fen Netted, Fen Sent, Fen Paid, Fen Failed, Fen Outstanding, Fen TakenOut, Fen Booked)
{
    /// <summary>What the rows say is paid, with what was kept for money taken back, and the ledger does not, or the other way; 0 when they tie.</summary>
    public Fen Difference => Paid - Booked;
}

/// <summary>Reads what the bank answered, beside what it was told and what the ledger says.</summary>
public sealed class ReturnReading(NpgsqlDataSource database, County county)
{
    public async Task<IReadOnlyList<ReturnSummary>> ListAsync(int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<ReturnSummary>("""
            select r.id, r.kind::int as kind_number, r.file_name, r.document, r.paid_on, r.rows, r.booked, r.differences, s.name as booked_by, r.booked_at
            from payment_return r join staff s on s.id = r.booked_by_staff where r.region = @Region order by r.id desc offset @skip limit @most
            """, new { county.Region, skip, most })];
    }

    /// <summary>Newest first.</summary>
    /// <param name="open">Only those that nobody has cleared up.</param>
    public async Task<IReadOnlyList<Difference>> DifferencesAsync(bool open, int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Difference>($"""
            select w.id, w.return_id, w.line, w.reference, o.payment_id, w.finding::int as finding_number, w.answer::int as answer_number, w.amount_fen, w.account_masked,
                   w.reason, r.booked_at, n.note, n.noted_by, n.notes >= {ReturnStore.NotesWanted} as is_cleared
            from payment_return_row w
            join payment_return r on r.id = w.return_id and r.region = @Region
            left join payment_row o on o.id = w.payment_row_id
            cross join lateral (
                select string_agg(d.note, '；' order by d.number) as note, string_agg(s.name, '、' order by d.number) as noted_by, count(*) as notes
                from payment_difference_note d join staff s on s.id = d.noted_by_staff where d.return_row_id = w.id) n
            where not w.is_booked and w.finding <> 1 and (not @open or n.notes < {ReturnStore.NotesWanted})
            order by w.id desc offset @skip limit @most
            """, new { county.Region, open, skip, most })];
    }

    /// <summary>By source and by the month in which the payment was made; what the ledger booked for the same payments beside it.</summary>
    public async Task<IReadOnlyList<ReconciledMonth>> MonthsAsync(int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<ReconciledMonth>("""
            with transfer as (
                select p.id, p.status, p.fund_source_id, date_trunc('month', p.created_at at time zone 'Asia/Shanghai')::date as month, r.gross_fen, r.netted_fen, r.amount_fen,
                       r.state, r.paid_fen, exists (select from payment_row_sent s where s.payment_row_id = r.id) as is_sent,
                       (select coalesce(sum(case y.state when 3 then y.amount_fen else y.part_paid_fen end), 0) from payable y where y.payment_row_id = r.id) as settled
                from payment p join payment_row r on r.payment_id = p.id where p.region = @Region),
            booked as (
                select split_part(t.cause, ':', 2)::bigint as payment, sum(g.amount_fen) as fen
                from ledger_transaction t join ledger_posting g on g.transaction_id = t.id join ledger_account a on a.id = g.ledger_account_id and a.kind = 5
                where t.kind in (5, 11) and t.cause like 'payment:%' group by 1)
            select s.id as source_id, s.name as source, transfer.month, count(distinct transfer.id)::int as payments,
                   coalesce(sum(gross_fen) filter (where transfer.status <> 5), 0)::bigint as made,
                   coalesce(sum(netted_fen) filter (where transfer.status <> 5), 0)::bigint as netted,
                   coalesce(sum(amount_fen) filter (where is_sent), 0)::bigint as sent,
                   sum(settled)::bigint as paid,
                   coalesce(sum(amount_fen - paid_fen) filter (where state in (4, 5) and transfer.status <> 5), 0)::bigint as failed,
                   coalesce(sum(amount_fen - paid_fen) filter (where state in (1, 2) and transfer.status <> 5), 0)::bigint as outstanding,
                   coalesce(sum(amount_fen) filter (where state = 6), 0)::bigint as taken_out,
                   (select coalesce(sum(fen), 0)::bigint from booked where payment = any(array_agg(transfer.id))) as booked
            from transfer left join fund_source s on s.id = transfer.fund_source_id
            group by s.id, s.name, transfer.month order by transfer.month desc, s.id offset @skip limit @most
            """, new { county.Region, skip, most })];
    }

    /// <summary>What the ledger says is paid in all, and what payments say.</summary>
    public async Task<(Fen Ledger, Fen Payments)> TieAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(Fen, Fen)>("""
            select (select coalesce(sum(p.amount_fen), 0)::bigint from ledger_posting p join ledger_transaction t on t.id = p.transaction_id and t.kind in (5, 11)
                    join ledger_account a on a.id = p.ledger_account_id and a.kind = 5),
                   (select coalesce(sum(case state when 3 then amount_fen else part_paid_fen end), 0)::bigint from payable)
            """);
    }
}
