using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Wire;
using Voucher.Server.Reporting;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Reporting;

public sealed class FunnelTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Steps_count_what_ever_reached_them_and_exits_say_where_the_rest_went()
    {
        await TellAStoryAsync();
        using var county = await server.LogInAsync("reviewer");
        var all = await county.GetFromJsonAsync<Funnel>("/api/funnel");
        Assert.Equal(
            new Funnel(Issued: 6, Claimed: 4, Enrolled: 3, Completed: 1, Submitted: 1, Paid: 1, Expired: 1, Revoked: 1, Replaced: 1, Withdrawn: 1), all);

        using var own = await server.LogInAsync("manager");
        var mine = await own.GetFromJsonAsync<Funnel>("/api/funnel");
        Assert.Equal(new Funnel(null, null, Enrolled: 3, Completed: 1, Submitted: 1, Paid: 1, 0, Revoked: 1, 0, Withdrawn: 1), mine);

        using var foreign = await server.LogInAsync("manager2");
        Assert.Equal(new Funnel(null, null, 0, 0, 0, 0, 0, 0, 0, 0), await foreign.GetFromJsonAsync<Funnel>("/api/funnel"));
        using var asked = await foreign.GetAsync("/api/funnel?batchId=1");
        Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);

        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("data-testid=\"funnel-claimed\">4<", await portal.GetStringAsync("/live"));
        using var desk = await server.OpenPortalAsync("desk");
        var page = await desk.GetStringAsync("/live");
        Assert.Contains("data-testid=\"funnel-enrolled\">3<", page);
        Assert.DoesNotContain("funnel-issued", page);
    }

    /// <summary>
    /// Seven vouchers: expired unused; handed over; enrolled and then revoked; withdrawn; completed and paid; replaced
    /// unused by one that is still unused.
    /// </summary>
    private async Task TellAStoryAsync()
    {
        var scene = new ScanScene(server);
        using var terminal = await scene.PairAsync();
        var training = await scene.OpenClassAsync();
        var vouchers = new List<PaperVoucher> { await scene.IssueAsync(validDays: 1, startsInDays: -5) };
        for (var i = 0; i < 6; i++) vouchers.Add(await scene.IssueAsync());
        foreach (var voucher in vouchers[2..5])
            Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);

        await using var connection = await server.Database.OpenConnectionAsync();
        await MoveAsync(vouchers[1], 2, 2, 1);
        await MoveAsync(vouchers[2], 8, 6, 3);
        await MoveAsync(vouchers[3], 7, 5, 3);
        await MoveAsync(vouchers[4], 6, 4, 3);
        await connection.ExecuteAsync("""
            insert into claim (region, institution_id, status, submitted_by, submitted_by_staff, submitted_at, approved_by, approved_by_staff, approved_at, policy_id)
            select 622926, 1, 4, m.id, m.staff_id, now(), a.id, a.staff_id, now(), (select min(id) from policy_pack)
            from account m, account a where m.login = 'manager' and a.login = 'approver';
            insert into payment (region, status, created_by, created_by_staff, created_at, round_by_staff, total_fen)
            select 622926, 1, id, staff_id, now(), staff_id, 100 from account where login = 'finance';
            insert into claim_approval (claim_id, number, approved_by, approved_by_staff, approved_at, rule, passed, rejected)
            select id, 1, approved_by, approved_by_staff, approved_at, '测试', 1, 1 from claim;
            insert into claim_line (claim_id, voucher_id, budget_line_id, face_value_fen, rate_fen, amount_fen, evidence, state,
                                    verdict, review_reason, reviewed_by_staff, payment_id, approval)
            select c.id, v.id, v.budget_line_id, 100, 100, 100, '{}', s.state, s.verdict, '测试', c.approved_by_staff, p.id, 1
            from claim c, voucher v, payment p, (values (4, 2), (5, 1)) s (state, verdict) where v.id = @paid;
            update voucher set state = 7, replaced_by = @successor where id = @replaced;
            """, new { paid = vouchers[4].Id, replaced = vouchers[5].Id, successor = vouchers[6].Id });

        async Task MoveAsync(PaperVoucher voucher, int kind, int to, int from) => await connection.ExecuteAsync("""
            update voucher set state = @to, events = events + 1 where id = @Id;
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at) select id, events, @kind, @from, @to, now() from voucher where id = @Id;
            """, new { voucher.Id, kind, to, from });
    }

    [Fact]
    public void Shares_are_of_the_step_before_and_of_the_first_even_when_nothing_was_issued()
    {
        var steps = new Funnel(200, 100, 25, 20, 10, 0, 0, 0, 0, 0).Steps();
        Assert.Equal([null, 50m, 25m, 80m, 50m, 0m], steps.Select(step => step.OfBefore));
        Assert.Equal([100m, 50m, 12.5m, 10m, 5m, 0m], steps.Select(step => step.OfFirst));
        Assert.All(new Funnel(0, 0, 0, 0, 0, 0, 0, 0, 0, 0).Steps(), step => Assert.Equal(0m, step.OfFirst));
    }
}
