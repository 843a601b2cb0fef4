using Dapper;
using Voucher.Core;
using Voucher.Core.Institutions;
using Voucher.Core.Settling;
using Voucher.Server.Accounts;
using Voucher.Server.Audit;
using Voucher.Server.Classes.Certificates;
using Voucher.Server.Settling.Reviewing;
using Voucher.Server.Supervising;
using Voucher.Server.Tests.Settling;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Audit;

/// <summary>Every entry of the trail says on what ground the act was done.</summary>
public sealed class GroundTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task No_entry_of_a_whole_story_is_without_a_ground()
    {
        // Under the usual pack, and then under one that publishes before it pays.
        var recovering = new RecoveryScene(server);
        var paid = (await recovering.PaidAsync(1)).Paid[0];
        var recovery = await recovering.DecidedAsync($"{paid} 400");
        (await recovering.PayInAsync(recovery, $"缴款书-{recovery}", "100")).OrThrow();
        var published = new PublicationDesk(server);
        await published.PrepareAsync();
        var desk = published.Desk;
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(3);
        (await server.Get<IssueCertificates>().RunAsync(scene.Class, null, await desk.WhoAsync("manager"))).OrThrow();
        var claim = (await desk.ClaimAsync(vouchers.Take(1))).OrThrow();
        var line = (await desk.ReadAsync(claim)).Lines[0].Id;
        (await desk.StepAsync(claim, line, LineStepKind.Returned, "成绩不全", "补录")).OrThrow();
        (await desk.HandInAsync(claim, line)).OrThrow();
        (await desk.ReviewAllAsync(claim)).OrThrow();
        (await desk.ApproveAsync(claim)).OrThrow();
        var (_, publication) = await published.PublishedAsync(vouchers.Skip(1).Take(1));
        var objection = (await published.ObjectAsync(publication, "1")).OrThrow();
        await published.DecideAsync(objection, ObjectionStep.ProposeUpheld);
        (await server.Get<SaveHolidays>().RunAsync(await desk.WhoAsync("clerk"), 2035, "文号 试\n休 2035-10-01 2035-10-07 国庆节")).OrThrow();
        using var portal = await server.OpenPortalAsync("auditor");
        using var export = await portal.ExportAsync("audit");

        await using var connection = await server.Database.OpenConnectionAsync();
        var entries = (await connection.QueryAsync<(string Action, string? Ground)>("select action, ground from audit_entry order by number")).ToList();
        Assert.DoesNotContain(entries, entry => string.IsNullOrWhiteSpace(entry.Ground));
        string[] story =
        [
            "certificate.issue", "claim.submit", "claim.review", "claim.hand-in-again", "claim.phone", "claim.approve", "publication.publish", "objection.take",
            "payment.make", "recovery.propose", "recovery.decide", "recovery.pay-in", "holidays.save", "export.list",
        ];
        Assert.Empty(story.Except(entries.Select(entry => entry.Action)));
        // Where the pack decides, its rule and clause; where nobody gave a reason, the permission.
        foreach (var action in new[] { "claim.approve", "publication.publish", "recovery.decide", "payment.make" })
            Assert.All(entries.Where(entry => entry.Action == action), entry => Assert.Contains("版） ", entry.Ground!, StringComparison.Ordinal));
        Assert.Contains(("export.list", Ground.Under(Permission.ReadAudit)), entries.Select(entry => (entry.Action, entry.Ground!)));
        Assert.Contains(("certificate.issue", "permission:RecordAssessment"), entries.Select(entry => (entry.Action, entry.Ground!)));
        // And it is shown.
        Assert.Contains("permission:RecordAssessment", await portal.GetStringAsync("/audit?what=certificate.issue"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_act_without_a_ground_is_not_written_by_the_program_and_not_taken_by_the_table()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => AuditTrail.AppendAsync(connection, transaction, server.Clock.GetUtcNow(), null, "test.seed", "test:1", "", " "));
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.ExecuteAsync("""
            insert into audit_entry (number, at, action, subject, detail, origin, ground, hash)
            select coalesce(max(number), 0) + 1, now(), 'test.seed', 'test:1', '', 'server', '', sha256('x') from audit_entry
            """));
        Assert.Equal("audit_entry_says_where", refused.ConstraintName);
    }
}
