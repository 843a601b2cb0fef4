using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Tests.Settling;

/// <summary>Allowances that a pack takes out of the institution's subsidy (text 002), and packs that pay none (text 004).</summary>
public sealed class SubsidyAllowanceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task The_county_s_pack_pays_no_allowance_and_the_institution_gets_its_whole_amount()
    {
        Assert.Equal((0, 0), Rates(ShippedPolicies.Dongxiang));
        var scene = await AllowanceScene.BuildAsync(server, 1, rules: _ => Shipped(ShippedPolicies.Dongxiang) with { PublicityWorkingDays = 0, RetentionPercent = 0 });
        var vouchers = await scene.TraineesAsync(1);
        Desk.ExpectRefusal(RefusalCode.NothingToAllow, await scene.DraftAsync());
        await _desk.ApprovedClaimAsync(vouchers);
        Assert.Equal([(1, 120_000L)], await OwedAsync(scene));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task The_prefecture_s_transport_comes_out_of_the_claim_line_and_its_living_allowance_out_of_public_funds()
    {
        Assert.Equal((2_000, 1_000), Rates(ShippedPolicies.Suihua));
        var scene = await AllowanceScene.BuildAsync(server, 2, rules: p => p with
        {
            LivingAllowanceFenPerDay = 2_000, LivingAllowanceSource = AllowanceSource.PublicFunds,
            TransportAllowanceFenPerDay = 1_000, TransportAllowanceSource = AllowanceSource.InstitutionSubsidy,
        });
        var vouchers = await scene.TraineesAsync(1);
        var claim = await _desk.ApprovedClaimAsync(vouchers);
        Assert.Equal([(1, 118_000L), (3, 2_000L)], await OwedAsync(scene));
        await scene.Settled.ExpectAsync(reserved: 0, payable: 1200, paid: 0);

        var list = await scene.ApprovedAsync();
        Assert.Equal(Fen.FromYuan(40), (await scene.ReadAsync(list)).Total);
        var mine = await server.Get<Voucher.Server.Settling.Allowances.AllowanceReading>().OfPersonAsync((await scene.EntriesAsync(list))[0].Person);
        Assert.Equal([(claim, 20L), (null, 40L)], mine.OrderBy(entry => entry.Amount.Amount).Select(entry => (entry.Claim, entry.Amount.Amount.Value / 100)));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_line_that_the_allowance_uses_up_owes_the_institution_nothing_and_says_what_limited_it()
    {
        var scene = await AllowanceScene.BuildAsync(server, 3, rateYuan: 15, rules: p => p with
        {
            LivingAllowanceFenPerDay = 0, TransportAllowanceFenPerDay = 1_000, TransportAllowanceSource = AllowanceSource.InstitutionSubsidy, RetentionPercent = 10,
        });
        await _desk.ApprovedClaimAsync(await scene.TraineesAsync(1));
        Assert.Equal([(3, 1_500L)], await OwedAsync(scene));
        await scene.Settled.ExpectAsync(reserved: 0, payable: 15, paid: 0);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_line_that_goes_wholly_to_its_trainee_is_paid_with_the_trainee_and_owed_again_when_the_bank_returns_it()
    {
        var scene = await AllowanceScene.BuildAsync(server, 4, rateYuan: 15, ownSource: true, rules: p => p with
        {
            LivingAllowanceFenPerDay = 0, TransportAllowanceFenPerDay = 1_000, TransportAllowanceSource = AllowanceSource.InstitutionSubsidy,
        });
        var claim = await _desk.ApprovedClaimAsync(await scene.TraineesAsync(1));
        var payment = (await scene.PayAsync()).OrThrow();
        Assert.Equal(ClaimStatus.Approved, (await _desk.ReadAsync(claim)).Summary.Status);
        (await _desk.PaidAsync(payment)).OrThrow();
        Assert.Equal(ClaimStatus.Paid, (await _desk.ReadAsync(claim)).Summary.Status);
        Assert.Equal(ClaimLineState.Paid, Assert.Single((await _desk.ReadAsync(claim)).Lines).State);
        await _desk.ExpectInvariantsAsync();
        (await server.Get<Voucher.Server.Settling.Payments.BounceRow>().RunAsync(await _desk.WhoAsync("finance"), payment, 1, "15", "退汇1号", null)).OrThrow();
        Assert.Equal(ClaimStatus.Approved, (await _desk.ReadAsync(claim)).Summary.Status);
        await _desk.ExpectInvariantsAsync();
    }

    private static async Task<IReadOnlyList<(int Kind, long Fen)>> OwedAsync(AllowanceScene scene) => await scene.RowsAsync<(int, long)>(
        "select kind::int, amount_fen from payable where budget_line_id = @BudgetLine and claim_line_id is not null order by kind, id", new { scene.Settled.BudgetLine });

    private static PolicyParameters Shipped(string name) => ShippedPolicies.Find(name)!.ToPolicy(new(622926)).Parameters;

    private static (long Living, long Transport) Rates(string name) => (Shipped(name).LivingAllowanceFenPerDay, Shipped(name).TransportAllowanceFenPerDay);
}
