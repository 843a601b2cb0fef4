using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;

namespace Voucher.Server.Tests.Settling;

/// <summary>Many hands at once: exactly one effect.</summary>
public sealed class RaceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int Hands = 8;
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task The_same_claim_in_parallel_is_made_once()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(5);
        var outcomes = await InParallelAsync(_ => _desk.ClaimAsync(vouchers));
        ExpectOneDone(outcomes, RefusalCode.AlreadyInClaim);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Claiming_all_in_parallel_claims_each_voucher_once()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        await scene.CompletedVouchersAsync(5);
        ExpectOneDone(await InParallelAsync(_ => _desk.ClaimAsync(null, "manager2")), RefusalCode.NothingToClaim);
    }

    [Fact]
    public async Task When_every_check_is_passed_the_unique_index_still_refuses_the_second_claim()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var first = (await _desk.ClaimAsync([vouchers[1]])).OrThrow();
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // A line that takes no lock and is not committed: the use case cannot see it, only the index can.
        await connection.ExecuteAsync("""
            insert into claim_line (claim_id, voucher_id, budget_line_id, face_value_fen, rate_fen, amount_fen, evidence, state)
            select claim_id, @voucher, budget_line_id, face_value_fen, rate_fen, amount_fen, evidence, state from claim_line where claim_id = @first
            """, new { voucher = vouchers[0], first }, transaction);
        var second = _desk.ClaimAsync([vouchers[0]]);
        while (!await server.IsAnyoneWaitingAsync()) Assert.False(second.IsCompleted);
        await transaction.CommitAsync();
        Desk.ExpectRefusal(RefusalCode.AlreadyInClaim, await second);
    }

    [Fact]
    public async Task Two_reviewers_at_once_decide_each_line_once()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(5))).OrThrow();
        await _desk.HireAsync("reviewer-two", Role.Reviewer);
        var outcomes = await InParallelAsync(hand => _desk.ReviewAllAsync(claim, hand % 2 == 0 ? "reviewer" : "reviewer-two"));
        Assert.Equal(5, outcomes.Sum(outcome => outcome.OrThrow()));
        Assert.Single((await _desk.ReadAsync(claim)).Lines.Select(line => line.ReviewedBy).Distinct());
    }

    [Fact]
    public async Task Two_approvers_at_once_book_it_once()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(5))).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        await _desk.HireAsync("approver-two", Role.Approver);
        ExpectOneDone(await InParallelAsync(hand => _desk.ApproveAsync(claim, hand % 2 == 0 ? "approver" : "approver-two")), RefusalCode.WrongStep);
        await scene.ExpectAsync(reserved: 0, payable: 6000, paid: 0);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Two_payers_at_once_pay_once()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(4);
        var one = await _desk.ApprovedClaimAsync(vouchers.Take(2));
        var two = await _desk.ApprovedClaimAsync(vouchers.Skip(2));
        await _desk.HireAsync("finance-two", Role.Finance);
        // In either order, so that a circle of waiting would show.
        var made = await InParallelAsync(hand => _desk.PayAsync(hand % 2 == 0 ? [one, two] : [two, one], hand % 2 == 0 ? "finance" : "finance-two"));
        ExpectOneDone(made, RefusalCode.WrongStep);
        var payment = made.OfType<Outcome<PaymentId>.Done>().Single().Value;
        await scene.ExpectAsync(reserved: 0, payable: 4800, paid: 0);
        ExpectOneDone(await InParallelAsync(hand => _desk.PaidAsync(payment, hand % 2 == 0 ? "finance" : "finance-two")), RefusalCode.WrongStep);
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 4800);
        await _desk.ExpectInvariantsAsync();
    }

    private static Task<T[]> InParallelAsync<T>(Func<int, Task<T>> act) =>
        Task.WhenAll(Enumerable.Range(0, Hands).Select(hand => Task.Run(() => act(hand))));

    private static void ExpectOneDone<T>(Outcome<T>[] outcomes, RefusalCode others)
    {
        Assert.Single(outcomes.OfType<Outcome<T>.Done>());
        Assert.All(outcomes.Where(outcome => outcome is not Outcome<T>.Done), outcome => Desk.ExpectRefusal(others, outcome));
    }
}
