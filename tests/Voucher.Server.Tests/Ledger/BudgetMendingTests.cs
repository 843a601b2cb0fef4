using System.Net;
using System.Net.Http.Json;
using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Server.Audit;
using Voucher.Server.Demo;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Ledger;

/// <summary>Budget lines: what is written down of them, and what can still be mended.</summary>
public sealed class BudgetMendingTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _number;
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task A_purpose_of_twenty_long_categories_is_settled_and_the_trail_keeps_its_beginning()
    {
        var line = await OpenAsync();
        var scopes = (await server.Get<PurposeStore>().ScopesAsync()).Select(scope => scope.Code).Take(FundPurpose.MostScopes);
        var purpose = new FundPurpose([.. scopes], [.. Enumerable.Range(10, FundPurpose.MostCategories).Select(n => new string('甲', FundPurpose.LongestCategory - 2) + n)]);
        Assert.True(purpose.Said.Length > AuditTrail.LongestDetail, "too short to be cut");
        (await server.Get<SetPurpose>().RunAsync(await _desk.WhoAsync("finance"), line, ofSource: false, purpose)).OrThrow();
        var detail = await LastDetailAsync("budget.purpose", $"budget-line:{line}");
        Assert.Equal(AuditTrail.Cut(purpose.Said, AuditTrail.LongestDetail), detail);
    }

    [Fact]
    public void A_detail_that_is_too_long_is_cut_between_two_characters()
    {
        Assert.Equal(new string('x', 500), AuditTrail.Cut(new string('x', 500), 500));
        Assert.Equal(new string('x', 499) + "…", AuditTrail.Cut(new string('x', 501), 500));
        Assert.Equal(new string('x', 498) + "…", AuditTrail.Cut(new string('x', 498) + "𠮷" + "yy", 500));
    }

    [Fact]
    public async Task A_programme_that_is_named_twice_over_the_API_counts_once()
    {
        using var finance = await server.LogInAsync("finance");
        using var answer = await finance.PostAsJsonAsync("/api/budget-lines", new
        {
            fundSource = $"重复来源{Next()}", documentNo = "文1", year = 2026, department = "县人社局", name = "重复项目", kind = "County", scopes = new[] { 1, 1 }, categories = new[] { "妇女", " 妇女 " },
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_trail_says_of_which_kind_and_for_what_a_line_was_opened()
    {
        var line = await OpenAsync(FundKind.EastWest, new FundPurpose([7], ["妇女"]));
        var detail = await LastDetailAsync("budget.open", $"budget-line:{line}");
        Assert.Contains("EastWest", detail, StringComparison.Ordinal);
        Assert.Contains("7 妇女", detail, StringComparison.Ordinal);
        Assert.Contains("来源", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_set_by_mistake_is_mended_until_something_is_given_out_of_the_source()
    {
        var (finance, line) = (await _desk.WhoAsync("finance"), await OpenAsync(FundKind.EastWest));
        (await server.Get<AllocateBudget>().RunAsync(finance, line, Fen.FromYuan(10_000), "下达")).OrThrow();
        (await server.Get<SetFundKind>().RunAsync(finance, line, FundKind.County)).OrThrow();
        Assert.Equal(FundKind.County, (await server.Get<BudgetStore>().FindAsync(line))!.Kind);
        await using (var connection = await server.Database.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            LedgerMove[] moves = [new(line, LedgerAccountKind.Unreserved, LedgerAccountKind.Reserved, Fen.FromYuan(1))];
            await Voucher.Server.Ledger.LedgerBook.PostAsync(
                connection, transaction, LedgerTransactionKind.Reserve, $"test:kind:{line}", DemoPolicy.For(DemoCounty.Region).RuleOf(Core.Policies.Clause.Funds), moves, null, server.Clock.GetUtcNow());
            await transaction.CommitAsync();
        }
        Desk.ExpectBadField("kind", await server.Get<SetFundKind>().RunAsync(finance, line, FundKind.Central));
    }

    [Fact]
    public async Task Money_stays_in_its_year_by_use_case_and_by_SQL()
    {
        var (finance, source) = (await _desk.WhoAsync("finance"), $"跨年来源{Next()}");
        var open = server.Get<OpenBudgetLine>();
        var from = (await open.RunAsync(finance, source, "跨年1号", 2026, "县人社局", "甲", FundKind.County)).OrThrow();
        var to = (await open.RunAsync(finance, source, "跨年1号", 2027, "县人社局", "甲", FundKind.County)).OrThrow();
        (await server.Get<AllocateBudget>().RunAsync(finance, from, Fen.FromYuan(100), "下达")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.TransferLeavesSource, await server.Get<MoveBudget>().TransferAsync(finance, from, to, Fen.FromYuan(1), "调剂"));
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        LedgerMove[] moves =
        [
            new(from, LedgerAccountKind.Unreserved, LedgerAccountKind.Allocated, Fen.FromYuan(1)), new(to, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved, Fen.FromYuan(1)),
        ];
        await Voucher.Server.Ledger.LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Transfer, $"shift:{from}-{to}:SQL", DemoPolicy.For(DemoCounty.Region).RuleOf(Core.Policies.Clause.Funds), moves, null, server.Clock.GetUtcNow());
        Assert.Equal("VX713", (await Assert.ThrowsAsync<PostgresException>(() => transaction.CommitAsync())).SqlState);
    }

    [Fact]
    public async Task A_transaction_has_a_page_with_its_postings_vouchers_decision_and_hash()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = await _desk.ApprovedClaimAsync(vouchers);
        await using var connection = await server.Database.OpenConnectionAsync();
        var (id, hash) = await connection.QuerySingleAsync<(long, string)>(
            "select t.id, encode(c.hash, 'hex') from ledger_transaction t join ledger_chain c on c.transaction_id = t.id where t.cause = @cause", new { cause = $"claim:{claim}" });
        using var auditor = await server.OpenPortalAsync("auditor");
        var page = await auditor.GetStringAsync($"/ledger/transactions/{id}");
        Assert.Contains(hash, page, StringComparison.Ordinal);
        Assert.Contains($"/settling/claims/{claim}", page, StringComparison.Ordinal);
        Assert.All(vouchers, voucher => Assert.Contains(voucher.ToString(), page, StringComparison.Ordinal));
        Assert.Contains($"/ledger/transactions/{id}", await auditor.GetStringAsync($"/ledger/{scene.BudgetLine}"), StringComparison.Ordinal);
        using var none = await auditor.GetAsync("/ledger/transactions/999999");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static int Next() => Interlocked.Increment(ref _number);

    private async Task<BudgetLineId> OpenAsync(FundKind kind = FundKind.County, FundPurpose? purpose = null)
    {
        var number = Next();
        return (await server.Get<OpenBudgetLine>().RunAsync(
            await _desk.WhoAsync("finance"), $"修正来源{number}", $"修正{number}号", 2026, "县人社局", $"修正项目{number}", kind, purpose)).OrThrow();
    }

    private async Task<string> LastDetailAsync(string action, string subject)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<string>(
            "select detail from audit_entry where action = @action and subject = @subject order by number desc limit 1", new { action, subject });
    }
}
