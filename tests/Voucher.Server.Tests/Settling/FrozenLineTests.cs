using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Tests.Settling;

/// <summary>What a claim line rests on and is worth stands as it was claimed.</summary>
public sealed class FrozenLineTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private readonly Desk _desk = new(server);

    public ValueTask InitializeAsync() => new(Packs.SetAsync(server, Packs.Usual));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<int> SqlAsync(string sql, object? given = null)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteAsync(sql, given);
    }

    [Theory]
    [InlineData("voucher_id = voucher_id + 1")]
    [InlineData("claim_id = claim_id - 1")]
    [InlineData("budget_line_id = budget_line_id - 1")]
    [InlineData("amount_fen = amount_fen - 1")]
    [InlineData("rate_fen = rate_fen + 1")]
    [InlineData("face_value_fen = face_value_fen + 1")]
    [InlineData("delivered_hours = delivered_hours - 1")]
    [InlineData("full_pay_percent = 100")]
    [InlineData("note = '改'")]
    [InlineData("evidence = evidence || '{\"hasPassed\":false}'")]
    public async Task Even_the_owner_of_the_database_does_not_change_what_was_frozen(string change)
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => SqlAsync($"update claim_line set {change} where claim_id = @claim", new { claim }));
        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
        await Assert.ThrowsAsync<PostgresException>(() => SqlAsync("delete from claim_line where claim_id = @claim", new { claim }));
    }

    [Fact]
    public async Task A_returned_line_is_frozen_anew_only_when_it_is_handed_in_again()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        await SqlAsync("update claim_line set state = 8 where claim_id = @claim", new { claim });
        await Assert.ThrowsAsync<PostgresException>(() => SqlAsync(
            "update claim_line set evidence = evidence || '{\"theoryScore\":1}' where claim_id = @claim", new { claim }));
        Assert.Equal(1, await SqlAsync(
            "update claim_line set state = 2, evidence = evidence || '{\"theoryScore\":1}', note = '已补' where claim_id = @claim", new { claim }));
        Assert.Equal(1, Assert.Single((await _desk.ReadAsync(claim)).Lines).Evidence.TheoryScore);
    }

    [Fact]
    public async Task A_line_freezes_hours_scans_the_rate_s_rule_and_marks()
    {
        var scene = await SettledScene.BuildAsync(server);
        await scene.SpotCheckAsync(isClean: false);
        var line = Assert.Single((await _desk.ReadAsync((await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow())).Lines);
        var evidence = line.Evidence;
        Assert.Equal((4, 4, 4, 4), (evidence.PlannedTheoryHours, evidence.PlannedPracticeHours, evidence.AttendedTheoryHours, evidence.AttendedPracticeHours));
        Assert.Equal((4, 64), (evidence.AttendanceScans, evidence.AttendanceDigest!.Length));
        Assert.NotEmpty(evidence.RateRule!);
        Assert.NotNull(evidence.RatePolicyId);
        Assert.Contains(evidence.Marks!, mark => mark.Kind == EvidenceMarks.Findings);
        Assert.Contains(evidence.Marks!, mark => mark.Kind == EvidenceMarks.PracticeShare);
    }

    [Fact]
    public async Task Part_of_the_hours_is_paid_in_part_and_a_rate_or_pack_that_changes_afterwards_changes_nothing()
    {
        await Packs.SetAsync(server, Packs.Usual with { FullPayAttendancePercent = 100 });
        var scene = await SettledScene.BuildAsync(server, rateYuan: 1200, faceValueYuan: 1500);
        var vouchers = await scene.CompletedVouchersAsync(2);
        // The first came to one of two sessions of four hours each.
        await SqlAsync("""
            update attendance a set checked_out_at = null, out_scan_id = null from enrolment n
            where n.id = a.enrolment_id and n.voucher_id = @voucher and a.session_id = (select min(id) from class_session where class_id = n.class_id)
            """, new { voucher = vouchers[0] });
        var claim = (await _desk.ClaimAsync(vouchers)).OrThrow();
        var lines = (await _desk.ReadAsync(claim)).Lines;
        Assert.Equal([Fen.FromYuan(600), Fen.FromYuan(1200)], lines.Select(line => line.Amount.Value));
        Assert.Equal("标准 1,200.00 元 × 出勤 4/8 课时 = 600.00 元；面值 1,500.00 元，取小者", lines[0].Amount.Arithmetic.Zh);
        // Attendance at the limit is a mark: such a line is passed by itself and with a reason.
        foreach (var line in lines) (await _desk.ReviewAsync(claim, line.Id, LineVerdict.Pass, "已核对考勤")).OrThrow();

        await Packs.SetAsync(server, Packs.Usual);
        await SqlAsync("update training_class set rate_fen = 90000 where id = @Class", new { scene.Class });
        (await _desk.ApproveAsync(claim)).OrThrow();
        await scene.ExpectAsync(reserved: 0, payable: 1800, paid: 0);
        await SqlAsync("update training_class set rate_fen = 120000 where id = @Class", new { scene.Class });
        var payment = (await _desk.PayAsync([claim])).OrThrow();
        (await _desk.PaidAsync(payment)).OrThrow();
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 1800);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Without_a_single_hour_nothing_is_due_and_nothing_is_claimed()
    {
        await Packs.SetAsync(server, Packs.Usual with { FullPayAttendancePercent = 50 });
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        await SqlAsync("""
            update attendance a set checked_out_at = null, out_scan_id = null from enrolment n where n.id = a.enrolment_id and n.voucher_id = @voucher
            """, new { voucher });
        Desk.ExpectRefusal(RefusalCode.NothingDelivered, await _desk.ClaimAsync([voucher]));
    }

    [Fact]
    public async Task A_line_that_was_changed_behind_the_systems_back_is_not_approved()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        const string change = "set session_replication_role = replica; update claim_line set amount_fen = amount_fen + @by where claim_id = @claim; reset session_replication_role;";
        await SqlAsync(change, new { claim, by = -100 });
        await Assert.ThrowsAsync<InvalidOperationException>(() => _desk.ApproveAsync(claim));
        await scene.ExpectAsync(reserved: 1500, payable: 0, paid: 0);
        await SqlAsync(change, new { claim, by = 100 });
        (await _desk.ApproveAsync(claim)).OrThrow();
    }

    [Theory]
    [InlineData(150_000, 120_000, 36, 40, 100)]
    [InlineData(150_000, 120_000, 36, 40, 90)]
    [InlineData(100_000, 100_001, 1, 3, 100)]
    [InlineData(99, 10_000_000, 399, 400, 100)]
    [InlineData(10_000_000, 9_999_999, 0, 7, 1)]
    [InlineData(10_000_000, 9_999_999, 0, 0, 100)]
    public async Task The_database_and_the_program_do_the_same_sum(long face, long rate, int delivered, int planned, short full)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(
            new ClaimAmount(new Fen(face), new Fen(rate), new Delivery(delivered, planned, full)).Value.Value,
            await connection.QuerySingleAsync<long>("select claim_amount_fen(@face, @rate, @delivered, @planned, @full)", new { face, rate, delivered, planned, full }));
    }
}
