using System.Net;
using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Forms;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Settling;

/// <summary>The forms of settlement, whose numbers tie to each other.</summary>
public sealed class FormTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task Claim_form_payables_payment_list_ledger_and_statement_say_the_same()
    {
        var (scene, claim, payment) = await SceneAsync();
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        var form = (await server.Get<ClaimFigureStore>().FindAsync(claim.Value))!;
        Assert.Equal((Fen.FromYuan(3600), Fen.FromYuan(2400)), (form.Claimed, form.Money.Approved));

        await using var connection = await server.Database.OpenConnectionAsync();
        var payables = new Fen(await connection.ExecuteScalarAsync<long>(
            "select sum(y.amount_fen)::bigint from payable y join claim_line l on l.id = y.claim_line_id where l.claim_id = @claim", new { claim }));
        var list = (await server.Get<PaymentFigureStore>().FindAsync(payment.Value))!;
        var extract = ((Outcome<LedgerFigures>.Done)(await server.Get<LedgerFigureStore>().FindAsync(scene.BudgetLine.Value, 0, today, today))!).Value;
        var statement = Assert.Single((await server.Get<StatementFigureStore>().FindAsync(scene.Institution, today, today))!.Rows, row => row.Claim == claim.Value);

        Assert.Equal(form.Money.Paid, payables);
        Assert.Equal(form.Money.Paid, list.Paid);
        Assert.Equal(list.TotalOfPayment, list.Gross);
        Assert.Equal(form.Money.Paid, Assert.Single(extract.Rows, row => row.Kind == LedgerTransactionKind.Approve).Movement.Payable);
        Assert.Equal(form.Money.Paid, extract.Movement.Paid);
        Assert.Equal(Fen.Zero, extract.Movement.Payable);
        Assert.Equal((form.Claimed, form.Money), (statement.Claimed, statement.Money));
        Assert.Equal(statement.Claimed, statement.Money.Approved + statement.Rejected + statement.Undecided);
        Assert.Equal(Fen.Zero, statement.Money.Unexplained);
        var balances = await scene.BalancesAsync();
        Assert.Equal(
            (balances[LedgerAccountKind.Unreserved], balances[LedgerAccountKind.Reserved], balances[LedgerAccountKind.Paid]),
            (extract.Closing.Unreserved, extract.Closing.Reserved, extract.Closing.Paid));
        Assert.Equal(["赵校长", "汪审核", "杨审批", "唐财务", null], form.Signs.Select(sign => sign.Who));
    }

    [Fact]
    public async Task The_day_sheet_is_the_ledger_of_the_day_and_bears_the_roots()
    {
        await SceneAsync();
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        var sheet = await server.Get<DayFigureStore>().ReadAsync(today, today);
        await using var connection = await server.Database.OpenConnectionAsync();
        var standing = (await connection.QueryAsync<(int Kind, long Fen)>("select kind::int, sum(balance_fen)::bigint from ledger_account group by kind")).ToDictionary(row => row.Kind, row => new Fen(row.Fen));
        Assert.Equal((-standing[1], standing[2], standing[3], standing[4], standing[5]),
            (sheet.Closing.Allocated, sheet.Closing.Unreserved, sheet.Closing.Reserved, sheet.Closing.Payable, sheet.Closing.Paid));
        Assert.Equal(sheet.Closing.Allocated, sheet.Closing.Unreserved + sheet.Closing.Reserved + sheet.Closing.Payable + sheet.Closing.Retained + sheet.Closing.Paid + sheet.Closing.Receivable);
        var moved = await connection.QueryAsync<(int Kind, int Count)>("""
            select kind::int, count(*)::int from ledger_transaction where (posted_at at time zone 'Asia/Shanghai')::date = @today group by kind order by kind
            """, new { today });
        Assert.Equal(moved, sheet.Movements.Select(row => ((int)row.Kind, row.Transactions)));
        var last = await connection.QuerySingleAsync<(long Number, byte[] Hash)>("select number, hash from audit_entry order by number desc limit 1");
        var root = Assert.Single(sheet.Roots, root => root.Chain.Key == "audit").Root!;
        Assert.Equal((last.Number, Convert.ToHexString(last.Hash)), (root.Number, Convert.ToHexString(root.Hash)));
        Assert.False(sheet.IsOver);
        Assert.True((await server.Get<DayFigureStore>().ReadAsync(today.AddDays(-1), today)).IsOver);
    }

    [Fact]
    public async Task Every_form_opens_and_each_taking_away_leaves_one_entry()
    {
        var (scene, claim, payment) = await SceneAsync();
        using var portal = await server.OpenPortalAsync("auditor");
        foreach (var path in Paths(scene, claim, payment))
        {
            var page = await portal.GetStringAsync(path);
            Assert.Contains("data-testid=\"form\"", page);
            foreach (var (handler, type) in new[] { ("Pdf", "application/pdf"), ("Xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") })
            {
                var before = await EntriesAsync();
                using var answer = await portal.PostAsync($"{path}{(path.Contains('?') ? '&' : '?')}handler={handler}", new FormUrlEncodedContent(
                    [KeyValuePair.Create("__RequestVerificationToken", ServerUnderTest.Antiforgery(page))]));
                Assert.True(answer.Content.Headers.ContentType?.MediaType == type, $"{path} {handler}: {answer.StatusCode}");
                Assert.Equal(before + 1, await EntriesAsync());
                var file = await answer.Content.ReadAsByteArrayAsync();
                if (Environment.GetEnvironmentVariable("VOUCHER_FORMS_TO") is { } folder)
                    await File.WriteAllBytesAsync(Path.Combine(folder, $"{path.Split('/', '?')[2]}.{handler.ToLowerInvariant()}"), file);
                if (handler == "Xlsx") Assert.NotEmpty(new SheetFile(file).Rows);
            }
        }
    }

    [Fact]
    public async Task An_institution_gets_its_own_forms_only()
    {
        var (scene, claim, payment) = await SceneAsync();
        using var own = await server.OpenPortalAsync("manager");
        using var other = await server.OpenPortalAsync("manager2");
        var (claimForm, statement) = ($"/forms/claim/{claim}", $"/forms/statement?institution={scene.Institution}");
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [await StatusAsync(own, claimForm), await StatusAsync(own, statement)]);
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], [await StatusAsync(other, claimForm), await StatusAsync(other, statement)]);
        foreach (var path in new[] { $"/forms/payment/{payment}", $"/forms/ledger?line={scene.BudgetLine}", "/forms/day" })
        {
            using var answer = await own.GetAsync(path);
            Assert.Equal("/not-allowed", answer.Headers.Location?.AbsolutePath);
        }
        Assert.DoesNotContain($"/forms/claim/{claim}\"", await other.GetStringAsync("/forms"));
    }

    [Fact]
    public async Task A_form_that_is_not_there_or_a_period_that_cannot_be_is_said()
    {
        using var portal = await server.OpenPortalAsync("finance");
        foreach (var path in new[] { "/forms/claim/999999", "/forms/payment/999999", "/forms/ledger?line=999999", "/forms/ledger?source=999999", "/forms/statement?institution=999999", "/forms/nothing", "/forms/1" })
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(portal, path));
        Assert.Contains("止期不能早于起期", await portal.GetStringAsync("/forms/ledger?line=1&from=2026-05-02&until=2026-05-01"));
        Assert.Contains("最多366天", await portal.GetStringAsync("/forms/ledger?line=1&from=2020-05-02&until=2026-05-01"));
    }

    [Fact]
    public async Task A_ledger_extract_of_nothing_in_particular_is_that_of_all_lines_in_this_month()
    {
        await SceneAsync();
        using var portal = await server.OpenPortalAsync("finance");
        var page = await portal.GetStringAsync("/forms/ledger");
        Assert.Contains("全部 All", page, StringComparison.Ordinal);
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        Assert.Contains($"{CountyTime.Show(new DateOnly(today.Year, today.Month, 1))} – {CountyTime.Show(today)}", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    private static string[] Paths(SettledScene scene, ClaimId claim, PaymentId payment) =>
    [
        $"/forms/claim/{claim}", $"/forms/payment/{payment}", $"/forms/ledger?line={scene.BudgetLine}&from=2026-01-01", $"/forms/statement?institution={scene.Institution}", "/forms/day",
    ];

    /// <summary>Three vouchers claimed, two approved, paid.</summary>
    private async Task<(SettledScene Scene, ClaimId Claim, PaymentId Payment)> SceneAsync()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(3))).OrThrow();
        var lines = (await _desk.ReadAsync(claim)).Lines;
        (await _desk.ReviewAsync(claim, lines[1].Id, LineVerdict.Reject, "签到照片与本人不符")).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        (await _desk.ApproveAsync(claim)).OrThrow();
        var payment = (await _desk.PayAsync([claim])).OrThrow();
        (await _desk.PaidAsync(payment)).OrThrow();
        return (scene, claim, payment);
    }

    private async Task<long> EntriesAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from audit_entry");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient portal, string path)
    {
        using var answer = await portal.GetAsync(path);
        return answer.StatusCode;
    }
}
