using Voucher.Server.Ledger.Budget;

namespace Voucher.Server.Ledger.Books;

/// <summary>资金收入台账, one document of a source up to a day. Lowered and given away are below zero, corrections either way.</summary>
/// <param name="PaidBack">What came back by 追回: free again, no new income.</param>
public sealed record IncomeEntry(
    FundSourceId SourceId, string Source, FundKind Kind, string SourceDocument, string? DocumentNo,
    Fen Allocated, Fen Lowered, Fen TransferredIn, Fen TransferredOut, Fen Corrected, Fen PaidBack)
{
    /// <summary>What the document has brought in all.</summary>
    public Fen Net => Allocated + Lowered + TransferredIn + TransferredOut + Corrected;
}

/// <summary>支出台账, one programme of a budget line up to a day.</summary>
/// <param name="Programme"><c>null</c>: vouchers of which nobody has chosen a class yet, and what is reserved for vouchers still to be written.</param>
/// <param name="Allowances">生活费、交通费 approved so far; part of payable and paid.</param>
public sealed record SpendingEntry(
    BudgetLineId LineId, string Source, string Line, int Year, string? Programme,
    Fen Reserved, Fen Payable, Fen Paid, Fen Receivable, Fen Retained, Fen Allowances)
{
    public Fen Sum => Reserved + Payable + Paid + Receivable + Retained;
}

/// <summary>Both ledgers of text 004 as they were at the end of any local day, from postings and from the snapshots of closed months.</summary>
public sealed class BooksStore(NpgsqlDataSource database, County county)
{
    /// <summary>By kind of funds, source and document.</summary>
    public async Task<IReadOnlyList<IncomeEntry>> IncomeAsync(DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<IncomeEntry>("""
            select s.id as source_id, s.name as source, s.kind, s.document_no as source_document, coalesce(t.document_no, o.document_no) as document_no,
                   coalesce(sum(-p.amount_fen) filter (where a.kind = 1 and t.kind = 1), 0)::bigint as allocated,
                   coalesce(sum(-p.amount_fen) filter (where a.kind = 1 and t.kind = 8), 0)::bigint as lowered,
                   coalesce(sum(-p.amount_fen) filter (where a.kind = 1 and t.kind = 7 and p.amount_fen < 0), 0)::bigint as transferred_in,
                   coalesce(sum(-p.amount_fen) filter (where a.kind = 1 and t.kind = 7 and p.amount_fen > 0), 0)::bigint as transferred_out,
                   coalesce(sum(-p.amount_fen) filter (where a.kind = 1 and t.kind = 14), 0)::bigint as corrected,
                   coalesce(sum(p.amount_fen) filter (where a.kind = 2 and t.kind in (12, 13)), 0)::bigint as paid_back
            from ledger_transaction t
            left join ledger_transaction o on o.id = t.corrects
            join ledger_posting p on p.transaction_id = t.id
            join ledger_account a on a.id = p.ledger_account_id and (a.kind = 1 or (a.kind = 2 and t.kind in (12, 13)))
            join budget_line l on l.id = a.budget_line_id and l.region = @Region
            join fund_source s on s.id = l.fund_source_id
            where t.posted_at < end_of_day(@day)
            group by s.id, coalesce(t.document_no, o.document_no)
            order by s.kind, s.id, min(t.id)
            """, new { county.Region, day })];
    }

    /// <summary>By line and programme. A reprint stands for the voucher it replaced; what no voucher is named for stands without a programme.</summary>
    public async Task<IReadOnlyList<SpendingEntry>> SpendingAsync(DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<SpendingEntry>("""
            with recursive follows as (
                select id, replaced_by as heir from voucher where replaced_by is not null
                union all
                select f.id, v.replaced_by from follows f join voucher v on v.id = f.heir and v.replaced_by is not null),
            heirs as (select f.id, f.heir from follows f join voucher v on v.id = f.heir where v.replaced_by is null),
            moved as (
                select n.budget_line_id, n.voucher_id, n.account_kind as kind, sum(n.amount_fen) as fen,
                       sum(n.amount_fen) filter (where t.kind = 9 and n.amount_fen > 0) as allowances
                from ledger_voucher n join ledger_transaction t on t.id = n.transaction_id
                where t.posted_at < end_of_day(@day) and n.account_kind in (3, 4, 5, 6, 7)
                group by n.budget_line_id, n.voucher_id, n.account_kind),
            placed as (
                select m.budget_line_id, m.kind, m.fen, m.allowances, coalesce(taught.programme_id, meant.id) as programme_id
                from moved m
                join voucher v on v.id = m.voucher_id
                left join heirs h on h.id = v.id
                left join lateral (
                    select c.programme_id from enrolment e join training_class c on c.id = e.class_id
                    where e.voucher_id = coalesce(h.heir, v.id) and e.enrolled_at < end_of_day(@day) order by e.id desc limit 1) taught on true
                left join programme meant on meant.region = @region and meant.code = v.scope),
            named as (select budget_line_id, programme_id, kind, sum(fen) as fen, sum(allowances) as allowances from placed group by budget_line_id, programme_id, kind),
            parts as (
                select budget_line_id, programme_id, kind, fen, allowances from named
                union all
                select b.budget_line_id, null, b.kind, b.balance_fen - coalesce((select sum(n.fen) from named n where n.budget_line_id = b.budget_line_id and n.kind = b.kind), 0), null
                from ledger_balances(@region, @day) b where b.kind in (3, 4, 5, 6, 7))
            select l.id as line_id, s.name as source, l.name as line, l.year, g.name as programme,
                   coalesce(sum(p.fen) filter (where p.kind = 3), 0)::bigint as reserved,
                   coalesce(sum(p.fen) filter (where p.kind = 4), 0)::bigint as payable,
                   coalesce(sum(p.fen) filter (where p.kind = 5), 0)::bigint as paid,
                   coalesce(sum(p.fen) filter (where p.kind = 6), 0)::bigint as receivable,
                   coalesce(sum(p.fen) filter (where p.kind = 7), 0)::bigint as retained,
                   coalesce(sum(p.allowances), 0)::bigint as allowances
            from parts p
            join budget_line l on l.id = p.budget_line_id and l.region = @region
            join fund_source s on s.id = l.fund_source_id
            left join programme g on g.id = p.programme_id
            group by l.id, s.id, g.id having bool_or(p.fen <> 0) or coalesce(sum(p.allowances), 0) <> 0
            order by l.year desc, l.id, g.code nulls last
            """, new { region = county.Region, day }, commandTimeout: 120)];
    }

    /// <summary>Budget lines as they stood.</summary>
    public async Task<IReadOnlyList<BudgetLine>> LinesAsync(DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<BudgetLine>($"""
            {BudgetStore.SelectFrom("ledger_balances(@region, @day)")} where b.region = @region group by b.id, s.id order by b.year desc, b.id
            """, new { region = county.Region, day })];
    }
}
