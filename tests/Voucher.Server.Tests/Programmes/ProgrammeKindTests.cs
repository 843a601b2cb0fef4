using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Server.Demo;
using Voucher.Server.Policies;

namespace Voucher.Server.Tests.Programmes;

/// <summary>What a programme is, what a pack asks of it, and its trade.</summary>
public sealed class ProgrammeKindTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static object Form(int code, string name, int trade = 1, string? kind = null, string? mode = null, string? level = null, int? safetyHours = null) =>
        new { code, name, tradeCode = trade, theoryHours = 30, practiceHours = 70, subsidyFen = 100_000, kind, mode, level, safetyHours };

    private static async Task<JsonElement> FindAsync(HttpClient client, int code) =>
        (await client.GetFromJsonAsync<JsonElement>("/api/programmes")).EnumerateArray().Single(one => one.GetProperty("code").GetInt32() == code);

    private static async Task<int> IdAsync(HttpClient client, int code) => (await FindAsync(client, code)).GetProperty("id").GetInt32();

    [Fact]
    public async Task Kind_form_level_and_safety_are_kept_and_stay_when_a_change_leaves_them_out()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var added = await clerk.PostAsJsonAsync("/api/programmes", Form(4001, "刺绣半日班", kind: "OrderBased", mode: "HalfDay", level: "Junior", safetyHours: 4));
        var id = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        using var changed = await clerk.PutAsJsonAsync($"/api/programmes/{id}", new { name = "刺绣半日班", tradeCode = 1, theoryHours = 24, practiceHours = 56, subsidyFen = 90_000 });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var now = await FindAsync(clerk, 4001);
        Assert.Equal(("OrderBased", "HalfDay", "Junior", 4, 90_000), (
            now.GetProperty("kind").GetString(), now.GetProperty("mode").GetString(), now.GetProperty("level").GetString(),
            now.GetProperty("safetyHours").GetInt32(), now.GetProperty("subsidyInForceFen").GetInt32()));
    }

    [Fact]
    public async Task A_choice_that_does_not_exist_and_more_safety_than_hours_name_their_fields()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var choices = await clerk.PostAsJsonAsync("/api/programmes", Form(4002, "错", kind: "7", mode: "halfday", level: "\0"));
        Assert.Equal(["kind", "level", "mode"], await Problem.FieldsAsync(choices));
        using var safety = await clerk.PostAsJsonAsync("/api/programmes", Form(4002, "错", safetyHours: 101));
        Assert.Equal(["safetyHours"], await Problem.FieldsAsync(safety));
    }

    [Fact]
    public async Task Under_a_pack_with_trades_of_high_risk_a_programme_needs_its_hours_of_safety_and_so_does_a_class_of_it()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var trade = await clerk.PostAsJsonAsync("/api/trades", new { code = 91, name = "爆破" });
        Assert.Equal(HttpStatusCode.OK, trade.StatusCode);
        using var before = await clerk.PostAsJsonAsync("/api/programmes", Form(4003, "爆破作业", trade: 91));
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await using (var connection = await server.Database.OpenConnectionAsync())
            await Dapper.SqlMapper.ExecuteAsync(connection, "insert into institution_programme select min(i.id), p.id from institution i, programme p where p.code = 4003 group by p.id");
        await UsePackAsync(new PolicyParameters { HighRiskTrades = [91], SafetyHours = 8, WorkTrainingMonths = 0, GuidedTrades = [91], GuidedUpliftPercent = 20 });

        using var more = await clerk.PostAsJsonAsync("/api/programmes", Form(4004, "爆破作业二", trade: 91, safetyHours: 7));
        await RefusedAsync(more, 840, "安全条款");
        using var work = await clerk.PostAsJsonAsync("/api/programmes", Form(4005, "以工代训示例", kind: "WorkTraining"));
        await RefusedAsync(work, 841, "以工代训条款");
        using var manager = await server.LogInAsync("manager");
        var day = CountyTime.DayOf(server.Clock.GetUtcNow()).AddDays(1);
        using var opened = await manager.PostAsJsonAsync("/api/classes", new
        {
            programmeCode = 4003, name = "爆破一班", site = "锁南镇", startsOn = day, endsOn = day, capacity = 10,
            sessions = new[] { new { heldOn = day, startsAt = "08:30:00", endsAt = "12:00:00", isPractice = true, hours = 4 } },
        });
        await RefusedAsync(opened, 840, "安全条款");
        using var enough = await clerk.PutAsJsonAsync($"/api/programmes/{await IdAsync(clerk, 4003)}", Form(4003, "爆破作业", trade: 91, safetyHours: 8));
        Assert.Equal(HttpStatusCode.OK, enough.StatusCode);
        Assert.True((await FindAsync(clerk, 4003)).GetProperty("isGuided").GetBoolean());

        using var portal = await server.OpenPortalAsync("manager");
        var trades = await portal.GetStringAsync("/programmes/trades");
        Assert.Contains("高危：安全课时 ≥ 8", trades);
        Assert.Contains("指导目录 +20%", trades);
        Assert.DoesNotContain("trade-form", trades); // Only a clerk changes trades.
    }

    [Fact]
    public async Task Trades_are_added_and_renamed_by_a_clerk_and_keep_their_code()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var added = await clerk.PostAsJsonAsync("/api/trades", new { code = 95, name = "养老护理" });
        Assert.Equal(HttpStatusCode.OK, added.StatusCode);
        using var taken = await clerk.PostAsJsonAsync("/api/trades", new { code = 95, name = "别的" });
        Assert.Equal(["code"], await Problem.FieldsAsync(taken));
        using var name = await clerk.PostAsJsonAsync("/api/trades", new { code = 96, name = "养老护理" });
        Assert.Equal(["name"], await Problem.FieldsAsync(name));
        using var renamed = await clerk.PutAsJsonAsync("/api/trades/95", new { name = "养老照护" });
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        using var missing = await clerk.PutAsJsonAsync("/api/trades/998", new { name = "没有的" });
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var approver = await server.LogInAsync("approver");
        using var others = await approver.PutAsJsonAsync("/api/trades/95", new { name = "不许" });
        Assert.Equal(HttpStatusCode.Forbidden, others.StatusCode);

        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync("/programmes/trades");
        Assert.Contains("养老照护", page);
        using var clash = await portal.PostAsync("/programmes/trades?handler=Rename", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(page), ["code"] = "95", ["name"] = "餐饮服务",
        }));
        Assert.Contains("已有同名工种", await clash.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_list_is_filtered_by_trade_kind_level_and_whether_it_is_open()
    {
        using var portal = await server.OpenPortalAsync("auditor");
        var ordered = await portal.GetStringAsync("/programmes?kind=OrderBased");
        Assert.Contains("手工编织", ordered);
        Assert.DoesNotContain(">牛肉拉面<", ordered);
        Assert.Contains(">电工<", await portal.GetStringAsync("/programmes?level=Junior&trade=3&open=true"));
        Assert.Contains("没有符合条件的项目", await portal.GetStringAsync("/programmes?level=SeniorTechnician"));
        using var nonsense = await portal.GetAsync("/programmes?kind=99&level=x&trade=99999999999999");
        Assert.Equal(HttpStatusCode.OK, nonsense.StatusCode);
    }

    [Fact]
    public async Task An_employers_order_is_checked_and_says_afterwards_how_many_were_hired()
    {
        using var clerk = await server.LogInAsync("clerk");
        var id = await IdAsync(clerk, 1014);
        using var bad = await clerk.PostAsJsonAsync($"/api/programmes/{id}/orders", new { employer = "厂", employerUscc = "91350100M000100Y4Z", post = "", agency = new string('长', 61), size = 0 });
        Assert.Equal(["agency", "employer", "employerUscc", "post", "size"], await Problem.FieldsAsync(bad));
        using var good = await clerk.PostAsJsonAsync($"/api/programmes/{id}/orders", new { employer = "示例刺绣厂", employerUscc = "11320000MB151840XJ", post = "绣工", size = 25 });
        var order = (await good.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        using var hired = await clerk.PostAsJsonAsync($"/api/programmes/{id}/orders/{order}/hired", new { hired = 21 });
        Assert.Equal(HttpStatusCode.NoContent, hired.StatusCode);
        var newest = (await clerk.GetFromJsonAsync<JsonElement>($"/api/programmes/{id}/orders"))[0];
        Assert.Equal(("绣工", 21), (newest.GetProperty("post").GetString(), newest.GetProperty("hired").GetInt32()));
        using var elsewhere = await clerk.PostAsJsonAsync($"/api/programmes/{await IdAsync(clerk, 1002)}/orders/{order}/hired", new { hired = 1 });
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        using var other = await clerk.PostAsJsonAsync($"/api/programmes/{await IdAsync(clerk, 1002)}/orders", new { employer = "示例刺绣厂", employerUscc = "11320000MB151840XJ", post = "绣工", size = 25 });
        await RefusedAsync(other, 842, null);

        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync($"/programmes/{id}");
        Assert.Contains("示例刺绣厂", page);
        using var typed = await portal.PostAsync($"/programmes/{id}?handler=Order", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(page), ["employer"] = "另一示例厂", ["employerUscc"] = "1132", ["post"] = "绣工", ["size"] = "abc",
        }));
        var again = await typed.Content.ReadAsStringAsync();
        Assert.Contains("value=\"另一示例厂\"", again);
        Assert.Contains("统一社会信用代码应为18位", again);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, int code, string? clause)
    {
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, body.GetProperty("code").GetInt32());
        if (clause is not null) Assert.EndsWith(clause, body.GetProperty("rule").GetString());
    }

    private async Task UsePackAsync(PolicyParameters parameters)
    {
        var pack = DemoPolicy.For(DemoCounty.Region);
        var clauses = new Dictionary<Clause, string>(pack.Clauses) { [Clause.Safety] = "安全条款", [Clause.WorkTraining] = "以工代训条款" };
        await server.Get<PolicyStore>().AddAsync(pack with { Version = 77, EffectiveFrom = CountyTime.DayOf(server.Clock.GetUtcNow()), Parameters = parameters, Clauses = clauses });
    }
}
