using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Portal;

namespace Voucher.Server.Ledger.Books;

/// <summary>Income by source and spending by project as they were at the end of any day; the two and what is free add up.</summary>
[Authorize(Policy = Permission.ReadLedger)]
public sealed class BooksModel(BooksStore books, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "day")]
    public DateOnly? Asked { get; set; }

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    /// <summary>The day asked for; today where none, or none that the books know, was.</summary>
    public DateOnly Day => Asked is { Year: >= OpenBudgetLine.FirstYear } day && day <= Today ? day : Today;

    public IReadOnlyList<IncomeEntry> Income { get; private set; } = [];
    public IReadOnlyList<SpendingEntry> Spending { get; private set; } = [];
    public IReadOnlyList<BudgetLine> Lines { get; private set; } = [];

    /// <summary>Where the money of each source stood.</summary>
    public IEnumerable<BudgetLine> Sources => Lines.GroupBy(line => line.SourceId).Select(lines => BudgetLine.SumOf([.. lines]));

    public Fen Net => Income.Aggregate(Fen.Zero, (sum, row) => sum + row.Net);
    public Fen Spent => Spending.Aggregate(Fen.Zero, (sum, row) => sum + row.Sum);
    public Fen Free => Lines.Aggregate(Fen.Zero, (sum, line) => sum + line.Unreserved);

    public async Task OnGetAsync() =>
        (Income, Spending, Lines) = (await books.IncomeAsync(Day), await books.SpendingAsync(Day), await books.LinesAsync(Day));
}
