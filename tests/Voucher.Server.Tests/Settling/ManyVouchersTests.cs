using Dapper;
using Voucher.Core.Vouchers;
using Voucher.Server.Demo;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Tests.Settling;

/// <summary>An institution with as many vouchers as a county has in a year.</summary>
public sealed class ManyVouchersTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int Many = 20_000;
    private const int Completed = 4_500;

    [Fact]
    public async Task Twenty_thousand_vouchers_are_shown_in_pages_and_claimed_in_several_claims_at_once()
    {
        var scene = await SettledScene.BuildAsync(server);
        await WriteAsync(scene, [scene.Class.Value, (await SettledScene.BuildAsync(server)).Class.Value, (await SettledScene.BuildAsync(server)).Class.Value]);
        var all = await server.Get<ReadClaimable>().OfAsync(scene.Institution);
        Assert.Equal((Many, Completed, Many - Completed, 3), (all.Vouchers.Count, all.Ready, all.NotYet, all.Claims));
        Assert.Equal(scene.Rate * Completed, all.Amount);
        using var portal = await server.OpenPortalAsync("manager");
        var page = await portal.GetStringAsync("/settling/claimable?p=200");
        Assert.Contains("第 200 页，共 20,000 张", page, StringComparison.Ordinal);
        Assert.Contains("分成 3 张申报单", page, StringComparison.Ordinal);

        var desk = new Desk(server);
        var claims = (await server.Get<SubmitClaim>().AllAsync(await desk.WhoAsync("manager"))).OrThrow();
        Assert.Equal(3, claims.Count);
        await using var connection = await server.Database.OpenConnectionAsync();
        var lines = await connection.QueryAsync<int>(
            "select count(*)::int from claim_line where claim_id = any(@ids) group by claim_id order by claim_id", new { ids = claims.Select(claim => claim.Value).ToArray() });
        Assert.Equal([2000, 2000, 500], lines);
        Assert.Equal(0, (await server.Get<ReadClaimable>().OfAsync(scene.Institution)).Ready);
    }

    /// <summary>Of each only what settlement reads: the books are not asked here.</summary>
    private async Task WriteAsync(SettledScene scene, long[] classes)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var numbers = Enumerable.Range(1, Many).Select(k => new VoucherId(DemoCounty.Region, (uint)(9_000_000 + k)).Value).ToArray();
        await connection.ExecuteAsync("""
            create temp table many as select number as voucher, k from unnest(@numbers) with ordinality as given (number, k);
            insert into person (region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, content_hash, created_at, changed_at)
            select @Region, sha256(('many ' || k)::bytea), '', '622926********0000', 0, '马多' || k, true, '1990-01-01', '', now(), now() from many;
            with batch as (
                insert into batch (region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection,
                                   status, people, drafted_by, drafted_by_staff, drafted_at)
                select @Region, '多', 1, 0, 150000, '2026-01-01', '2026-12-31', @BudgetLine, (select min(id) from policy_pack), '{}', 3, 1, a.id, a.staff_id, now()
                from account a where a.login = 'clerk' returning id)
            insert into voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state,
                                 is_reserved, events, short_code, token)
            select m.voucher, b.id, p.id, 1, 0, 150000, @BudgetLine, '2026-01-01', '2026-12-31', case when m.k <= @Completed then 4 else 3 end,
                   true, 1, 900000000000 + m.k, decode(repeat('00', 83), 'hex')
            from many m join person p on p.region = @Region and p.id_number_hash = sha256(('many ' || m.k)::bytea), batch b;
            update training_class set capacity = 10000 where id = any(@classes);
            insert into enrolment (voucher_id, person_id, class_id, enrolled_at)
            select v.id, v.person_id, (@classes)[1 + m.k % 3], now() from many m join voucher v on v.id = m.voucher order by m.k;
            insert into attendance (enrolment_id, session_id, checked_in_at, checked_out_at, in_scan_id, out_scan_id)
            select n.id, s.id, now(), now(), gen_random_uuid(), gen_random_uuid()
            from many m join enrolment n on n.voucher_id = m.voucher join class_session s on s.class_id = n.class_id;
            insert into assessment (enrolment_id, theory_score, practice_score, has_passed, recorded_by, recorded_at)
            select n.id, 80, 80, true, a.id, now() from many m join enrolment n on n.voucher_id = m.voucher, account a where a.login = 'manager';
            insert into completion (voucher_id, enrolment_id, completed_at, scan_id)
            select m.voucher, n.id, now(), gen_random_uuid() from many m join enrolment n on n.voucher_id = m.voucher where m.k <= @Completed;
            analyze voucher; analyze enrolment; analyze attendance; analyze completion;
            """, new { DemoCounty.Region, numbers, scene.BudgetLine, classes, Completed }, commandTimeout: 300);
    }
}
