using Voucher.Server.Audit.Verifying;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>What one kind of transaction moved on the day.</summary>
public sealed record DayMovement(LedgerTransactionKind Kind, int Transactions, LedgerMovement Movement);

/// <summary>Something that was counted on the day, with its amount where it has one.</summary>
public sealed record DayCount(Words What, int Count, Fen? Amount);

/// <summary>A chain's root at the end of the day; none while the chain is empty.</summary>
public sealed record DayRoot(HashChain Chain, ChainRoot? Root);

/// <summary>
/// 日结单: the ledger's day, what was decided, how many entries the audit trail has, and the roots of both to be kept elsewhere. It is
/// counted from what is only ever added to, by when it reached the county: printed again later, a day that is over says the same.
/// </summary>
/// <param name="IsOver">Whether the day has ended: before that the roots still change.</param>
public sealed record DayFigures(
    DateOnly Day, bool IsOver, LedgerMovement Opening, IReadOnlyList<DayMovement> Movements, IReadOnlyList<DayCount> Counts,
    IReadOnlyList<(string Action, int Count)> Deeds, IReadOnlyList<DayRoot> Roots)
{
    public LedgerMovement Movement => Movements.Aggregate(LedgerMovement.None, (sum, row) => sum + row.Movement);

    public LedgerMovement Closing => Opening + Movement;

    public FormSheet ToSheet(FormFrame frame) => frame.Sheet(
        FormKind.Day, new("培训券日结单", "Day sheet"), $"RJ-{frame.Region}-{LedgerMovement.Compact(Day)}",
        [
            (new("日期", "Day"), CountyTime.Show(Day)),
            (new("状态", "State"), IsOver ? new Words("当日已结束", "the day is over") : new Words("当日未结束，数字和摘要还会变", "not over yet: figures and roots still change")),
        ],
        [Money(), Work(), Trail(), Kept()],
        [new(new("经办", "Made"), null, null), new(new("财务", "Finance"), null, null), new(new("审计", "Audit"), null, null)],
        isWide: false);

    private FormTable Money() => new(
        new("资金（元）", "Money, yuan"),
        [new(new("事项", "Kind"), CellKind.Text, 18), new(new("笔数", "No."), CellKind.Count, 8), .. LedgerMovement.FormColumns],
        [
            [new Words("日初", "Opening"), "", .. Opening.Cells],
            .. Movements.Select(row => (FormCell[])[row.Kind.Name(), row.Transactions, .. row.Movement.Cells]),
            [new Words("当日发生", "Movement"), Movements.Sum(row => row.Transactions), .. Movement.Cells],
        ],
        [new Words("日末", "Closing"), "", .. Closing.Cells]);

    private FormTable Work() => new(
        new("业务", "Work"),
        [new(new("事项", "What"), CellKind.Text, 24), new(new("件数", "Count"), CellKind.Count, 10), new(new("金额（元）", "Yuan"), CellKind.Money, 16)],
        [.. Counts.Select(row => (FormCell[])[row.What, row.Count, row.Amount is { } amount ? amount : ""])], null);

    private FormTable Trail() => new(
        new("审计记录", "Audit trail"),
        [new(new("事项", "Action"), CellKind.Text, 30), new(new("条数", "Entries"), CellKind.Count, 10)],
        [.. Deeds.Select(deed => (FormCell[])[DeedWords.Name(deed.Action), deed.Count])], [new Words("合计", "Total"), Deeds.Sum(deed => deed.Count)]);

    private FormTable Kept() => new(
        new("链尾摘要（请抄存别处）", "Roots at the day's end, to be kept elsewhere"),
        [new(new("账册", "Chain"), CellKind.Text, 14), new(new("至第几条", "Up to"), CellKind.Text, 10), new(new("SHA-256", "SHA-256"), CellKind.Text, 60)],
        [
            .. Roots.Select(root => (FormCell[])
            [
                root.Chain.Name, root.Root is { } known ? $"{known.Number}" : "–", root.Root is { } kept ? Convert.ToHexStringLower(kept.Hash) : "–",
            ]),
        ], null);
}

/// <summary>Reads the figures of a day sheet, all at one moment.</summary>
public sealed class DayFigureStore(NpgsqlDataSource database, County county)
{
    private sealed record MovementRow(int Kind, int Transactions, Fen Allocated, Fen Unreserved, Fen Reserved, Fen Payable, Fen Retained, Fen Paid, Fen Receivable);

    private sealed record CountRow(int Position, int Count, Fen? Amount);

    private static readonly Words[] Counted =
    [
        new("发出培训券", "Vouchers issued"), new("报到", "Enrolled"), new("结业", "Completed"), new("提交申报单", "Claims submitted"),
        new("申报单审批（核定）", "Approvals of claims, and what they approved"), new("生成支付批次", "Payments made"),
        new("决定追回", "Decided to be taken back"), new("登记缴回", "Booked as paid in"),
    ];

    public async Task<DayFigures> ReadAsync(DateOnly day, DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var asked = new { day, county.Region, start = CountyTime.At(day, TimeOnly.MinValue).ToUniversalTime(), end = CountyTime.At(day.AddDays(1), TimeOnly.MinValue).ToUniversalTime() };
        const string ofCounty = """
            from ledger_posting p
            join ledger_account a on a.id = p.ledger_account_id
            join budget_line b on b.id = a.budget_line_id and b.region = @Region
            join ledger_transaction t on t.id = p.transaction_id
            """;
        var opening = await connection.QuerySingleAsync<LedgerMovement>($"select {LedgerMovement.Columns} {ofCounty} where t.posted_at < @start", asked, transaction);
        var movements = await connection.QueryAsync<MovementRow>($"""
            select t.kind::int as kind, count(distinct t.id)::int as transactions, {LedgerMovement.Columns}
            {ofCounty} where t.posted_at >= @start and t.posted_at < @end group by t.kind order by t.kind
            """, asked, transaction);
        List<DayMovement> moved =
        [
            .. movements.Select(row => new DayMovement(
                (LedgerTransactionKind)row.Kind, row.Transactions,
                new LedgerMovement(row.Allocated, row.Unreserved, row.Reserved, row.Payable, row.Retained, row.Paid, row.Receivable))),
        ];
        var counts = await connection.QueryAsync<CountRow>("""
            select 0 as position, count(*)::int as count, null::bigint as amount from voucher_event where kind = 1 and at >= @start and at < @end
            union all select 1, count(*)::int, null from voucher_event where kind = 3 and at >= @start and at < @end
            union all select 2, count(*)::int, null from voucher_event where kind = 6 and at >= @start and at < @end
            union all select 3, count(*)::int, null from claim where submitted_at >= @start and submitted_at < @end
            union all select 4, count(distinct (o.claim_id, o.number))::int, coalesce(sum(l.amount_fen) filter (where l.verdict = 1), 0)::bigint
                      from claim_approval o join claim_line l on l.claim_id = o.claim_id and l.approval = o.number where o.approved_at >= @start and o.approved_at < @end
            union all select 5, count(*)::int, coalesce(sum(total_fen), 0)::bigint from payment where created_at >= @start and created_at < @end
            union all select 6, count(*)::int, coalesce(sum(r.amount_fen), 0)::bigint
                      from recovery_step s join recovery r on r.id = s.recovery_id where s.step = 3 and s.at >= @start and s.at < @end
            union all select 7, count(*)::int, coalesce(sum(amount_fen), 0)::bigint from recovery_pay_in where recorded_at >= @start and recorded_at < @end
            order by position
            """, asked, transaction);
        var deeds = await connection.QueryAsync<(string Action, int Count)>(
            "select action, count(*)::int from audit_entry where at >= @start and at < @end group by action order by action", asked, transaction);
        List<DayRoot> roots = [];
        foreach (var chain in HashChain.All) roots.Add(new DayRoot(chain, (await chain.Roots(connection, day, 1)).FirstOrDefault()));
        return new DayFigures(
            day, day < today, opening, moved, [.. counts.Select(row => new DayCount(Counted[row.Position], row.Count, row.Amount)), .. Booked(moved)], [.. deeds], roots);
    }

    /// <summary>What the bank paid and returned, as the ledger has it: a payment's own state changes with the next answer.</summary>
    private static IEnumerable<DayCount> Booked(IReadOnlyList<DayMovement> moved)
    {
        var (pay, bounce) = (moved.FirstOrDefault(row => row.Kind == LedgerTransactionKind.Pay), moved.FirstOrDefault(row => row.Kind == LedgerTransactionKind.Bounce));
        yield return new(new("登记支付（笔）", "Booked as paid"), pay?.Transactions ?? 0, pay?.Movement.Paid ?? Fen.Zero);
        yield return new(new("登记退汇（笔）", "Booked as returned by the bank"), bounce?.Transactions ?? 0, bounce is null ? Fen.Zero : -bounce.Movement.Paid);
    }
}
