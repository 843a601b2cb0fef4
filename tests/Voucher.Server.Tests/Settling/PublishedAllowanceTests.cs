using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Settling.Publishing;

namespace Voucher.Server.Tests.Settling;

/// <summary>Allowances in public, and what an objection does to all that is owed for a voucher.</summary>
public sealed class PublishedAllowanceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private readonly PublicationDesk _desk = new(server);
    private Desk Desk => _desk.Desk;

    public async ValueTask InitializeAsync() => await _desk.PrepareAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed record Shown(long Publication, int Position, string Institution, string Course, string Class, long? ClassId, string VoucherTail, string MaskedName, long AmountFen);

    [Fact]
    public async Task A_monthly_list_is_put_up_with_institution_course_class_and_the_end_of_the_voucher()
    {
        var scene = await AllowanceScene.BuildAsync(server, 1, ownSource: true);
        var voucher = (await scene.TraineesAsync(1))[0];
        await scene.ApprovedAsync();
        Desk.ExpectRefusal(RefusalCode.NotPublished, await scene.PayAsync());
        var waiting = Assert.Single(await server.Get<PublicationReading>().WaitingAsync(), one => one.InstitutionId == scene.Settled.Institution.Value && one.ClaimId is null);
        Assert.NotEqual("", waiting.Institution);
        var lines = await PublishedAsync(scene);
        var living = Assert.Single(lines, line => line.AmountFen == 6_000);
        var institution = Assert.Single(await scene.RowsAsync<string>("select name from institution where id = @Institution", new { scene.Settled.Institution }));
        Assert.Equal((institution, (long?)scene.Settled.Class.Value, PublicationName.TailOf(voucher.ToString()), "马**"), (living.Institution, living.ClassId, living.VoucherTail, living.MaskedName));
        Assert.DoesNotContain("—", living.Course + living.Class, StringComparison.Ordinal);
        // By class, as an objection to a whole class names it.
        Assert.True((await _desk.ObjectAsync(living.Publication, "", classId: scene.Settled.Class.Value)).OrThrow() > 0);
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task An_objection_to_one_line_freezes_all_that_is_owed_for_its_voucher_and_upheld_it_strikes_all()
    {
        var scene = await AllowanceScene.BuildAsync(server, 2, ownSource: true);
        var vouchers = await scene.TraineesAsync(1);
        var list = await scene.ApprovedAsync();
        var lines = await PublishedAsync(scene);
        // Approved, and published, after the objection: frozen by it too.
        var objection = (await _desk.ObjectAsync(lines[0].Publication, $"{lines[0].Position}")).OrThrow();
        var claim = await Desk.ApprovedClaimAsync(vouchers);
        (await _desk.PublishAsync(claim)).OrThrow();
        _desk.WaitOut();
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await Desk.PayAsync([claim]));
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await scene.PayAsync());
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await scene.CancelAsync(list));
        Assert.All(await server.Get<PublicationReading>().LinesAsync(lines[0].Publication, 0, 100), line => Assert.True(
            line.VoucherTail != lines[0].VoucherTail || line.Standing == PublicationStanding.Objected));

        Assert.Equal(ObjectionState.Upheld, await _desk.DecideAsync(objection, ObjectionStep.ProposeUpheld));
        var balances = await scene.Settled.BalancesAsync();
        Assert.Equal((Fen.Zero, Fen.Zero), (balances[LedgerAccountKind.Payable], balances[LedgerAccountKind.Retained]));
        Assert.Equal((AllowanceListState.Cancelled, Fen.Zero), ((await scene.ReadAsync(list)).State, (await scene.ReadAsync(list)).Total));
        Assert.Equal(3, await _desk.AskAsync<short>("select status from claim where id = @claim", new { claim }));
        Assert.Empty((await server.Get<ObjectionReading>().FindAsync(objection))!.Sent);
        // Struck off for good: no later list takes the days up.
        Desk.ExpectRefusal(RefusalCode.NothingToAllow, await scene.DraftAsync());
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_list_of_which_an_objection_struck_somebody_is_cancelled_and_books_the_rest_once()
    {
        var scene = await AllowanceScene.BuildAsync(server, 3, ownSource: true);
        await scene.TraineesAsync(2);
        var list = await scene.ApprovedAsync();
        // More is owed out of the line than the list, so that a reversal too much would not be noticed by the account alone.
        await Desk.ApprovedClaimAsync(await scene.Settled.CompletedVouchersAsync(1));
        var owed = (await scene.Settled.BalancesAsync())[LedgerAccountKind.Payable];
        var lines = await PublishedAsync(scene);
        var one = lines.First(line => line.AmountFen == 6_000);
        await _desk.DecideAsync((await _desk.ObjectAsync(one.Publication, $"{one.Position}")).OrThrow(), ObjectionStep.ProposeUpheld);
        var read = await scene.ReadAsync(list);
        Assert.Equal((AllowanceListState.Approved, Fen.FromYuan(80), Fen.FromYuan(80), 2), (read.State, read.Total, read.OpenFen, read.Cancelled));
        (await scene.CancelAsync(list)).OrThrow();
        Assert.Equal(owed - Fen.FromYuan(160), (await scene.Settled.BalancesAsync())[LedgerAccountKind.Payable]);
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_is_with_the_bank_when_an_objection_is_upheld_is_named_for_a_recovery()
    {
        var scene = await AllowanceScene.BuildAsync(server, 4, ownSource: true);
        var vouchers = await scene.TraineesAsync(1);
        await scene.ApprovedAsync();
        await PublishedAsync(scene);
        _desk.WaitOut();
        (await Desk.ReleaseAsync((await scene.PayAsync()).OrThrow())).OrThrow();
        var claim = await Desk.ApprovedClaimAsync(vouchers);
        var publication = (await _desk.PublishAsync(claim)).OrThrow();
        var objection = (await _desk.ObjectAsync(publication, "1")).OrThrow();
        await _desk.DecideAsync(objection, ObjectionStep.ProposeUpheld);
        var sent = Assert.Single((await server.Get<ObjectionReading>().FindAsync(objection))!.Sent);
        Assert.Equal((vouchers[0], Fen.FromYuan(80)), (sent.Voucher, sent.Amount));
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("data-testid=\"objection-sent\"", await portal.GetStringAsync("/settling/objections"), StringComparison.Ordinal);
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_waits_in_a_payment_when_an_objection_is_upheld_does_not_leave_and_is_not_paid_anew()
    {
        var scene = await AllowanceScene.BuildAsync(server, 6, ownSource: true);
        var vouchers = await scene.TraineesAsync(1);
        await scene.ApprovedAsync();
        await PublishedAsync(scene);
        _desk.WaitOut();
        var payment = (await scene.PayAsync()).OrThrow();
        var claim = await Desk.ApprovedClaimAsync(vouchers);
        var publication = (await _desk.PublishAsync(claim)).OrThrow();
        await _desk.DecideAsync((await _desk.ObjectAsync(publication, "1")).OrThrow(), ObjectionStep.ProposeUpheld);
        Desk.ExpectRefusal(RefusalCode.ObjectionUpheld, await Desk.ReleaseAsync(payment));
        (await Desk.CancelAsync(payment)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.ObjectionUpheld, await scene.PayAsync());
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Of_a_line_whose_subsidy_allowance_is_paid_the_rest_is_struck_and_the_line_rejected()
    {
        var scene = await AllowanceScene.BuildAsync(server, 5, ownSource: true, rules: p => p with
        {
            LivingAllowanceFenPerDay = 0, TransportAllowanceFenPerDay = 1_000, TransportAllowanceSource = AllowanceSource.InstitutionSubsidy,
        });
        var vouchers = await scene.TraineesAsync(1);
        var (claim, publication) = await _desk.PublishedAsync(vouchers);
        _desk.WaitOut();
        (await Desk.PaidAsync((await scene.PayAsync()).OrThrow())).OrThrow();
        var mine = await LinesAsync(publication);
        var objection = (await _desk.ObjectAsync(publication, $"{mine.MaxBy(line => line.AmountFen)!.Position}")).OrThrow();
        await _desk.DecideAsync(objection, ObjectionStep.ProposeUpheld);
        Assert.Equal(4, await _desk.AskAsync<short>("select state from claim_line where claim_id = @claim", new { claim }));
        // What was paid is proposed to be taken back, and so named no more.
        Assert.Equal(Fen.Zero, (await server.Get<ObjectionReading>().FindAsync(objection))!.SentTotal);
        Assert.Equal(2_000, await _desk.AskAsync<long>("select amount_fen from recovery where documents = @document and state = 1", new { document = $"异议第{objection}号" }));
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_is_owed_anew_in_place_of_a_frozen_line_is_frozen_and_struck_with_it()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (claim, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(1));
        var objection = (await _desk.ObjectAsync(publication, "1")).OrThrow();
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("""
                with gone as (update payable set state = 4 where claim_line_id in (select id from claim_line where claim_id = @claim) and state = 1 returning *)
                insert into payable (region, kind, claim_line_id, institution_id, budget_line_id, amount_fen, state, created_at)
                select region, kind, claim_line_id, institution_id, budget_line_id, amount_fen, 1, now() from gone
                """, new { claim });
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await Desk.PayAsync([claim]));
        await _desk.DecideAsync(objection, ObjectionStep.ProposeUpheld);
        Assert.Equal(3, await _desk.AskAsync<short>("select status from claim where id = @claim", new { claim }));
        await Desk.ExpectInvariantsAsync();
    }

    /// <summary>Puts up what waits of the scene's institution, and reads the lines of its class.</summary>
    private async Task<IReadOnlyList<Shown>> PublishedAsync(AllowanceScene scene)
    {
        var publication = (await server.Get<Publish>().RunAsync(
            await Desk.WhoAsync("clerk"), new PublicationForm(scene.Settled.Institution.Value, null, "补助公示", null, null, "0930-7120000", "县人社局一楼"))).OrThrow();
        return [.. (await LinesAsync(publication)).Where(line => line.ClassId == scene.Settled.Class.Value)];
    }

    private async Task<IReadOnlyList<Shown>> LinesAsync(long publication)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Shown>("""
            select publication_id as publication, position, institution, course, class, class_id, voucher_tail, masked_name, amount_fen
            from publication_line where publication_id = @publication order by position
            """, new { publication })];
    }
}
