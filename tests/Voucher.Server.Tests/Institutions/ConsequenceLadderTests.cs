using Npgsql;
using Voucher.Core;
using Voucher.Core.Institutions;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Classes;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Policies;
using Voucher.Server.Tests.Classes;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Institutions;

/// <summary>The ladder of consequences: each step by two persons, what it blocks, and how that is lifted.</summary>
public sealed class ConsequenceLadderTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);
    private readonly ClassRoom _room = new(server);

    private ImposeConsequence Impose => server.Get<ImposeConsequence>();

    private DateOnly Today => CountyTime.DayOf(server.Clock.GetUtcNow());

    [Fact]
    public async Task A_rectification_blocks_new_classes_and_when_overdue_claims_until_two_persons_accept_it()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var waiting = await _room.OpenAsync();
        var id = await ProposeAsync(scene.Institution, ConsequenceRung.Rectification, Today.AddDays(1));
        Assert.Null(await BlocksAsync(scene.Institution, Blocked.Classes)); // A proposal blocks nothing.
        Desk.ExpectRefusal(RefusalCode.ConsequenceOpen, await TryProposeAsync(scene.Institution, ConsequenceRung.Rectification, Today.AddDays(9)));
        await _desk.HireAsync("clerk-as-approver", Role.Approver, sameAs: "clerk");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("clerk-as-approver")));
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();

        Desk.ExpectRefusal(RefusalCode.ConsequenceBlocks, await server.Get<DecideClass>().ApproveAsync(waiting, await _desk.WhoAsync("approver")));
        using (var manager = await server.LogInAsync("manager"))
        using (var opened = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(manager, "/api/classes", _room.Form()))
            Assert.Equal(RefusalCode.ConsequenceBlocks, await Problem.RefusalAsync(opened));
        (await _desk.ClaimAsync([vouchers[0]])).OrThrow(); // It may still claim.

        Assert.Equal(RefusalCode.ConsequenceBlocks, (await BlocksAsync(scene.Institution, Blocked.Claims, Today.AddDays(2)))?.Code); // Overdue: no longer.
        Assert.Null(await BlocksAsync(scene.Institution, Blocked.Payments, Today.AddDays(2)));
        (await Impose.ProposeExtendAsync(id, "设备未到货", Today.AddDays(20), await _desk.WhoAsync("clerk"))).OrThrow();
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
        Assert.Null(await BlocksAsync(scene.Institution, Blocked.Claims, Today.AddDays(2)));

        Desk.ExpectRefusal(RefusalCode.NotFound, await Impose.AnswerAsync(id, "已整改", await _desk.WhoAsync("manager2")));
        (await Impose.AnswerAsync(id, "已重签考勤制度，附照片三张", await _desk.WhoAsync("manager"))).OrThrow();
        (await Impose.ProposeLiftAsync(id, "现场验收合格", await _desk.WhoAsync("clerk"))).OrThrow();
        Assert.NotNull(await BlocksAsync(scene.Institution, Blocked.Classes));
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
        Assert.Null(await BlocksAsync(scene.Institution, Blocked.Classes));
        (await server.Get<DecideClass>().ApproveAsync(waiting, await _desk.WhoAsync("approver"))).OrThrow();
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task An_overdue_rectification_stops_the_claim_itself_and_stands_on_the_work_list()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        var vouchers = await scene.CompletedVouchersAsync(1);
        var id = await ProposeAsync(scene.Institution, ConsequenceRung.Rectification, Today.AddDays(1));
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
        await using (var connection = await server.Database.OpenConnectionAsync())
            await Dapper.SqlMapper.ExecuteAsync(connection, "update consequence set due_on = @yesterday where id = @id", new { yesterday = Today.AddDays(-1), id });
        Desk.ExpectRefusal(RefusalCode.ConsequenceBlocks, await _desk.ClaimAsync(vouchers, "manager2"));
        using var clerk = await server.OpenPortalAsync("clerk");
        Assert.Contains("逾期未整改的机构", await clerk.GetStringAsync("/"), StringComparison.Ordinal);
        var ladder = await clerk.GetStringAsync($"/institutions/{scene.Institution}/consequences");
        Assert.Contains("data-highest=\"OverdueRectification\"", ladder, StringComparison.Ordinal);
        using var manager = await server.OpenPortalAsync("manager2");
        var notice = await manager.GetStringAsync($"/consequences/{id}/notice");
        Assert.Contains($"整〔{Today.Year}〕", notice, StringComparison.Ordinal);
        Assert.Contains("补齐考勤", notice, StringComparison.Ordinal);
        (await Impose.ProposeLiftAsync(id, "验收", await _desk.WhoAsync("clerk"))).OrThrow();
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
        (await _desk.ClaimAsync(vouchers, "manager2")).OrThrow();
    }

    [Fact]
    public async Task A_licence_proposal_blocks_all_and_keeps_the_authoritys_answer()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        Desk.ExpectBadField("demand", await TryProposeAsync(scene.Institution, ConsequenceRung.LicenceProposal, null, demand: ""));
        var id = await ProposeAsync(scene.Institution, ConsequenceRung.LicenceProposal, null);
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
        foreach (var what in new[] { Blocked.Classes, Blocked.Claims, Blocked.Payments }) Assert.NotNull(await BlocksAsync(scene.Institution, what));
        (await Impose.ConcludeAsync(id, "教育局〔2026〕8号：责令停办", await _desk.WhoAsync("clerk"))).OrThrow();
        Assert.NotNull(await BlocksAsync(scene.Institution, Blocked.Payments));
        (await Impose.ProposeLiftAsync(id, "许可证未吊销", await _desk.WhoAsync("clerk"))).OrThrow();
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
        Assert.Null(await BlocksAsync(scene.Institution, Blocked.Payments));
    }

    [Fact]
    public async Task A_warning_blocks_nothing_unless_the_pack_says_so_and_its_history_stays()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        var id = await ProposeAsync(scene.Institution, ConsequenceRung.Warning, null);
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
        Assert.Null(await BlocksAsync(scene.Institution, Blocked.Classes));
        var strict = await PolicyAsync();
        strict = strict with { Parameters = strict.Parameters with { Consequences = [new(ConsequenceRung.Warning, Blocked.Classes)] } };
        Assert.NotNull(await BlocksAsync(scene.Institution, Blocked.Classes, policy: strict));
        await using var connection = await server.Database.OpenConnectionAsync();
        await Assert.ThrowsAsync<PostgresException>(() => Dapper.SqlMapper.ExecuteAsync(connection, "delete from consequence_step"));
        (await Impose.ProposeLiftAsync(id, "一年无新问题", await _desk.WhoAsync("clerk"))).OrThrow();
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
    }

    [Fact]
    public async Task A_suspension_stops_new_classes_and_not_the_settlement_of_what_was_taught_in_any_shipped_pack()
    {
        foreach (var pack in new[] { ShippedPolicies.Dongxiang, ShippedPolicies.Suihua }.Select(name => ShippedPolicies.Find(name)!.ToPolicy(new(622926))))
        {
            Assert.Equal(Blocked.Classes, pack.Parameters.BlocksOf(ConsequenceRung.Suspension));
            Assert.Equal(Blocked.Classes | Blocked.Claims | Blocked.Payments, pack.Parameters.BlocksOf(ConsequenceRung.LicenceProposal));
        }
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        var vouchers = await scene.CompletedVouchersAsync(1);
        await using var connection = await server.Database.OpenConnectionAsync();
        await Dapper.SqlMapper.ExecuteAsync(connection, "update institution set is_suspended = true where id = @Institution", new { scene.Institution });
        Assert.Equal(RefusalCode.ConsequenceBlocks, (await BlocksAsync(scene.Institution, Blocked.Classes))?.Code);
        Assert.Null(await BlocksAsync(scene.Institution, Blocked.Claims));
        (await _desk.ClaimAsync(vouchers, "manager2")).OrThrow();
        await Dapper.SqlMapper.ExecuteAsync(connection, "update institution set is_suspended = false where id = @Institution", new { scene.Institution });
    }

    [Fact]
    public async Task A_day_that_has_come_before_the_second_person_agrees_is_not_imposed()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        var id = await ProposeAsync(scene.Institution, ConsequenceRung.Rectification, Today.AddDays(3));
        server.Clock.Advance(TimeSpan.FromDays(3));
        Desk.ExpectRefusal(RefusalCode.TermIsOver, await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver")));
        (await Impose.RejectAsync(id, "期限已过", await _desk.WhoAsync("approver"))).OrThrow();
        var next = await ProposeAsync(scene.Institution, ConsequenceRung.Rectification, Today.AddDays(3));
        (await Impose.ConfirmAsync(next, null, await _desk.WhoAsync("approver"))).OrThrow();
        (await Impose.ProposeExtendAsync(next, "设备未到货", Today.AddDays(5), await _desk.WhoAsync("clerk"))).OrThrow();
        server.Clock.Advance(TimeSpan.FromDays(5));
        Desk.ExpectRefusal(RefusalCode.TermIsOver, await Impose.ConfirmAsync(next, null, await _desk.WhoAsync("approver")));
        (await Impose.RejectAsync(next, "期限已过", await _desk.WhoAsync("approver"))).OrThrow();
        await LiftAsync(next);
    }

    [Fact]
    public async Task What_was_served_never_changes_and_each_rung_has_its_numbered_paper()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        var due = Today.AddDays(3);
        using var clerk = await server.OpenPortalAsync("clerk");
        List<ConsequenceId> imposed = [];
        foreach (var (rung, title, word) in new[]
        {
            (ConsequenceRung.Warning, "警告通知书", '警'), (ConsequenceRung.Rectification, "整改通知书", '整'), (ConsequenceRung.LicenceProposal, "关于建议吊销办学许可证的函", '吊'),
        })
        {
            var id = await ProposeAsync(scene.Institution, rung, rung == ConsequenceRung.Rectification ? due : null);
            using (var none = await clerk.GetAsync($"/consequences/{id}/notice")) Assert.Equal(System.Net.HttpStatusCode.NotFound, none.StatusCode);
            (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
            var page = await clerk.GetStringAsync($"/consequences/{id}/notice");
            Assert.Contains(title, page, StringComparison.Ordinal);
            Assert.Contains($"{word}〔{Today.Year}〕", page, StringComparison.Ordinal);
            imposed.Add(id);
        }
        var served = await NoticeAsync(imposed[1]);
        Assert.Contains($"{due.Year}年{due.Month}月{due.Day}日前", served, StringComparison.Ordinal);
        (await Impose.ProposeExtendAsync(imposed[1], "设备未到货", due.AddDays(30), await _desk.WhoAsync("clerk"))).OrThrow();
        (await Impose.ConfirmAsync(imposed[1], null, await _desk.WhoAsync("approver"))).OrThrow();
        Assert.Equal(served, await NoticeAsync(imposed[1]));
        foreach (var id in imposed) await LiftAsync(id);
        Assert.Equal(served, await NoticeAsync(imposed[1]));
        var token = ServerUnderTest.Antiforgery(await clerk.GetStringAsync($"/consequences/{imposed[1]}/notice"));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token });
        using var book = await clerk.PostAsync($"/consequences/{imposed[1]}/notice?handler=Xlsx", form);
        Assert.Contains("spreadsheetml", book.Content.Headers.ContentType?.MediaType ?? "", StringComparison.Ordinal);
        await _desk.ExpectInvariantsAsync();

        async Task<string> NoticeAsync(ConsequenceId id)
        {
            var page = await clerk.GetStringAsync($"/consequences/{id}/notice");
            return page[page.IndexOf("<article", StringComparison.Ordinal)..page.IndexOf("</article>", StringComparison.Ordinal)];
        }
    }

    private async Task LiftAsync(ConsequenceId id)
    {
        (await Impose.ProposeLiftAsync(id, "验收", await _desk.WhoAsync("clerk"))).OrThrow();
        (await Impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
    }

    private async Task<ConsequenceId> ProposeAsync(InstitutionId institution, ConsequenceRung rung, DateOnly? dueOn) =>
        (await TryProposeAsync(institution, rung, dueOn)).OrThrow();

    private async Task<Outcome<ConsequenceId>> TryProposeAsync(InstitutionId institution, ConsequenceRung rung, DateOnly? dueOn, string demand = "补齐考勤和教案") =>
        await Impose.ProposeAsync(institution, new ConsequenceForm(rung, "抽查发现代签到", demand, dueOn, null), await _desk.WhoAsync("clerk"));

    private async Task<Policy> PolicyAsync() => await server.Get<PolicyStore>().InForceOrLastAsync(Today);

    private async Task<Refusal?> BlocksAsync(InstitutionId institution, Blocked what, DateOnly? on = null, Policy? policy = null)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await ConsequenceStore.BlocksAsync(connection, null, institution, what, on ?? Today, policy ?? await PolicyAsync());
    }
}
