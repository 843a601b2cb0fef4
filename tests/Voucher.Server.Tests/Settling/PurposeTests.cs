using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Programmes;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Tests.Issuing;

namespace Voucher.Server.Tests.Settling;

/// <summary>用途不变、渠道不乱: a constraint at every step at which money is bound, by use case and by SQL.</summary>
public sealed class PurposeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _number;
    private readonly Desk _desk = new(server);

    /// <summary>Trades of the demo: 1 餐饮服务, 7 手工编织; programme 1014 is of trade 7.</summary>
    private async Task<BudgetLineId> LineAsync(FundPurpose? purpose = null, string? source = null, long yuan = 100_000)
    {
        var number = Interlocked.Increment(ref _number);
        var finance = await _desk.WhoAsync("finance");
        var line = (await server.Get<OpenBudgetLine>().RunAsync(
            finance, source ?? $"用途来源{number}", $"{source ?? $"用途{number}"}〔2026〕1号", 2026, "县妇联", $"用途项目{number}", FundKind.EastWest, purpose)).OrThrow();
        (await server.Get<AllocateBudget>().RunAsync(finance, line, Fen.FromYuan(yuan), $"下达{number}")).OrThrow();
        return line;
    }

    private async Task<Outcome<BatchId>> DraftAsync(BudgetLineId line, int scope, string category = "建档立卡")
    {
        var people = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 2, category: category);
        var request = TestPeople.Request(await TestPeople.AddListAsync(server.Database, people), scope: scope) with { BudgetLineId = line.Value };
        return await server.Get<DraftBatch>().RunAsync(request, await _desk.WhoAsync("clerk"));
    }

    private static FundPurpose Only(params int[] scopes) => new(scopes, []);

    [Theory]
    [InlineData(7, 7, true)]
    [InlineData(7, 1014, true)]
    [InlineData(1014, 1014, true)]
    [InlineData(1014, 7, false)]
    [InlineData(7, 1001, false)]
    [InlineData(7, 0, false)]
    public async Task A_batch_may_be_drafted_only_within_the_purpose_of_its_line(int purpose, int scope, bool isCovered)
    {
        var outcome = await DraftAsync(await LineAsync(Only(purpose)), scope);
        if (isCovered) outcome.OrThrow();
        else Desk.ExpectRefusal(RefusalCode.PurposeNotCovered, outcome);
    }

    [Fact]
    public async Task The_purpose_of_the_source_binds_every_line_of_it_and_the_dry_run_says_so()
    {
        var line = await LineAsync();
        (await server.Get<SetPurpose>().RunAsync(await _desk.WhoAsync("finance"), line, ofSource: true, Only(7))).OrThrow();
        var list = await TestPeople.AddListAsync(server.Database, await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 1));
        var refusal = Desk.Refused(await server.Get<DraftBatch>().PreviewAsync(TestPeople.Request(list, scope: 1) with { BudgetLineId = line.Value }));
        Assert.Equal(RefusalCode.PurposeNotCovered, refusal.Code);
        Assert.Contains("餐饮服务", refusal.Reason.Zh, StringComparison.Ordinal);
        Assert.NotNull(refusal.Rule);
    }

    [Fact]
    public async Task Money_for_one_category_of_people_is_given_to_nobody_else()
    {
        var line = await LineAsync(new([], ["妇女"]));
        Desk.ExpectRefusal(RefusalCode.PurposeNotCovered, await DraftAsync(line, 0));
        (await DraftAsync(line, 0, category: "妇女")).OrThrow();
    }

    [Theory]
    [InlineData("建档立卡；妇女")]
    [InlineData("建档立卡;妇女")]
    [InlineData("建档立卡／妇女")]
    [InlineData("建档立卡 妇女")]
    public async Task Categories_of_a_purpose_are_parted_as_in_the_register(string typed)
    {
        var line = await LineAsync(FundPurpose.Read(null, typed));
        (await DraftAsync(line, 0, category: "妇女")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PurposeNotCovered, await DraftAsync(line, 0, category: "残疾"));
    }

    [Fact]
    public async Task A_person_who_leaves_the_category_before_approval_stops_the_batch()
    {
        var batch = (await DraftAsync(await LineAsync(new([], ["妇女"])), 0, category: "妇女")).OrThrow();
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update person set categories = '{}' where id = (select min(person_id) from batch_person where batch_id = @batch)", new { batch });
        Desk.ExpectRefusal(RefusalCode.PurposeNotCovered, await server.Get<ApproveBatch>().RunAsync(batch, await _desk.WhoAsync("approver")));
        await ExpectStateAsync(PurposeStore.OutsideState, "update batch set status = 2, approved_by = 2, approved_at = now() where id = @batch", new { batch });
    }

    [Fact]
    public async Task No_batch_outside_the_purpose_can_be_written_by_SQL()
    {
        var line = await LineAsync(Only(7));
        var batch = (await DraftAsync(line, 7)).OrThrow();
        await ExpectStateAsync(PurposeStore.OutsideState, "update batch set scope = 1 where id = @batch", new { batch });
        await ExpectStateAsync(PurposeStore.OutsideState, """
            insert into batch (region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection, status, people, drafted_by, drafted_by_staff, drafted_at)
            select region, name, kind, 0, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection, 1, people, drafted_by, drafted_by_staff, drafted_at
            from batch where id = @batch
            """, new { batch });
        var general = (await DraftAsync(await LineAsync(), 0)).OrThrow();
        await ExpectStateAsync(PurposeStore.OutsideState, "update batch set budget_line_id = @line where id = @general", new { line, general });
    }

    [Fact]
    public async Task A_purpose_is_settled_once_a_batch_rests_on_it()
    {
        var source = $"落定来源{Interlocked.Increment(ref _number)}";
        var line = await LineAsync(Only(7), source);
        var finance = await _desk.WhoAsync("finance");
        (await server.Get<SetPurpose>().RunAsync(finance, line, ofSource: false, Only(7, 1))).OrThrow();
        (await DraftAsync(line, 7)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PurposeSettled, await server.Get<SetPurpose>().RunAsync(finance, line, ofSource: false, Only(1)));
        Desk.ExpectRefusal(RefusalCode.PurposeSettled, await server.Get<SetPurpose>().RunAsync(finance, line, ofSource: true, FundPurpose.General with { Categories = ["妇女"] }));
        await ExpectStateAsync(PurposeStore.SettledState, "delete from fund_purpose where budget_line_id = @line", new { line });
        // What was issued from one line binds the source, and leaves its other lines free.
        (await server.Get<SetPurpose>().RunAsync(finance, await LineAsync(Only(1), source), ofSource: false, Only(1, 2))).OrThrow();
        Desk.ExpectBadField("scopes", await server.Get<SetPurpose>().RunAsync(finance, await LineAsync(), ofSource: false, Only(999)));
    }

    [Fact]
    public async Task A_batch_that_was_stopped_holds_its_purpose_as_any_other()
    {
        var line = await LineAsync(Only(7));
        var batch = (await DraftAsync(line, 7)).OrThrow();
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("""
                update batch set status = 6, approved_by = a.id, approved_by_staff = a.staff_id, approved_at = now(), first_serial = 1,
                    paused_at = now(), paused_by = drafted_by, paused_by_staff = drafted_by_staff, pause_reason = '有误', is_stop_asked = true,
                    stopped_by_staff = a.staff_id, closed_by = a.id, closed_at = now(), closing_reason = '有误', finished_at = now()
                from account a where a.login = 'approver' and batch.id = @batch
                """, new { batch });
        Desk.ExpectRefusal(RefusalCode.PurposeSettled, await server.Get<SetPurpose>().RunAsync(await _desk.WhoAsync("finance"), line, ofSource: false, Only(1)));
        await ExpectStateAsync(PurposeStore.OutsideState, "update batch set scope = 1 where id = @batch", new { batch });
    }

    [Fact]
    public async Task A_known_source_keeps_its_document_and_its_kind_which_is_written_down_where_none_was()
    {
        var finance = await _desk.WhoAsync("finance");
        var (open, name) = (server.Get<OpenBudgetLine>(), $"旧来源{Interlocked.Increment(ref _number)}");
        var line = (await open.RunAsync(finance, name, "旧〔2020〕1号", 2026, "县人社局", "一")).OrThrow();
        Desk.ExpectBadField("documentNo", await open.RunAsync(finance, name, "新〔2026〕9号", 2026, "县人社局", "二"));
        Desk.ExpectBadField("kind", await open.RunAsync(finance, name, "旧〔2020〕1号", 2026, "县人社局", "二", FundKind.Central));
        var kind = server.Get<SetFundKind>();
        Desk.ExpectBadField("kind", await kind.RunAsync(finance, line, FundKind.Other));
        (await kind.RunAsync(finance, line, FundKind.Central)).OrThrow();
        Desk.ExpectBadField("kind", await kind.RunAsync(finance, line, FundKind.Central));
        (await open.RunAsync(finance, name, "旧〔2020〕1号", 2026, "县人社局", "二", FundKind.Central)).OrThrow();
        Assert.Equal(FundKind.Central, (await server.Get<BudgetStore>().FindAsync(line))!.Kind);
    }

    /// <summary>Vouchers for any programme, whose line was bound to a purpose behind the system's back.</summary>
    [Fact]
    public async Task A_class_outside_the_purpose_is_not_claimed_neither_by_hand_nor_with_all_the_rest()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("""
                set session_replication_role = replica;
                insert into fund_purpose (region, fund_source_id, budget_line_id, scope) select region, fund_source_id, id, 7 from budget_line where id = @BudgetLine;
                reset session_replication_role;
                """, new { scene.BudgetLine });
        Desk.ExpectRefusal(RefusalCode.PurposeNotCovered, await _desk.ClaimAsync([vouchers[0]]));
        Desk.ExpectRefusal(RefusalCode.NothingToClaim, await _desk.ClaimAsync(null));
        var other = (await _desk.ClaimAsync(await (await SettledScene.BuildAsync(server)).CompletedVouchersAsync(1))).OrThrow();
        await ExpectStateAsync(PurposeStore.OutsideState, """
            insert into claim_line (claim_id, voucher_id, budget_line_id, face_value_fen, rate_fen, amount_fen, evidence, state)
            values (@other, @voucher, @BudgetLine, 1, 1, 1, '{}', 2)
            """, new { other, voucher = vouchers[0], scene.BudgetLine });
        await using var clean = await server.Database.OpenConnectionAsync();
        await clean.ExecuteAsync("""
            set session_replication_role = replica;
            delete from fund_purpose where budget_line_id = @BudgetLine;
            reset session_replication_role;
            """, new { scene.BudgetLine });
    }

    /// <summary>Of the demo, 1001 is of employment skills, 1013 of entrepreneurship, 1014 to order.</summary>
    [Theory]
    [InlineData(1013, 0, true)]
    [InlineData(1014, 0, true)]
    [InlineData(1001, 0, false)]
    [InlineData(7, 0, false)]
    [InlineData(0, 0, false)]
    [InlineData(1014, 7, true)]
    [InlineData(1013, 7, false)]
    public async Task Money_for_kinds_of_training_is_reserved_for_programmes_of_these_kinds_only(int scope, int trade, bool isCovered)
    {
        var line = await LineAsync(new(trade == 0 ? [] : [trade], []) { Kinds = [ProgrammeKind.Entrepreneurship, ProgrammeKind.OrderBased] });
        var outcome = await DraftAsync(line, scope);
        if (isCovered)
        {
            outcome.OrThrow();
            return;
        }
        var refusal = Desk.Refused(outcome);
        Assert.Equal((RefusalCode.PurposeNotCovered, true), (refusal.Code, refusal.Rule is not null));
        if (scope == 1001) Assert.Contains("就业技能培训", refusal.Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_kinds_of_the_source_bind_every_line_of_it_by_SQL_too_and_a_programme_that_was_paid_stays_of_its_kind()
    {
        var line = await LineAsync();
        var finance = await _desk.WhoAsync("finance");
        var purpose = FundPurpose.General with { Kinds = [ProgrammeKind.Entrepreneurship] };
        (await server.Get<SetPurpose>().RunAsync(finance, line, ofSource: true, purpose)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PurposeNotCovered, await DraftAsync(line, 1015));
        var batch = (await DraftAsync(line, 1013)).OrThrow();
        await ExpectStateAsync(PurposeStore.OutsideState, "update batch set scope = 1015 where id = @batch", new { batch });
        await ExpectStateAsync(PurposeStore.OutsideState, "update programme set kind = 1 where code = 1013", new { });
        await ExpectStateAsync(PurposeStore.SettledState, "delete from fund_purpose p using budget_line l where l.fund_source_id = p.fund_source_id and l.id = @line", new { line });
        Desk.ExpectBadField("kinds", await server.Get<SetPurpose>().RunAsync(finance, await LineAsync(), ofSource: false, purpose with { Kinds = [(ProgrammeKind)9] }));
    }

    [Fact]
    public async Task Money_does_not_move_from_a_line_of_one_kind_of_training_to_one_of_another()
    {
        var source = $"类型来源{Interlocked.Increment(ref _number)}";
        FundPurpose Of(ProgrammeKind kind) => FundPurpose.General with { Kinds = [kind] };
        var (one, same, other) = (await LineAsync(Of(ProgrammeKind.JobSkills), source), await LineAsync(Of(ProgrammeKind.JobSkills), source), await LineAsync(Of(ProgrammeKind.ProjectBased), source));
        var (finance, move) = (await _desk.WhoAsync("finance"), server.Get<MoveBudget>());
        (await move.TransferAsync(finance, one, same, Fen.FromYuan(1), "调〔2026〕11号")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.TransferLeavesSource, await move.TransferAsync(finance, one, other, Fen.FromYuan(1), "调〔2026〕12号"));
    }

    /// <summary>Vouchers whose line was bound to a kind of training behind the system's back after the claim was reviewed.</summary>
    [Fact]
    public async Task A_class_of_another_kind_of_training_is_neither_claimed_nor_approved()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = (await _desk.ClaimAsync([vouchers[0]])).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("""
                set session_replication_role = replica;
                insert into fund_purpose (region, fund_source_id, budget_line_id, training_kind) select region, fund_source_id, id, 2 from budget_line where id = @BudgetLine;
                reset session_replication_role;
                """, new { scene.BudgetLine });
        Desk.ExpectRefusal(RefusalCode.PurposeNotCovered, await _desk.ClaimAsync([vouchers[1]]));
        var refusal = Desk.Refused(await _desk.ApproveAsync(claim));
        Assert.Equal((RefusalCode.PurposeNotCovered, true), (refusal.Code, refusal.Rule is not null));
        await using var clean = await server.Database.OpenConnectionAsync();
        Assert.Equal(0, await clean.ExecuteScalarAsync<int>("select count(*)::int from ledger_transaction where kind = 4 and subject_id = @claim", new { claim }));
        await clean.ExecuteAsync("""
            set session_replication_role = replica;
            delete from fund_purpose where budget_line_id = @BudgetLine;
            reset session_replication_role;
            """, new { scene.BudgetLine });
        (await _desk.ApproveAsync(claim)).OrThrow();
        (await _desk.ClaimAsync([vouchers[1]])).OrThrow();
    }

    [Fact]
    public async Task Kinds_of_training_come_by_the_API_and_by_the_form_and_are_shown()
    {
        using var api = await server.LogInAsync("finance");
        object Line(string kind) => new { fundSource = $"类型{Interlocked.Increment(ref _number)}", documentNo = "类〔2026〕1号", year = 2026, department = "县人社局", name = "一", kind = "County", kinds = new[] { kind } };
        using var wrong = await api.PostAsJsonAsync("/api/budget-lines", Line("Swimming"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("kinds", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var right = await api.PostAsJsonAsync("/api/budget-lines", Line("ProjectBased"));
        var id = (await right.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();

        using var portal = await server.OpenPortalAsync("finance");
        var page = await portal.GetStringAsync($"/ledger/{id}");
        Assert.Contains("项目：项目制培训", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        using var answer = await portal.PostAsync($"/ledger/{id}?handler=Purpose", new FormUrlEncodedContent(
            [KeyValuePair.Create("Kinds", "Embedded"), KeyValuePair.Create("Kinds", "JobSkills"), KeyValuePair.Create("__RequestVerificationToken", ServerUnderTest.Antiforgery(page))]));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var purposes = (await server.Get<PurposeStore>().ListAsync()).Where(purpose => purpose.Line == new BudgetLineId(id));
        Assert.Equal([ProgrammeKind.JobSkills, ProgrammeKind.Embedded], purposes.Select(purpose => purpose.Training!.Value));
    }

    [Fact]
    public async Task A_programme_does_not_leave_the_trade_for_which_money_was_bound()
    {
        (await DraftAsync(await LineAsync(Only(3)), 1008)).OrThrow();
        await ExpectStateAsync(PurposeStore.OutsideState, "update programme set trade_code = 4 where code = 1008", new { });
    }

    [Fact]
    public async Task Money_moves_between_lines_of_one_source_and_purpose_only()
    {
        var source = $"调剂来源{Interlocked.Increment(ref _number)}";
        var (from, to, bound) = (await LineAsync(source: source), await LineAsync(source: source), await LineAsync(Only(7), source));
        var stranger = await LineAsync();
        var finance = await _desk.WhoAsync("finance");
        var move = server.Get<MoveBudget>();
        (await move.TransferAsync(finance, from, to, Fen.FromYuan(30_000), "调〔2026〕1号")).OrThrow();
        var budget = server.Get<BudgetStore>();
        Assert.Equal((Fen.FromYuan(70_000), Fen.FromYuan(130_000)), ((await budget.FindAsync(from))!.Allocated, (await budget.FindAsync(to))!.Unreserved));
        Desk.ExpectRefusal(RefusalCode.AlreadyAllocated, await move.TransferAsync(finance, from, to, Fen.FromYuan(1), "调〔2026〕1号"));
        var shortage = Desk.Refused(await move.TransferAsync(finance, from, to, Fen.FromYuan(70_001), "调〔2026〕2号"));
        Assert.Equal((RefusalCode.BudgetShort, true), (shortage.Code, shortage.Rule is not null));
        // Once money went between them, neither leaves the purpose of the other.
        foreach (var line in new[] { from, to })
            Desk.ExpectRefusal(RefusalCode.PurposeSettled, await server.Get<SetPurpose>().RunAsync(finance, line, ofSource: false, Only(7)));
        Desk.ExpectRefusal(RefusalCode.TransferLeavesSource, await move.TransferAsync(finance, from, stranger, Fen.FromYuan(1), "调〔2026〕3号"));
        Desk.ExpectRefusal(RefusalCode.TransferLeavesSource, await move.TransferAsync(finance, from, bound, Fen.FromYuan(1), "调〔2026〕4号"));
        Desk.ExpectBadField("to", await move.TransferAsync(finance, from, from, Fen.FromYuan(1), "调〔2026〕5号"));
        (await move.LowerAsync(finance, to, Fen.FromYuan(130_000), "减〔2026〕1号")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.BudgetShort, await move.LowerAsync(finance, to, new Fen(1), "减〔2026〕2号"));
        await _desk.ExpectInvariantsAsync();
        await ExpectStateAsync("VX713", Shift, new { from, to = stranger });
        await ExpectStateAsync("VX713", Shift, new { from, to = bound });
    }

    /// <summary>A transfer as hands in psql would write it.</summary>
    private const string Shift = """
        with moved as (insert into ledger_transaction (posted_at, kind, cause, rule) values (now(), 7, 'shift:by-hand', 'x') returning id)
        insert into ledger_posting (transaction_id, ledger_account_id, amount_fen)
        select moved.id, a.id, case when (a.budget_line_id = @from) = (a.kind = 1) then 100 else -100 end
        from moved, ledger_account a where a.budget_line_id in (@from, @to) and a.kind in (1, 2)
        """;

    private async Task ExpectStateAsync(string state, string sql, object arguments)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql, arguments));
        Assert.Equal(state, refused.SqlState);
    }
}
