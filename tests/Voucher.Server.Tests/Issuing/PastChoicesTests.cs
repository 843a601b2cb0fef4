using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Dapper;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Drafting again by a choice of which something is no longer offered: it stays on the form, and no batch grows by its absence.</summary>
public sealed class PastChoicesTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_township_that_has_ended_stays_chosen_until_its_successor_is_taken_instead()
    {
        var (ended, successor) = await TownshipsAsync("泉边旧乡", "泉边新镇", 622926801);
        var people = await PeopleAsync(4, "搬迁户");
        await MoveAsync(people[..2], ended);
        var old = await RefusedAsync(new { townships = new[] { ended }, categories = new[] { "搬迁户" } });
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update township set effective_until = current_date - 1, successor = @successor where code = @ended", new { ended, successor });
        await MoveAsync(people[..2], successor);

        using var portal = await server.OpenPortalAsync("clerk");
        using var form = await FormAsync(portal, old);
        var place = Assert.Single(form.QuerySelectorAll("[data-testid=past-place]"));
        Assert.Contains("泉边旧乡（已撤销，后续 泉边新镇）", place.TextContent, StringComparison.Ordinal);
        Assert.Contains("撤销", form.QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        Assert.Equal([($"{ended}", true), ($"{successor}", false)], place.QuerySelectorAll<IHtmlInputElement>("input").Select(box => (box.Value, box.IsChecked)));
        Assert.Single(form.QuerySelectorAll($"[name='f.Townships'][value='{successor}']"));
        await RefuseUntouchedAsync(portal, form);

        var instead = form.BatchFields().Where(field => field.Value != $"{ended}").Append(new("f.Townships", $"{successor}"));
        Assert.Equal(people[..2], await DraftedAsync(portal, instead));
    }

    [Fact]
    public async Task A_village_that_has_ended_stays_chosen_and_is_named()
    {
        var (township, _) = await TownshipsAsync("库边旧乡", "库边新镇", 622926811);
        await using var connection = await server.Database.OpenConnectionAsync();
        var village = township * 1000L + 201;
        await connection.ExecuteAsync("insert into village (code, region, township_code, name) values (@village, 622926, @township, '三社村')", new { village, township });
        var people = await PeopleAsync(2, "库区户");
        await connection.ExecuteAsync("update person set township_code = @township, village_code = @village where id = @person", new { township, village, person = people[0] });
        var old = await RefusedAsync(new { villages = new[] { village }, categories = new[] { "库区户" } });
        await connection.ExecuteAsync("update village set effective_until = current_date - 1 where code = @village", new { village });

        using var portal = await server.OpenPortalAsync("clerk");
        using var form = await FormAsync(portal, old);
        Assert.Contains("库边旧乡 三社村（已撤销）", Assert.Single(form.QuerySelectorAll("[data-testid=past-place]")).TextContent, StringComparison.Ordinal);
        Assert.Equal([$"{village}"], Checked(form, "f.Villages"));
        await RefuseUntouchedAsync(portal, form);
    }

    [Fact]
    public async Task A_category_that_nobody_carries_now_stays_chosen_and_chooses_nobody()
    {
        var (township, _) = await TownshipsAsync("董岭旧乡", "董岭新乡", 622926821);
        var people = await PeopleAsync(3, "临时帮扶");
        await MoveAsync(people, township);
        var old = await RefusedAsync(new { townships = new[] { township }, categories = new[] { "临时帮扶" } });
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update person set categories = '{妇女}' where id = any(@people)", new { people });

        using var portal = await server.OpenPortalAsync("clerk");
        using var form = await FormAsync(portal, old);
        Assert.Contains("临时帮扶（现在没有人）", Assert.Single(form.QuerySelectorAll("[data-testid=past-category]")).TextContent, StringComparison.Ordinal);
        Assert.Equal(["临时帮扶"], Checked(form, "f.Categories"));
        Assert.Equal("0", form.QuerySelector("[data-testid=eligible]")!.TextContent);
        await RefuseUntouchedAsync(portal, form);
    }

    [Fact]
    public async Task A_programme_that_was_closed_stays_chosen_and_is_refused_by_name()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into programme (region, code, name, trade_code, theory_hours, practice_hours, subsidy_fen)
            select region, 9917, '砖雕（旧）', trade_code, theory_hours, practice_hours, subsidy_fen from programme where code = 1001
            """);
        var people = await PeopleAsync(2, "建档立卡");
        var list = await TestPeople.AddListAsync(server.Database, people);
        var old = await RefusedAsync(new { lists = new[] { list } }, scope: 9917);
        await connection.ExecuteAsync("update programme set is_open = false where code = 9917");

        using var portal = await server.OpenPortalAsync("clerk");
        using var form = await FormAsync(portal, old);
        var chosen = form.QuerySelector<IHtmlSelectElement>("[name='f.Scope']")!.SelectedOptions.Single();
        Assert.Equal(("9917", "砖雕（旧）（已停办）"), (chosen.Value, chosen.TextContent));
        Assert.Contains("砖雕（旧）", form.QuerySelector("#f-scope ~ .invalid-feedback")!.TextContent, StringComparison.Ordinal);
        await RefuseUntouchedAsync(portal, form);
        Assert.Equal(people, await DraftedAsync(portal, form.BatchFields().Where(field => field.Key != "f.Scope").Append(new("f.Scope", "1001"))));
    }

    /// <summary>What the browser sends when nothing is touched drafts nothing, and the form that comes back still has all of the choice.</summary>
    private static async Task RefuseUntouchedAsync(HttpClient portal, IHtmlDocument form)
    {
        using var refused = await portal.PostAsync("/issuing/new", new FormUrlEncodedContent(form.BatchFields()));
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        using var again = ExportClient.Read(await refused.Content.ReadAsStringAsync());
        Assert.Equal(form.BatchFields().Where(IsChoice), again.BatchFields().Where(IsChoice));
    }

    private static bool IsChoice(KeyValuePair<string, string> field) => field.Key is "f.Scope" or "f.Townships" or "f.Villages" or "f.Categories" or "f.Lists";

    /// <summary>Who is in the batch that is drafted by these fields.</summary>
    private async Task<IReadOnlyList<long>> DraftedAsync(HttpClient portal, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var drafted = await portal.PostAsync("/issuing/new", new FormUrlEncodedContent(fields));
        Assert.Equal(HttpStatusCode.Redirect, drafted.StatusCode);
        var batch = long.Parse(drafted.Headers.Location!.ToString().Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        return await server.PeopleOfBatchAsync(batch);
    }

    /// <summary>A batch that was drafted for these people and turned down.</summary>
    private async Task<long> RefusedAsync(object people, int scope = 0)
    {
        using var clerk = await server.LogInAsync("clerk");
        var batch = await clerk.DraftBatchAsync(people, "再拟", scope);
        await server.RefuseBatchAsync(batch);
        return batch;
    }

    private async Task<(int Ended, int Successor)> TownshipsAsync(string ended, string successor, int code)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "insert into township (code, region, name) values (@code, 622926, @ended), (@code + 1, 622926, @successor)", new { code, ended, successor });
        return (code, code + 1);
    }

    private async Task MoveAsync(long[] people, int township)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update person set township_code = @township where id = any(@people)", new { people, township });
    }

    private async Task<long[]> PeopleAsync(int count, string category) =>
        [.. (await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), count, category: category)).Order()];

    private static async Task<IHtmlDocument> FormAsync(HttpClient portal, long from) => ExportClient.Read(await portal.GetStringAsync($"/issuing/new?from={from}"));

    private static IEnumerable<string> Checked(IHtmlDocument form, string name) =>
        form.QuerySelectorAll<IHtmlInputElement>($"[name='{name}']").Where(box => box.IsChecked).Select(box => box.Value);
}
