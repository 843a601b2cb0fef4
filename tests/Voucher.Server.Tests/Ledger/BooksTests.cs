using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Invariants;
using Voucher.Server.Ledger.Books;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Ledger.Closing;
using Voucher.Server.Ledger.Correcting;
using Voucher.Server.Tests.Settling;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Ledger;

/// <summary>Income, spending and balances at any day tie to each other; months are closed by two and stay closed.</summary>
public sealed class BooksTests
{
    [Fact]
    public async Task At_any_day_income_less_spending_is_what_is_free_line_by_line_and_as_the_accounts_say_now()
    {
        await using var server = new ServerUnderTest();
        await server.InitializeAsync();
        var (desk, books) = (new Desk(server), server.Get<BooksStore>());
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(3);
        var claim = await desk.ApprovedClaimAsync([vouchers[0], vouchers[1]]);
        (await desk.PaidAsync((await desk.PayAsync([claim])).OrThrow())).OrThrow();
        await desk.ApprovedClaimAsync([vouchers[2]]);
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        for (var back = 0; back <= 25; back += 1)
        {
            var day = today.AddDays(-back);
            var (income, spending, lines) = (await books.IncomeAsync(day), await books.SpendingAsync(day), await books.LinesAsync(day));
            Assert.Equal(Sum(lines, line => line.Unreserved), Sum(income, row => row.Net) - Sum(spending, row => row.Sum));
            foreach (var line in lines)
            {
                var own = spending.Where(row => row.LineId == line.Id).ToList();
                Assert.Equal((line.Reserved, line.Payable, line.Paid), (Sum(own, row => row.Reserved), Sum(own, row => row.Payable), Sum(own, row => row.Paid)));
                Assert.Equal(line.Allocated, line.Unreserved + Sum(own, row => row.Sum));
            }
        }
        Assert.Equal((await server.Get<BudgetStore>().ListAsync()).ToHashSet(), (await books.LinesAsync(today)).ToHashSet());
        Assert.Contains(await books.SpendingAsync(today), row => row.LineId == scene.BudgetLine && row.Programme is not null && row.Paid == Fen.FromYuan(2400) && row.Payable == Fen.FromYuan(1200));
        Assert.Empty(await books.IncomeAsync(today.AddDays(-60)));
    }

    [Fact]
    public async Task A_month_is_proposed_by_Finance_closed_by_another_frozen_and_takes_nothing_more()
    {
        await using var server = new ServerUnderTest();
        await server.InitializeAsync();
        var (desk, close, books) = (new Desk(server), server.Get<CloseMonth>(), server.Get<BooksStore>());
        var (finance, approver) = (await desk.WhoAsync("finance"), await desk.WhoAsync("approver"));
        var (line, posted) = await AllocateAsync(server, finance, "月内");
        var month = FirstOf(CountyTime.DayOf(server.Clock.GetUtcNow()));
        Desk.ExpectRefusal(RefusalCode.MonthNotOver, await close.ProposeAsync(finance, month));
        Desk.ExpectBadField("month", await close.ProposeAsync(finance, month.AddDays(1)));
        server.Clock.MoveTo(month.AddMonths(1), new TimeOnly(9, 0));
        Desk.ExpectRefusal(RefusalCode.NotAllowed, await close.ProposeAsync(approver, month));
        // Two who propose at once: one closing.
        var both = await Task.WhenAll(close.ProposeAsync(finance, month), close.ProposeAsync(finance, month));
        Assert.Single(both, outcome => outcome is Outcome<Nothing>.Done);
        Assert.Single(both, outcome => outcome is Outcome<Nothing>.Refused { Refusal.Code: RefusalCode.MonthWrongStep });
        Desk.ExpectRefusal(RefusalCode.NotAllowed, await close.CloseAsync(finance, month));
        Desk.ExpectRefusal(RefusalCode.ReasonMissing, await close.SendBackAsync(approver, month, " "));
        (await close.SendBackAsync(approver, month, "先核对")).OrThrow();
        (await close.ProposeAsync(finance, month)).OrThrow();
        (await close.CloseAsync(approver, month)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.MonthWrongStep, await close.CloseAsync(approver, month));
        Desk.ExpectRefusal(RefusalCode.MonthNotOver, await close.ProposeAsync(finance, month.AddMonths(1)));

        // Nothing more is posted into it, whoever writes.
        await using (var connection = await server.Database.OpenConnectionAsync())
        {
            var fault = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync($"""
                with t as (insert into ledger_transaction (posted_at, kind, cause, rule) values ('{month:yyyy-MM-dd}', 1, 'allocate:{line}:late', 'x') returning id)
                insert into ledger_posting select t.id, a.id, case a.kind when 1 then -1 else 1 end from t, ledger_account a where a.budget_line_id = {line} and a.kind in (1, 2);
                """));
            Assert.Equal("VX715", fault.SqlState);
        }
        // What was wrong is put right in the open month, by two, once.
        var correct = server.Get<CorrectTransaction>();
        Desk.ExpectRefusal(RefusalCode.CorrectionWrongStep, await correct.DecideAsync(approver, posted, post: true));
        Desk.ExpectRefusal(RefusalCode.ReasonMissing, await correct.ProposeAsync(finance, posted, ""));
        (await correct.ProposeAsync(finance, posted, "文号记错")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.AlreadyCorrected, await correct.ProposeAsync(finance, posted, "再来"));
        var posts = await Task.WhenAll(correct.DecideAsync(approver, posted, post: true), correct.DecideAsync(approver, posted, post: true));
        Assert.Single(posts, outcome => outcome is Outcome<Nothing>.Done);
        Desk.ExpectRefusal(RefusalCode.AlreadyCorrected, await correct.ProposeAsync(finance, posted, "再来"));
        Assert.Equal(Fen.Zero, (await server.Get<BudgetStore>().FindAsync(line))!.Allocated);

        // The closed month stands as it was, from its snapshot and from the postings; the open one says otherwise.
        var frozen = (await server.Get<ClosingStore>().ListAsync()).Single(row => row.State == MonthState.Closed);
        Assert.Equal(Fen.FromYuan(5_000), (await server.Get<ClosingStore>().LinesAsync(frozen.Id)).Single(row => row.Id == line).Allocated);
        Assert.Equal(Fen.FromYuan(5_000), (await books.LinesAsync(month.AddMonths(1).AddDays(-1))).Single(row => row.Id == line).Unreserved);
        Assert.Equal(Fen.Zero, (await books.LinesAsync(month.AddMonths(1))).Single(row => row.Id == line).Unreserved);
        Assert.Equal(Fen.FromYuan(-5_000), (await books.IncomeAsync(month.AddMonths(1))).Single(row => row.DocumentNo == "月内" ).Corrected);
        await desk.ExpectInvariantsAsync();
        await LookAsync(server, frozen.Id, posted);
    }

    /// <summary>As where the last second of a month waited for a lock until the month was closed.</summary>
    [Fact]
    public async Task A_posting_that_the_closing_of_its_month_has_overtaken_is_refused_with_the_rule_and_nothing_of_it_stands()
    {
        await using var server = new ServerUnderTest();
        await server.InitializeAsync();
        var (desk, close) = (new Desk(server), server.Get<CloseMonth>());
        var (finance, approver) = (await desk.WhoAsync("finance"), await desk.WhoAsync("approver"));
        var (line, _) = await AllocateAsync(server, finance, "月内");
        var month = FirstOf(CountyTime.DayOf(server.Clock.GetUtcNow()));
        server.Clock.MoveTo(month.AddMonths(1), new TimeOnly(9, 0));
        (await close.ProposeAsync(finance, month)).OrThrow();
        (await close.CloseAsync(approver, month)).OrThrow();
        server.Clock.MoveTo(month.AddMonths(1).AddDays(-1), new TimeOnly(23, 30));

        using var api = await server.LogInAsync("finance");
        using var answer = await api.PostAsJsonAsync($"/api/budget-lines/{line}/allocate", new { amountFen = 100, documentNo = "迟到一" });
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)RefusalCode.MonthClosedMeanwhile, problem.GetProperty("code").GetInt32());
        Assert.NotNull(problem.GetProperty("rule").GetString());

        using var portal = await server.OpenPortalAsync("finance");
        var token = ServerUnderTest.Antiforgery(await portal.GetStringAsync($"/ledger/{line}"));
        using var page = await portal.PostAsync($"/ledger/{line}?handler=Allocate", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["Amount"] = "1", ["DocumentNo"] = "迟到二", ["__RequestVerificationToken"] = token,
        }));
        Assert.Equal(HttpStatusCode.Conflict, page.StatusCode);
        Assert.Contains("data-refusal=\"721\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(Fen.FromYuan(5_000), (await server.Get<BudgetStore>().FindAsync(line))!.Allocated);
    }

    [Fact]
    public async Task What_claims_and_payments_hang_on_is_not_corrected_and_neither_is_money_that_is_gone()
    {
        await using var server = new ServerUnderTest();
        await server.InitializeAsync();
        var desk = new Desk(server);
        var (finance, approver, correct) = (await desk.WhoAsync("finance"), await desk.WhoAsync("approver"), server.Get<CorrectTransaction>());
        var scene = await SettledScene.BuildAsync(server);
        var claim = await desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        await using var connection = await server.Database.OpenConnectionAsync();
        var approval = await connection.ExecuteScalarAsync<long>("select id from ledger_transaction where cause = @cause", new { cause = $"claim:{claim}" });
        Assert.Contains("追回", Desk.Refused(await correct.ProposeAsync(finance, approval, "错")).NextStep.Zh, StringComparison.Ordinal);
        var allocation = await connection.ExecuteScalarAsync<long>("select id from ledger_transaction where cause = @cause", new { cause = $"allocate:{scene.BudgetLine}" });
        (await correct.ProposeAsync(finance, allocation, "错")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.BudgetShort, await correct.DecideAsync(approver, allocation, post: true));
        (await correct.DecideAsync(approver, allocation, post: false)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.NotFound, await correct.ProposeAsync(finance, 999_999, "错"));
        Assert.Empty((await InvariantChecks.RunAsync(connection)).Violations);
    }

    private static async Task LookAsync(ServerUnderTest server, int closing, long posted)
    {
        using var auditor = await server.OpenPortalAsync("auditor");
        foreach (var path in new[] { "/ledger/books?day=2026-02-30", "/ledger/books", "/ledger/closings", $"/ledger/closings/{closing}", $"/ledger/transactions/{posted}" })
        {
            using var answer = await auditor.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
        }
        foreach (var (key, fields) in new (string, (string, string)[])[] { ("closings", []), ("closed-month", [("closing", $"{closing}")]), ("ledger-corrections", []) })
        {
            using var answer = await auditor.ExportAsync(key, fields);
            Assert.NotEmpty((await ExportClient.OpenAsync(answer)).Rows);
        }
    }

    private static async Task<(BudgetLineId Line, long Transaction)> AllocateAsync(ServerUnderTest server, Voucher.Server.Accounts.Actor finance, string document)
    {
        var line = (await server.Get<OpenBudgetLine>().RunAsync(finance, "月结来源", "月结1号", 2026, "县人社局", "月结项目", FundKind.County)).OrThrow();
        (await server.Get<AllocateBudget>().RunAsync(finance, line, Fen.FromYuan(5_000), document)).OrThrow();
        await using var connection = await server.Database.OpenConnectionAsync();
        return (line, await connection.QuerySingleAsync<long>("select id from ledger_transaction where subject_kind = 1 and subject_id = @line", new { line }));
    }

    private static DateOnly FirstOf(DateOnly day) => new(day.Year, day.Month, 1);

    private static Fen Sum<T>(IEnumerable<T> rows, Func<T, Fen> part) => rows.Aggregate(Fen.Zero, (sum, row) => sum + part(row));
}
