using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Demo;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Tests.Settling;

/// <summary>What an institution may claim, and all that holds the rest back.</summary>
public sealed class ClaimableTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    private async Task<JudgedVoucher?> FindAsync(SettledScene scene, VoucherId voucher) =>
        (await server.Get<ReadClaimable>().OfAsync(scene.Institution)).Vouchers.SingleOrDefault(one => one.Candidate.Voucher == voucher);

    private async Task<RefusalCode[]> ReasonsAsync(SettledScene scene, VoucherId voucher) =>
        [.. (await FindAsync(scene, voucher))!.Why.Select(why => why.Code)];

    [Fact]
    public async Task All_that_a_voucher_lacks_is_said_at_once()
    {
        var scene = await SettledScene.BuildAsync(server, isChecked: false);
        var voucher = (await scene.EnrolledVouchersAsync(1))[0];
        Assert.Equal(
            [RefusalCode.NotCompleted, RefusalCode.AttendanceShort, RefusalCode.AssessmentMissing, RefusalCode.SpotCheckMissing],
            await ReasonsAsync(scene, voucher));
        using var portal = await server.OpenPortalAsync("manager");
        var page = await portal.GetStringAsync($"/settling/claimable?class={scene.Class}");
        Assert.Contains("2 次课到了 0 次，需要 2 次", page, StringComparison.Ordinal);
        Assert.Contains(voucher.ToString(), page, StringComparison.Ordinal);
        Assert.DoesNotContain(voucher.ToString(), await portal.GetStringAsync($"/settling/claimable?class={scene.Class}&reason=825"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claimed_voucher_says_in_which_claim_and_leaves_the_list_once_it_is_approved()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        Assert.True((await FindAsync(scene, voucher))!.IsReady);
        var claim = (await _desk.ClaimAsync([voucher])).OrThrow();
        var taken = Assert.Single((await FindAsync(scene, voucher))!.Why);
        Assert.Equal(RefusalCode.AlreadyInClaim, taken.Code);
        Assert.Contains(claim.ToString(), taken.Reason.Zh, StringComparison.Ordinal);
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        (await _desk.ApproveAsync(claim)).OrThrow();
        Assert.Null(await FindAsync(scene, voucher));
    }

    [Fact]
    public async Task A_rejected_voucher_is_not_claimed_silently_but_by_itself_and_with_a_note()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = (await _desk.ClaimAsync([vouchers[0]], "manager2")).OrThrow();
        var line = (await _desk.ReadAsync(claim)).Lines[0].Id;
        (await _desk.ReviewAsync(claim, line, LineVerdict.Reject, "签到照片不清")).OrThrow();
        (await _desk.ApproveAsync(claim)).OrThrow();

        var why = Assert.Single((await FindAsync(scene, vouchers[0]))!.Why);
        Assert.Equal(RefusalCode.RejectedBefore, why.Code);
        Assert.Contains("签到照片不清", why.Reason.Zh, StringComparison.Ordinal);
        var all = (await _desk.ClaimAsync(null, "manager2")).OrThrow();
        Assert.Equal(vouchers[1], Assert.Single((await _desk.ReadAsync(all)).Lines).Voucher);
        Desk.ExpectRefusal(RefusalCode.RejectedBefore, await _desk.ClaimAsync([vouchers[0]], "manager2"));
        Desk.ExpectBadField("note", await _desk.ClaimAsync([vouchers[0]], "manager2", new string('变', 201)));

        var again = (await _desk.ClaimAsync([vouchers[0]], "manager2", "已补交清晰照片")).OrThrow();
        var seen = Assert.Single((await _desk.ReadAsync(again)).Lines);
        Assert.Equal(("已补交清晰照片", claim, "签到照片不清"), (seen.Note, seen.Rejected!.Claim, seen.Rejected.Reason));
        Assert.Contains(seen.Evidence.Marks!, mark => mark.Kind == EvidenceMarks.Rejected);
        using var portal = await server.OpenPortalAsync("reviewer");
        var page = await portal.GetStringAsync($"/settling/claims/{again}");
        Assert.Contains("已补交清晰照片", page, StringComparison.Ordinal);
        Assert.Contains("签到照片不清", page, StringComparison.Ordinal);
        Desk.ExpectRefusal(RefusalCode.AlreadyInClaim, await _desk.ClaimAsync([vouchers[0]], "manager2", "再来一次"));
    }

    [Fact]
    public async Task Claiming_all_leaves_a_voucher_that_went_to_another_institution_meanwhile()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        var elsewhere = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select from voucher where id = @voucher for update", new { voucher = vouchers[1] }, transaction);
        var claiming = _desk.ClaimAsync(null, "manager2");
        while (!await server.IsAnyoneWaitingAsync()) Assert.False(claiming.IsCompleted);
        await connection.ExecuteAsync(
            "update enrolment set class_id = @Class where voucher_id = @voucher", new { elsewhere.Class, voucher = vouchers[1] }, transaction);
        await transaction.CommitAsync();
        var claimed = (await _desk.ReadAsync((await claiming).OrThrow())).Lines.Select(line => line.Voucher).ToList();
        Assert.Contains(vouchers[0], claimed);
        Assert.DoesNotContain(vouchers[1], claimed);
    }

    [Fact]
    public async Task What_claim_all_takes_is_what_the_judgement_lets_through_for_any_mixture_of_facts()
    {
        var scenes = new[]
        {
            await SettledScene.BuildAsync(server), await SettledScene.BuildAsync(server, isChecked: false), await SettledScene.BuildAsync(server),
        };
        foreach (var scene in scenes)
        {
            var vouchers = await scene.CompletedVouchersAsync(40);
            await scene.EnrolledVouchersAsync(5);
            (await _desk.ClaimAsync(scene == scenes[1] ? (await scenes[0].CompletedVouchersAsync(2)) : vouchers.Take(3))).OrThrow();
        }
        await ShuffleAsync(scenes);
        var usual = await server.Get<PolicyStore>().InForceOrLastAsync(CountyTime.DayOf(server.Clock.GetUtcNow()));
        var ready = new HashSet<int>();
        foreach (var (certificate, check, full) in
            from certificate in new[] { false, true } from check in new[] { false, true } from full in new[] { 0, 50, 100 } select (certificate, check, full))
        {
            var policy = usual with
            {
                Parameters = usual.Parameters with { CertificateRequired = certificate, SpotCheckRequired = check, FullPayAttendancePercent = full },
            };
            await using var connection = await server.Database.OpenConnectionAsync();
            var taken = await CandidateStore.ReadyAsync(connection, null, scenes[0].Institution, policy, 10_000);
            var judged = (await CandidateStore.UnsettledAsync(connection, scenes[0].Institution))
                .Where(candidate => Claimability.Reasons(candidate.Facts, policy).Count == 0).Select(candidate => candidate.Voucher).Order();
            Assert.Equal(judged, taken.Order());
            ready.Add(taken.Count);
        }
        Assert.True(ready.Count > 3, "The mixture should make a difference to every rule.");
    }

    /// <summary>Takes away at random what a claim rests on, some vouchers several things at once.</summary>
    private async Task ShuffleAsync(SettledScene[] scenes)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            select setseed(0.42);
            create temp table mine as
                select v.id, n.id as enrolment, n.class_id, c.institution_id, v.person_id, floor(random() * 4096)::int as dice
                from voucher v join enrolment n on n.voucher_id = v.id and n.is_active join training_class c on c.id = n.class_id
                where c.id = any(@classes);
            insert into certificate (region, institution_id, enrolment_id, kind, number, issuer, issued_on, recorded_by, recorded_by_staff, recorded_at)
            select @Region, m.institution_id, m.enrolment, 1, 'T' || m.id, '测试', '2026-01-01', a.id, a.staff_id, now()
            from mine m, account a where a.login = 'manager' and m.dice & 1 = 0;
            update certificate set voided_by = recorded_by, voided_by_staff = recorded_by_staff, voided_at = now(), void_reason = 'x'
            where enrolment_id in (select enrolment from mine where dice & 6 = 6);
            update attendance set checked_out_at = null, out_scan_id = null where enrolment_id in (select enrolment from mine where dice & 24 = 24);
            update attendance set checked_out_at = null, out_scan_id = null where enrolment_id in (select enrolment from mine where dice & 40 = 40)
                and session_id = (select min(session_id) from attendance x where x.enrolment_id = attendance.enrolment_id);
            insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
            select @Region, id, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now() from mine where dice & 448 = 448;
            update hold set released_at = now() where voucher_id in (select id from mine where dice & 512 = 512);
            update voucher set in_conflict = true where id in (select id from mine where dice & 1536 = 1536);
            with run as (
                insert into match_run (region, source, file_name, as_of, created_by, created_at)
                select @Region, 4, 'a.csv', '2026-01-31', id, now() from account where login = 'clerk' returning id)
            insert into match_hit (run_id, region, person_id, source) select run.id, @Region, m.person_id, 4 from run, mine m where m.dice & 3072 = 3072;
            """, new { DemoCounty.Region, classes = scenes.Select(scene => scene.Class.Value).ToArray() });
    }

    [Fact]
    public async Task The_api_says_every_reason_and_the_figures_add_up()
    {
        var scene = await SettledScene.BuildAsync(server, isChecked: false);
        var voucher = (await scene.EnrolledVouchersAsync(1))[0];
        using var manager = await server.LogInAsync("manager");
        var listed = await manager.GetFromJsonAsync<JsonElement>($"/api/claimable?class={scene.Class}");
        var one = Assert.Single(listed.EnumerateArray());
        Assert.Equal(voucher.ToString(), one.GetProperty("voucherNumber").GetString());
        Assert.Equal([701, 602, 603, 703], one.GetProperty("reasons").EnumerateArray().Select(why => why.GetProperty("code").GetInt32()));
        Assert.All(one.GetProperty("reasons").EnumerateArray(), why => Assert.NotEmpty(why.GetProperty("rule").GetString()!));
        var figures = await manager.GetFromJsonAsync<JsonElement>("/api/claimable/figures");
        var classes = figures.GetProperty("classes").EnumerateArray().ToList();
        Assert.Equal(figures.GetProperty("ready").GetInt32(), classes.Sum(entry => entry.GetProperty("ready").GetInt32()));
        Assert.Equal(figures.GetProperty("notYet").GetInt32(), classes.Sum(entry => entry.GetProperty("notYet").GetInt32()));
        Assert.Equal(figures.GetProperty("amountFen").GetInt64(), classes.Sum(entry => entry.GetProperty("amountFen").GetInt64()));
    }
}
