using System.Globalization;
using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Tests.Settling;

/// <summary>
/// Random histories at the bank: pay, hand over, answer (paid, failed, partly), send again, take out, cancel, money that comes back,
/// take back, pay in, keep from the next payment. The model is the cash: what left the county's account less what came back to it is
/// what the books call paid and receivable. A refusal leaves every account as it was.
/// </summary>
public sealed class CashHistoryTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int Histories = 25;
    private const int StepsOfOne = 24;
    private const int Vouchers = 4;

    private readonly RecoveryScene _recovery = new(server);
    private readonly Dictionary<Act, int> _done = Enum.GetValues<Act>().ToDictionary(act => act, _ => 0);
    private int _documents;

    private Desk Desk => _recovery.Desk;

    private enum Act { Pay, HandOver, Cancel, BankPays, BankFails, BankPaysPart, Repeat, ComesBack, Resend, TakeOut, TakeBack, PayIn }

    /// <summary>A row of a payment as the bank and the desk know it.</summary>
    private sealed record Row(long Payment, int Number, short State, int Attempt, long AmountFen, long PaidFen)
    {
        public PaymentId Id => new(Payment);
        public Fen Open => new(AmountFen - PaidFen);
    }

    /// <summary>What the money did outside the books.</summary>
    private sealed class Cash(SettledScene scene, IReadOnlyList<ClaimId> claims, IReadOnlyList<VoucherId> vouchers)
    {
        public SettledScene Scene { get; } = scene;
        public IReadOnlyList<ClaimId> Claims { get; } = claims;
        public IReadOnlyList<VoucherId> Vouchers { get; } = vouchers;
        public List<string> Answers { get; } = [];
        public List<RecoveryId> Recoveries { get; } = [];
        public Fen WithPayees { get; set; }
    }

    [Fact]
    public async Task Whatever_the_bank_and_the_desk_do_the_books_are_the_cash()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("VOUCHER_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 4711;
        await Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
        for (var history = 0; history < Histories; history++) await RunOneAsync(new Random(unchecked(seed * 1_000_003 + history)), $"seed {seed}, history {history}");
        // A history in which nothing happens proves nothing.
        Assert.All(_done, done => Assert.True(done.Value > 0, $"{done.Key} never happened"));
    }

    private async Task RunOneAsync(Random random, string name)
    {
        var scene = await SettledScene.BuildAsync(server, ownSource: true);
        var vouchers = await scene.CompletedVouchersAsync(Vouchers);
        List<ClaimId> claims = [];
        foreach (var voucher in vouchers) claims.Add(await Desk.ApprovedClaimAsync([voucher]));
        var cash = new Cash(scene, claims, vouchers);
        List<string> steps = [];
        try
        {
            for (var step = 0; step < StepsOfOne; step++)
            {
                var act = Likely[random.Next(Likely.Length)];
                var before = await scene.BalancesAsync();
                var isDone = await DoAsync(random, act, cash);
                steps.Add(isDone ? $"{act}" : $"({act})");
                if (isDone) _done[act]++;
                else Assert.Equal(before, await scene.BalancesAsync());
                await ExpectCashAsync(cash);
            }
            await Desk.ExpectInvariantsAsync();
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{name}: {string.Join(", ", steps)}", fault);
        }
    }

    private static readonly Act[] Likely =
    [
        Act.Pay, Act.Pay, Act.Pay, Act.HandOver, Act.HandOver, Act.HandOver, Act.BankPays, Act.BankPays, Act.BankFails, Act.BankPaysPart, Act.Resend, Act.Resend,
        Act.TakeBack, Act.TakeBack, Act.PayIn, Act.Cancel, Act.Repeat, Act.ComesBack, Act.TakeOut,
    ];

    /// <summary>Paid and still to come back on one side, what payees have of the county's money on the other.</summary>
    private static async Task ExpectCashAsync(Cash cash)
    {
        var books = await cash.Scene.BalancesAsync();
        Assert.Equal(cash.WithPayees, books[LedgerAccountKind.Paid] + books[LedgerAccountKind.Receivable]);
        Assert.Equal(Fen.Zero, new Fen(books.Values.Sum(fen => fen.Value)));
    }

    private async Task<bool> DoAsync(Random random, Act act, Cash cash) => act switch
    {
        Act.Pay => IsDone(await Desk.PayAsync(cash.Claims.Where(_ => random.Next(2) == 0).DefaultIfEmpty(cash.Claims[0]))),
        Act.HandOver => await RowAsync(random, cash, 1) is { } row && IsDone(await Desk.ReleaseAsync(row.Id)),
        Act.Cancel => await RowAsync(random, cash) is { } row && await CancelAsync(row),
        Act.BankPays => await RowAsync(random, cash, 2) is { } row && await AnswerAsync(cash, row, "成功", row.Open),
        Act.BankFails => await RowAsync(random, cash, 2) is { } row && await AnswerAsync(cash, row, "失败", Fen.Zero),
        Act.BankPaysPart => await RowAsync(random, cash, 2) is { Open.Value: > 1 } row && await AnswerAsync(cash, row, "部分成功", new Fen(random.NextInt64(1, row.Open.Value))),
        Act.Repeat => await RepeatAsync(random, cash),
        Act.ComesBack => await RowAsync(random, cash, 3) is { PaidFen: > 0 } row && await ComesBackAsync(cash, row),
        Act.Resend => await RowAsync(random, cash, 4, 5) is { } row
            && IsDone(await server.Get<CorrectRows>().ResendAsync(await Desk.WhoAsync("finance"), row.Id, [row.Number], "银行系统故障")),
        Act.TakeOut => await RowAsync(random, cash, 4, 5) is { } row && await TakeOutAsync(row),
        Act.TakeBack => await TakeBackAsync(random, cash),
        _ => await PayInAsync(random, cash),
    };

    private async Task<bool> AnswerAsync(Cash cash, Row row, string status, Fen paid)
    {
        var said = paid == Fen.Zero ? row.Open : paid;
        var line = $"{PaymentFile.ReferenceOf(row.Id, row.Number)},{row.Attempt},****8888,{Yuan(said)},{status},,S{++_documents}";
        var booked = (await Desk.BookReturnAsync(line, keepDifferences: false)).OrThrow();
        Assert.Equal(1, booked.Booked);
        cash.Answers.Add(line);
        cash.WithPayees += paid;
        return true;
    }

    /// <summary>The bank says once more, in another file, what it has said before: nothing moves.</summary>
    private async Task<bool> RepeatAsync(Random random, Cash cash)
    {
        if (cash.Answers.Count == 0) return false;
        var before = await cash.Scene.BalancesAsync();
        var outcome = await Desk.BookReturnAsync($"{cash.Answers[random.Next(cash.Answers.Count)]}\r\n\r\nPXQ00999999-1,1,,{++_documents}.00,成功,,X", keepDifferences: true);
        Assert.False(outcome is Outcome<BookedReturn>.Done { Value.Booked: > 0 });
        Assert.Equal(before, await cash.Scene.BalancesAsync());
        return true;
    }

    private async Task<bool> ComesBackAsync(Cash cash, Row row)
    {
        var isDone = IsDone(await server.Get<BounceRow>().RunAsync(await Desk.WhoAsync("finance"), row.Id, row.Number, Yuan(new Fen(row.PaidFen)), $"退{++_documents}", null));
        if (isDone) cash.WithPayees -= new Fen(row.PaidFen);
        return isDone;
    }

    private async Task<bool> CancelAsync(Row row)
    {
        var rows = server.Get<CorrectRows>();
        if (!IsDone(await rows.CancelAsync(await Desk.WhoAsync("finance"), row.Id, "来源选错"))) return false;
        return IsDone(await rows.CancelAsync(await Desk.WhoAsync("finance2"), row.Id, null));
    }

    private async Task<bool> TakeOutAsync(Row row)
    {
        var rows = server.Get<CorrectRows>();
        if (!IsDone(await rows.TakeOutAsync(await Desk.WhoAsync("finance"), row.Id, row.Number, "机构已注销账户"))) return false;
        return IsDone(await rows.TakeOutAsync(await Desk.WhoAsync("finance2"), row.Id, row.Number, null));
    }

    private async Task<bool> TakeBackAsync(Random random, Cash cash)
    {
        var voucher = cash.Vouchers[random.Next(cash.Vouchers.Count)];
        var lines = random.Next(2) == 0 ? $"{voucher}" : $"{voucher} {random.Next(1, 1200)}";
        if (await _recovery.ProposeAsync(lines) is not Outcome<RecoveryId>.Done(var id)) return false;
        if (!IsDone(await _recovery.ConfirmAsync(id))) return false;
        cash.Recoveries.Add(id);
        return true;
    }

    /// <summary>All that is still to come back of one that is owed, or any sum of any, which may be too much.</summary>
    private async Task<bool> PayInAsync(Random random, Cash cash)
    {
        var isAll = random.Next(3) > 0;
        foreach (var recovery in cash.Recoveries.OrderBy(_ => random.Next()))
        {
            var open = (await _recovery.ReadAsync(recovery)).Summary.Outstanding;
            if (isAll && open == Fen.Zero) continue;
            var paid = isAll ? open : new Fen(random.Next(1, 120_000));
            if (!IsDone(await _recovery.PayInAsync(recovery, $"缴款{++_documents}", Yuan(paid)))) return false;
            cash.WithPayees -= paid;
            return true;
        }
        return false;
    }

    /// <summary>One of the scene's rows in one of these states; any without.</summary>
    private async Task<Row?> RowAsync(Random random, Cash cash, params int[] states)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<Row>("""
            select r.payment_id as payment, r.number, r.state, r.attempt, r.amount_fen, r.paid_fen
            from payment_row r where r.budget_line_id = @BudgetLine and (cardinality(@states) = 0 or r.state = any(@states)) order by r.id
            """, new { cash.Scene.BudgetLine, states })).AsList();
        return rows.Count == 0 ? null : rows[random.Next(rows.Count)];
    }

    private static bool IsDone<T>(Outcome<T> outcome) => outcome is Outcome<T>.Done;

    private static string Yuan(Fen fen) => (fen.Value / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
