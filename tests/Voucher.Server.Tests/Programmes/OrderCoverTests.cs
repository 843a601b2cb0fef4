using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core;
using Voucher.Server.Accounts;
using Voucher.Server.Programmes;
using Voucher.Server.Programmes.Orders;
using Voucher.Server.Tests.Classes;
using Voucher.Server.Tests.Settling;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Programmes;

/// <summary>What employers ordered beside what is taught for it: the approver sees both before deciding.</summary>
public sealed class OrderCoverTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ClassRoom _room = new(server);

    private async Task ProgrammeAsync(int code, string kind, params int[] orders)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var added = await clerk.PostAsJsonAsync("/api/programmes", new
        {
            code, name = $"订单项目{code}", tradeCode = 1, theoryHours = 4, practiceHours = 12, subsidyFen = 100_000, kind,
        });
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into institution_programme select min(i.id), p.id from institution i, programme p where p.code = @code group by p.id", new { code });
        var id = await connection.QuerySingleAsync<ProgrammeId>("select id from programme where code = @code", new { code });
        foreach (var size in orders)
            (await server.Get<PlaceOrder>().RunAsync(id, new OrderForm("东乡县示例扶贫车间", "11320000MB151840XJ", "刺绣工", null, size), await SettledScene.ActorAsync(server, "clerk"))).OrThrow();
    }

    private Dictionary<string, object?> Form(int code, int capacity)
    {
        var form = _room.Form($"订单班 {code}-{capacity}");
        (form["programmeCode"], form["capacity"]) = (code, capacity);
        return form;
    }

    private async Task<string> PageAsync(string path, bool inEnglish = false)
    {
        var cookies = new CookieContainer();
        if (inEnglish) cookies.Add(server.Address, new Cookie("language", "c%3Den%7Cuic%3Den"));
        using var approver = await server.OpenPortalAsync("approver", cookies);
        return WebUtility.HtmlDecode(await approver.GetStringAsync(path));
    }

    /// <summary>The row of the list that leads to the class.</summary>
    private async Task<string> RowAsync(ClassId id, bool inEnglish = false) =>
        (await PageAsync("/classes?status=Submitted", inEnglish)).Split("<tr>").Single(row => row.Contains($"href=\"/classes/{id}\"", StringComparison.Ordinal));

    [Fact]
    public async Task A_class_beyond_what_employers_ordered_warns_the_approver_with_the_figures_on_its_page_and_in_the_list()
    {
        await ProgrammeAsync(4101, "OrderBased", 30, 20);
        await _room.OpenApprovedAsync(Form(4101, 35));
        var within = await _room.OpenAsync(Form(4101, 15));
        var beyond = await _room.OpenAsync(Form(4101, 21));

        var page = await PageAsync($"/classes/{within}");
        Assert.Contains("订单共 50 人，其他已审定的班 35 人，本班 15 人", page, StringComparison.Ordinal);
        Assert.DoesNotContain("beyond-order", page, StringComparison.Ordinal);
        Assert.DoesNotContain("超出订单", await RowAsync(within), StringComparison.Ordinal);

        page = await PageAsync($"/classes/{beyond}");
        Assert.Contains("data-testid=\"beyond-order\"", page, StringComparison.Ordinal);
        Assert.Contains("超出订单 6 人", page, StringComparison.Ordinal);
        Assert.Contains("订单共 50 人，其他已审定的班 35 人，本班 21 人", page, StringComparison.Ordinal);
        Assert.Contains("超出订单 6 人", await RowAsync(beyond), StringComparison.Ordinal);
        Assert.Contains("50 ordered, 35 in other classes approved, 21 in this one", await PageAsync($"/classes/{beyond}", inEnglish: true), StringComparison.Ordinal);
        Assert.Contains("6 beyond the order", await RowAsync(beyond, inEnglish: true), StringComparison.Ordinal);

        using (var portal = await server.OpenPortalAsync("approver"))
        {
            using var exported = await portal.ExportAsync("classes", ("status", "Submitted"));
            var file = await ExportClient.OpenAsync(exported);
            var figures = file.Column("班级").Zip(file.Column("订单人数（人）"), file.Column("超出订单（人）")).Where(row => $"{row.First}".StartsWith("订单班 4101", StringComparison.Ordinal));
            Assert.Equal([("订单班 4101-15", 50.0, 0.0), ("订单班 4101-21", 50.0, 6.0)], figures.Select(row => ($"{row.First}", (double)row.Second!, (double)row.Third!)).Order());
        }

        // A warning, no refusal: the approver answers for it.
        using var approver = await server.LogInAsync("approver");
        using var approved = await approver.PostAsync($"/api/classes/{beyond}/approve", null);
        Assert.Equal(HttpStatusCode.NoContent, approved.StatusCode);
        Assert.Contains("超出订单 21 人", await RowAsync(within), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_class_that_is_over_only_those_who_came_count_against_the_order()
    {
        await ProgrammeAsync(4103, "OrderBased", 50);
        var over = await _room.OpenApprovedAsync(Form(4103, 40));
        var next = await _room.OpenAsync(Form(4103, 30));
        Assert.Contains("超出订单 20 人", await PageAsync($"/classes/{next}"), StringComparison.Ordinal);
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update training_class set starts_on = starts_on - 400, ends_on = ends_on - 400 where id = @over", new { over });
        var page = await PageAsync($"/classes/{next}");
        Assert.Contains("订单共 50 人，其他已审定的班 0 人，本班 30 人", page, StringComparison.Ordinal);
        Assert.DoesNotContain("超出订单", page, StringComparison.Ordinal);
        Assert.Contains("订单共 50 人，其他已审定的班 0 人，本班 0 人", await PageAsync($"/classes/{over}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_programme_that_is_taught_to_no_order_is_held_against_none()
    {
        await ProgrammeAsync(4102, "EmploymentSkills");
        var id = await _room.OpenAsync(Form(4102, 40));
        Assert.DoesNotContain("订单共", await PageAsync($"/classes/{id}"), StringComparison.Ordinal);
        Assert.DoesNotContain("订单", (await RowAsync(id)).Replace("订单项目", "", StringComparison.Ordinal).Replace("订单班", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
