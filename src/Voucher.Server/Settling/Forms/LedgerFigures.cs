using Voucher.Server.Ledger.Budget;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>One transaction of an extract.</summary>
/// <param name="Subject">What it is about; of transactions that do not say so, their cause.</param>
/// <param name="Document">文号 of an allocation, a cut or a transfer.</param>
public sealed record LedgerFormRow(
    long Number, DateOnly Day, LedgerTransactionKind Kind, Words Subject, string? Document, string Rule, string? By, LedgerMovement Movement)
{
    public Words Cause => Document is { } number ? new($"{Subject.Zh} {number}", $"{Subject.En} {number}") : Subject;
}

/// <summary>台账摘录: what moved on a budget line, on all lines of a source, or on all of the county, and what stood before and after.</summary>
public sealed record LedgerFigures(string Key, string Name, string Source, DateOnly From, DateOnly Until, LedgerMovement Opening, IReadOnlyList<LedgerFormRow> Rows)
{
    public LedgerMovement Movement => Rows.Aggregate(LedgerMovement.None, (sum, row) => sum + row.Movement);

    public LedgerMovement Closing => Opening + Movement;

    public FormSheet ToSheet(FormFrame frame) => frame.Sheet(
        FormKind.Ledger, new("资金台账摘录", "Ledger extract"), $"TZ-{frame.Region}-{Key}-{LedgerMovement.Compact(From)}-{LedgerMovement.Compact(Until)}",
        [
            (new("资金来源", "Source"), Source), (new("预算项目", "Budget line"), Name),
            (new("期间", "Period"), $"{CountyTime.Show(From)} – {CountyTime.Show(Until)}"), (new("笔数", "Transactions"), Rows.Count),
        ],
        [
            new FormTable(new("逐笔", "Transactions"),
            [
                new(new("日期", "Day"), CellKind.Text, 12), new(new("凭证", "No."), CellKind.Text, 8), new(new("事项", "Kind"), CellKind.Text, 14),
                new(new("事由", "Cause"), CellKind.Text, 22), new(new("经办", "By"), CellKind.Text, 10), .. LedgerMovement.FormColumns,
            ],
            [
                ["", "", new Words("期初", "Opening"), "", "", .. Opening.Cells],
                .. Rows.Select(row => (FormCell[])[CountyTime.Show(row.Day), $"{row.Number}", row.Kind.Name(), row.Cause, row.By, .. row.Movement.Cells]),
                ["", "", new Words("本期发生", "Movement"), "", "", .. Movement.Cells],
            ],
            [new Words("期末", "Closing"), "", "", "", "", .. Closing.Cells]),
        ],
        [new(new("经办", "Made"), null, null), new(new("审核", "Reviewed"), null, null), new(new("财务", "Finance"), null, null)],
        [.. Rows.Select(row => row.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
}

/// <summary>Reads the figures of a ledger extract.</summary>
public sealed class LedgerFigureStore(NpgsqlDataSource database, County county)
{
    /// <summary>The most transactions of one extract; more is for a shorter period.</summary>
    public const int MostRows = 5_000;

    private sealed record Head(string Name, string Source);

    private sealed record Row(
        long Number, DateOnly Day, int Kind, string Cause, int? SubjectKind, long? SubjectId, string? DocumentNo, string Rule, string? By,
        Fen Allocated, Fen Unreserved, Fen Reserved, Fen Payable, Fen Retained, Fen Paid, Fen Receivable);

    /// <summary>A line, or a source with all its lines; where neither is given, all of the county.</summary>
    /// <returns><c>null</c> when there is no such line or source.</returns>
    public async Task<Outcome<LedgerFigures>?> FindAsync(int line, int source, DateOnly from, DateOnly until)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var head = line <= 0 && source <= 0 ? new Head("全部 All", "全部 All") : await connection.QuerySingleOrDefaultAsync<Head>(line > 0
            ? "select b.year || ' ' || b.name as name, s.name as source from budget_line b join fund_source s on s.id = b.fund_source_id where b.id = @line and b.region = @Region"
            : "select '全部 All' as name, name as source from fund_source where id = @source and region = @Region", new { line, source, county.Region }, transaction);
        if (head is null) return null;
        const string ofLines = """
            from ledger_posting p
            join ledger_account a on a.id = p.ledger_account_id
            join budget_line b on b.id = a.budget_line_id and b.region = @Region and case when @line > 0 then b.id = @line when @source > 0 then b.fund_source_id = @source else true end
            join ledger_transaction t on t.id = p.transaction_id
            """;
        var asked = new { line, source, county.Region, from, until, most = MostRows + 1 };
        var opening = await connection.QuerySingleAsync<LedgerMovement>(
            $"select {LedgerMovement.Columns} {ofLines} where (t.posted_at at time zone 'Asia/Shanghai')::date < @from", asked, transaction);
        var rows = (await connection.QueryAsync<Row>($"""
            select t.id as number, (t.posted_at at time zone 'Asia/Shanghai')::date as day, t.kind::int as kind, t.cause, t.subject_kind::int as subject_kind, t.subject_id, t.document_no, t.rule, f.name as by, {LedgerMovement.Columns}
            {ofLines}
            left join account c on c.id = t.account_id
            left join staff f on f.id = coalesce(t.staff_id, c.staff_id)
            where (t.posted_at at time zone 'Asia/Shanghai')::date between @from and @until
            group by t.id, f.id order by t.id limit @most
            """, asked, transaction)).AsList();
        if (rows.Count > MostRows)
            return (Outcome<LedgerFigures>)new List<FieldError> { new("until", new($"超过{MostRows}笔，请缩短期间", $"More than {MostRows} transactions; choose a shorter period")) };
        return (Outcome<LedgerFigures>)new LedgerFigures(
            line > 0 ? $"L{line}" : source > 0 ? $"S{source}" : "A", head.Name, head.Source, from, until, opening,
            [.. rows.Select(row => new LedgerFormRow(
                row.Number, row.Day, (LedgerTransactionKind)row.Kind,
                LedgerSubjects.Named((LedgerSubjectKind?)row.SubjectKind, row.SubjectId) ?? new(row.Cause, row.Cause), row.DocumentNo, row.Rule, row.By,
                new LedgerMovement(row.Allocated, row.Unreserved, row.Reserved, row.Payable, row.Retained, row.Paid, row.Receivable)))]);
    }
}
