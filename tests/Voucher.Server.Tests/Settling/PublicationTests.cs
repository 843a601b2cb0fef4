using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Server.Accounts;
using Voucher.Core.Vouchers;
using Voucher.Server.Settling.Publishing;
using Voucher.Server.Settling.Retaining;
using Voucher.Server.Settling.Reviewing;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Settling;

/// <summary>What is to be paid is published first; whoever objects freezes it; two persons decide.</summary>
public sealed class PublicationTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private readonly PublicationDesk _desk = new(server);
    private Desk Desk => _desk.Desk;

    public async ValueTask InitializeAsync() => await _desk.PrepareAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Nothing_is_paid_before_it_was_published_and_the_period_is_over()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await Desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(2));
        Desk.ExpectRefusal(RefusalCode.NotPublished, await Desk.PayAsync([claim]));
        (await _desk.PublishAsync(claim)).OrThrow();
        Desk.ExpectBadField("claimId", await _desk.PublishAsync(claim));
        Desk.ExpectRefusal(RefusalCode.PublicationNotOver, await Desk.PayAsync([claim]));
        server.Clock.MoveTo(_desk.LastDay, new TimeOnly(23, 0));
        Desk.ExpectRefusal(RefusalCode.PublicationNotOver, await Desk.PayAsync([claim]));
        server.Clock.Advance(TimeSpan.FromHours(2));
        (await Desk.PaidAsync((await Desk.PayAsync([claim])).OrThrow())).OrThrow();
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task The_form_is_checked_and_the_pack_sets_the_shortest_period()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await Desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        Desk.ExpectBadField("workingDays", await _desk.PublishAsync(claim, workingDays: 4));
        Desk.ExpectBadField("workingDays", await _desk.PublishAsync(claim, workingDays: 31));
        Desk.ExpectBadField("from", await _desk.PublishAsync(claim, from: _desk.Today.AddDays(-1)));
        Desk.ExpectBadField("from", await _desk.PublishAsync(claim, from: _desk.Today.AddDays(PublicationForm.LongestAhead + 1)));
        Desk.ExpectBadField("heading", await _desk.PublishAsync(claim, heading: new string('长', PublicationForm.LongestHeading + 1)));
        Desk.ExpectBadField("phone", await _desk.PublishAsync(claim, phone: ""));
        Assert.True((await _desk.PublishAsync(claim, workingDays: 6, from: _desk.Today.AddDays(PublicationForm.LongestAhead))).OrThrow() > 0);
    }

    [Fact]
    public async Task The_period_and_the_term_of_an_objection_count_no_holidays()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await Desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        var without = _desk.LastDay;
        await TakeOffAsync(without);
        var calendar = await server.Get<HolidayStore>().CalendarAsync();
        var publication = (await _desk.PublishAsync(claim)).OrThrow();
        var objection = (await _desk.ObjectAsync(publication, "1")).OrThrow();
        var until = calendar.Add(_desk.Today, PublicationDesk.WorkingDays);
        Assert.True(until > without);
        Assert.Equal(until, (await server.Get<PublicationReading>().FindAsync(publication))!.UntilDay);
        Assert.Equal(calendar.Add(_desk.Today, TakeObjection.DecisionWorkingDays), (await server.Get<ObjectionReading>().FindAsync(objection))!.DueOn);
    }

    /// <summary>The county enters the day as a holiday.</summary>
    private async Task TakeOffAsync(DateOnly day)
    {
        var store = server.Get<HolidayStore>();
        var known = (await store.ListAsync()).FirstOrDefault(counted => counted.Year.Year == day.Year)?.Year
            ?? new HolidayYear(day.Year, "测试通知", new Dictionary<DateOnly, string>(), new HashSet<DateOnly>());
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await HolidayStore.SaveAsync(connection, transaction, known with
        {
            Off = known.Off.Append(new(day, "测试假日")).ToDictionary(),
            MadeUp = known.MadeUp.Where(made => made != day).ToHashSet(),
        }, await Desk.WhoAsync("clerk"), server.Clock.GetUtcNow());
        await transaction.CommitAsync();
    }

    [Fact]
    public async Task What_is_held_is_not_put_up_and_the_rest_of_its_claim_is()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = await Desk.ApprovedClaimAsync(vouchers);
        await HoldAsync(vouchers);
        Desk.ExpectRefusal(RefusalCode.VoucherHeld, await _desk.PublishAsync(claim));
        await FreeAsync(vouchers[0]);
        var first = (await _desk.PublishAsync(claim)).OrThrow();
        var shown = Assert.Single(await server.Get<PublicationReading>().LinesAsync(first, 0, 10));
        Assert.Equal(PublicationName.TailOf(vouchers[0].ToString()), shown.VoucherTail);
        await FreeAsync(vouchers[1]);
        Assert.Single(await server.Get<PublicationReading>().LinesAsync((await _desk.PublishAsync(claim)).OrThrow(), 0, 10));
        await Desk.ExpectInvariantsAsync();
    }

    private async Task HoldAsync(IEnumerable<VoucherId> vouchers)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
            select c.region, v.id, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now() from county c, voucher v where v.id = any(@ids)
            """, new { ids = vouchers.Select(voucher => voucher.Value).ToArray() });
    }

    private async Task FreeAsync(VoucherId id)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update hold set released_at = now() where voucher_id = @id", new { id });
    }

    [Fact]
    public async Task What_was_forfeited_of_the_money_kept_back_is_not_put_up_any_more()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await Desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        var line = await _desk.AskAsync<long>("select id from claim_line where claim_id = @claim", new { claim });
        var forfeit = (await server.Get<DraftRetained>().ForfeitAsync(await Desk.WhoAsync("clerk"), [line], "抽查查实未授课")).OrThrow();
        (await server.Get<DecideRetained>().RunAsync(await Desk.WhoAsync(PublicationDesk.Decider), forfeit, true, null)).OrThrow();
        Assert.Equal(Fen.FromYuan(1080), Assert.Single(await server.Get<PublicationReading>().WaitingAsync(), one => one.ClaimId == claim.Value).AmountFen);
        var shown = Assert.Single(await server.Get<PublicationReading>().LinesAsync((await _desk.PublishAsync(claim)).OrThrow(), 0, 10));
        Assert.Equal((Fen.FromYuan(1080), Fen.Zero), (shown.AmountFen, shown.RetainedFen));
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_dismissed_objection_frees_its_lines_and_the_rest_of_the_list_was_never_held_up()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var (claim, publication) = await _desk.PublishedAsync(vouchers);
        var objection = (await _desk.ObjectAsync(publication, "2", "马某 13800000001")).OrThrow();
        Assert.Equal([1, 2], await StandingsAsync(publication));
        _desk.WaitOut();
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await Desk.PayAsync([claim]));
        Assert.Equal(ObjectionState.Dismissed, await _desk.DecideAsync(objection, ObjectionStep.ProposeDismissed));
        Assert.Equal([1, 3], await StandingsAsync(publication));
        (await Desk.PaidAsync((await Desk.PayAsync([claim])).OrThrow())).OrThrow();
        Desk.ExpectRefusal(RefusalCode.ObjectionTooLate, await _desk.ObjectAsync(publication, "1"));
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task An_upheld_objection_undoes_the_approval_and_the_voucher_is_not_claimed_again()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var (claim, publication) = await _desk.PublishedAsync(vouchers);
        var objection = (await _desk.ObjectAsync(publication, "1")).OrThrow();
        var before = await scene.BalancesAsync();
        Assert.Equal(ObjectionState.Upheld, await _desk.DecideAsync(objection, ObjectionStep.ProposeUpheld));
        var after = await scene.BalancesAsync();
        Assert.Equal(before[LedgerAccountKind.Payable] - Fen.FromYuan(1080), after[LedgerAccountKind.Payable]);
        Assert.Equal(before[LedgerAccountKind.Retained] - Fen.FromYuan(120), after[LedgerAccountKind.Retained]);
        Assert.Equal(before[LedgerAccountKind.Unreserved] + Fen.FromYuan(1200), after[LedgerAccountKind.Unreserved]);
        await Desk.ExpectInvariantsAsync();
        var struck = await _desk.AskAsync<long>("select l.voucher_id from claim_line l where l.objection_id = @objection", new { objection });
        var voucher = vouchers.Single(one => (long)one.Value == struck);
        Desk.ExpectRefusal(RefusalCode.ObjectionUpheld, await Desk.ClaimAsync([voucher]));
        Assert.Equal(2, await _desk.AskAsync<int>(
            "select count(*)::int from ledger_voucher_move m join ledger_transaction t on t.id = m.transaction_id and t.cause = 'objection:' || @objection where m.voucher_id = @struck",
            new { objection, struck }));
        Desk.ExpectRefusal(RefusalCode.PublicationWrongStep, await _desk.ObjectAsync(publication, "1"));
        _desk.WaitOut();
        (await Desk.PaidAsync((await Desk.PayAsync([claim])).OrThrow())).OrThrow();
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_claim_of_which_everything_was_struck_is_closed()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (claim, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(2));
        var objection = (await _desk.ObjectAsync(publication, "", classId: scene.Class.Value)).OrThrow();
        var other = (await _desk.ObjectAsync(publication, "2")).OrThrow();
        await _desk.DecideAsync(objection, ObjectionStep.ProposeUpheld);
        Assert.Equal(3, await _desk.AskAsync<short>("select status from claim where id = @claim", new { claim }));
        // What else was said against a struck line is still decided; there is nothing left for it to do.
        Assert.Equal(ObjectionState.Upheld, await _desk.DecideAsync(other, ObjectionStep.ProposeUpheld));
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Two_persons_decide_and_nobody_who_reviewed_or_approved()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (_, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(1));
        var objection = (await _desk.ObjectAsync(publication, "1")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.StepAsync(objection, ObjectionStep.ProposeDismissed, "reviewer"));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.StepAsync(objection, ObjectionStep.ProposeDismissed, "approver"));
        Desk.ExpectRefusal(RefusalCode.ObjectionWrongStep, await _desk.StepAsync(objection, ObjectionStep.Confirm, PublicationDesk.Decider));
        (await _desk.StepAsync(objection, ObjectionStep.ProposeDismissed, PublicationDesk.Proposer)).OrThrow();
        await Desk.HireAsync("objection-proposer-again", Role.Approver, sameAs: PublicationDesk.Proposer);
        await Desk.HireAsync("reviewer-decides", Role.Approver, sameAs: "reviewer");
        foreach (var login in new[] { PublicationDesk.Proposer, "objection-proposer-again", "reviewer-decides" }) // By person, whatever the log-in.
            Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.StepAsync(objection, ObjectionStep.Confirm, login));
        Assert.Equal(ObjectionState.Open, (await _desk.StepAsync(objection, ObjectionStep.SendBack, PublicationDesk.Decider)).OrThrow());
        await _desk.DecideAsync(objection, ObjectionStep.ProposeDismissed);
        Desk.ExpectRefusal(RefusalCode.ObjectionWrongStep, await _desk.StepAsync(objection, ObjectionStep.ProposeUpheld, PublicationDesk.Proposer));
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Who_drew_up_or_approved_a_list_of_allowances_decides_no_objection_to_it()
    {
        await Desk.HireAsync("list-drafter", Role.Clerk);
        await Desk.HireAsync("list-drafter-reviews", Role.Reviewer, sameAs: "list-drafter");
        await Desk.HireAsync("list-approver", Role.Approver);
        var scene = await AllowanceScene.BuildAsync(server, 18);
        await scene.TraineesAsync(1);
        var list = (await scene.DraftAsync("list-drafter")).OrThrow();
        (await scene.ApproveAsync(list, "list-approver")).OrThrow();
        var publication = (await _desk.PublishAsync()).OrThrow();
        var position = await _desk.AskAsync<int>("""
            select min(p.position) from publication_line p join payable y on y.id = p.payable_id join allowance a on a.id = y.allowance_id
            where p.publication_id = @publication and a.list_id = @list
            """, new { publication, list = list.Value });
        var objection = (await _desk.ObjectAsync(publication, $"{position}")).OrThrow();
        string[] barred = ["list-drafter-reviews", "list-approver"];
        foreach (var login in barred) Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.StepAsync(objection, ObjectionStep.ProposeDismissed, login));
        (await _desk.StepAsync(objection, ObjectionStep.ProposeDismissed, PublicationDesk.Proposer)).OrThrow();
        foreach (var login in barred) Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.StepAsync(objection, ObjectionStep.Confirm, login));
        Assert.Equal(ObjectionState.Dismissed, (await _desk.StepAsync(objection, ObjectionStep.Confirm, PublicationDesk.Decider)).OrThrow());
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_list_is_put_up_once_and_an_objection_decided_once_however_many_try()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await Desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(3));
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _desk.PublishAsync(claim))));
        var publication = Assert.Single(made.OfType<Outcome<long>.Done>()).Value;
        var objections = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _desk.ObjectAsync(publication, "1-2"))));
        Assert.All(objections, objection => objection.OrThrow());
        Assert.Equal(6, await _desk.AskAsync<int>("select max(open_objections) from payable_publication where publication_id = @publication", new { publication }));
        var one = objections[0].OrThrow();
        (await _desk.StepAsync(one, ObjectionStep.ProposeUpheld, PublicationDesk.Proposer)).OrThrow();
        var decided = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _desk.StepAsync(one, ObjectionStep.Confirm, PublicationDesk.Decider))));
        Assert.Single(decided.OfType<Outcome<ObjectionState>.Done>());
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Of_a_payment_and_an_objection_at_once_one_comes_first_and_the_other_is_told()
    {
        var scene = await SettledScene.BuildAsync(server);
        for (var round = 0; round < 4; round++)
        {
            var (claim, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(1));
            _desk.WaitOut();
            var pay = Task.Run(() => Desk.PayAsync([claim]));
            var objected = await Task.Run(() => _desk.ObjectAsync(publication, "1"));
            if (await pay is Outcome<PaymentId>.Done) Desk.ExpectRefusal(RefusalCode.ObjectionTooLate, objected);
            else
            {
                Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await pay);
                objected.OrThrow();
            }
        }
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Who_objected_is_sealed_and_shown_only_for_a_reason_on_the_trail()
    {
        const string who = "马举报 13912345678";
        var scene = await SettledScene.BuildAsync(server);
        var (_, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(1));
        var objection = (await _desk.ObjectAsync(publication, "1", who)).OrThrow();
        Assert.False(await _desk.AskAsync<bool>("select position(convert_to(@who, 'UTF8') in objector_sealed) > 0 from objection where id = @objection", new { who, objection }));
        var reveal = server.Get<RevealObjector>();
        Desk.ExpectRefusal(RefusalCode.ReasonMissing, await reveal.RunAsync(await Desk.WhoAsync(PublicationDesk.Proposer), objection, " "));
        Desk.ExpectRefusal(RefusalCode.NotAllowed, await reveal.RunAsync(await Desk.WhoAsync("finance"), objection, "核实"));
        Assert.Equal(who, (await reveal.RunAsync(await Desk.WhoAsync(PublicationDesk.Proposer), objection, "回访核实")).OrThrow());
        Assert.Equal(1, await _desk.AskAsync<int>("select count(*)::int from audit_entry where action = 'objection.unmask' and subject = 'objection:' || @objection", new { objection }));
    }

    [Fact]
    public async Task The_pages_the_api_and_the_exports_show_what_waits_and_what_was_published()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (_, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(2));
        await _desk.ObjectAsync(publication, "1");
        await Desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("data-testid=\"waiting-claim\"", await portal.GetStringAsync("/settling/publications"), StringComparison.Ordinal);
        var page = await portal.GetStringAsync($"/settling/publications/{publication}");
        Assert.Equal(2, page.Split("data-testid=\"publication-line\"").Length - 1);
        Assert.Contains("data-testid=\"objection\"", await portal.GetStringAsync("/settling/objections"), StringComparison.Ordinal);
        foreach (var (key, field) in new[] { ("publications", ""), ("publication-lines", "publication"), ("objections", "") })
        {
            using var answer = await portal.ExportAsync(key, field.Length > 0 ? [(field, $"{publication}")] : []);
            Assert.NotEmpty((await ExportClient.OpenAsync(answer)).Rows);
        }
        using var client = await server.LogInAsync("clerk");
        using var none = await client.PostAsJsonAsync("/api/publications", new { claimId = 999999, heading = "x", phone = "1", place = "x" });
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.Contains($"\"id\":{publication}", await client.GetStringAsync("/api/publications"), StringComparison.Ordinal);
        using var manager = await server.LogInAsync("manager");
        using var refused = await manager.GetAsync("/api/publications");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private async Task<IReadOnlyList<int>> StandingsAsync(long publication)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<int>("""
            select s.standing::int from payable_publication s join publication_line l on l.payable_id = s.payable_id where s.publication_id = @publication order by l.position
            """, new { publication })];
    }
}
