using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Demo;
using Voucher.Server.Register.Matching;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Tests.Settling;

/// <summary>Whoever stands in a list that stops payment is not claimed, not approved and not paid, until a person dismisses the hit.</summary>
public sealed class MatchedPaymentTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int RealName = 1, School = 3;
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task Between_the_steps_a_hit_stops_the_next_one_and_its_dismissal_lets_it_go_on()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        var hit = await HitAsync(voucher, RealName);
        var refusal = Desk.Refused(await _desk.ClaimAsync([voucher]));
        Assert.Equal(RefusalCode.MatchedElsewhere, refusal.Code);
        // An institution learns that it must wait, not in which list of the county's somebody stands.
        Assert.DoesNotContain("实名制", refusal.Reason.Zh + refusal.NextStep.Zh, StringComparison.Ordinal);
        Assert.DoesNotContain("2026", refusal.Reason.Zh, StringComparison.Ordinal);
        Assert.NotNull(refusal.Rule);
        Desk.ExpectRefusal(RefusalCode.NothingToClaim, await _desk.ClaimAsync(null));
        await DismissAsync(hit);

        var claim = (await _desk.ClaimAsync([voucher])).OrThrow();
        // The dismissed hit stays a mark: the line is passed by itself, with a reason.
        Assert.Equal(0, (await _desk.ReviewAllAsync(claim)).OrThrow());
        (await _desk.ReviewAsync(claim, (await _desk.ReadAsync(claim)).Lines[0].Id, Voucher.Core.Settling.LineVerdict.Pass, "比对已解除")).OrThrow();
        hit = await HitAsync(voucher, RealName);
        Assert.Equal(Voucher.Core.Matching.MatchSource.RealName, Assert.Single(Assert.Single((await _desk.ReadAsync(claim)).Lines).Matches).Source);
        Assert.Empty((await server.Get<ClaimReading>().FindAsync(await _desk.WhoAsync("manager"), claim))!.Lines.SelectMany(line => line.Matches));
        refusal = Desk.Refused(await _desk.ApproveAsync(claim));
        Assert.Equal(RefusalCode.MatchedElsewhere, refusal.Code);
        Assert.Contains("实名制补贴培训记录", refusal.Reason.Zh, StringComparison.Ordinal);
        await DismissAsync(hit);

        (await _desk.ApproveAsync(claim)).OrThrow();
        hit = await HitAsync(voucher, RealName);
        Desk.ExpectRefusal(RefusalCode.MatchedElsewhere, await _desk.PayAsync([claim]));
        await DismissAsync(hit);
        (await _desk.PayAsync([claim])).OrThrow();
    }

    [Fact]
    public async Task A_list_that_stops_only_issuing_stops_no_payment_and_others_go_on()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        await HitAsync(vouchers[0], School);
        var blocked = await scene.CompletedVouchersAsync(1);
        await HitAsync(blocked[0], RealName);
        var claim = (await _desk.ClaimAsync(null)).OrThrow();
        Assert.Equal(vouchers, (await _desk.ReadAsync(claim)).Lines.Select(line => line.Voucher));
    }

    [Fact]
    public async Task A_hit_that_a_later_list_has_replaced_stops_no_payment()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        var hit = await HitAsync(voucher, RealName);
        Desk.ExpectRefusal(RefusalCode.MatchedElsewhere, await _desk.ClaimAsync([voucher]));
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update match_hit set ended_at = now(), ended_by_run = run_id where id = @hit", new { hit });
        var claim = (await _desk.ClaimAsync([voucher])).OrThrow();
        Assert.Empty(Assert.Single((await _desk.ReadAsync(claim)).Lines).Matches);
    }

    private async Task<long> HitAsync(VoucherId voucher, int source)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>("""
            with run as (
                insert into match_run (region, source, file_name, as_of, created_by, created_at)
                select @Region, @source, 'a.csv', '2026-01-31', id, @now from account where login = 'clerk' returning id)
            insert into match_hit (run_id, region, person_id, source) select run.id, @Region, v.person_id, @source from run, voucher v where v.id = @voucher returning id
            """, new { DemoCounty.Region, source, voucher, now = server.Clock.GetUtcNow() });
    }

    private async Task DismissAsync(long hit)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var run = await connection.QuerySingleAsync<long>("select run_id from match_hit where id = @hit", new { hit });
        (await server.Get<DismissHit>().RunAsync(await _desk.WhoAsync("reviewer"), run, hit, "已核实")).OrThrow();
    }
}
