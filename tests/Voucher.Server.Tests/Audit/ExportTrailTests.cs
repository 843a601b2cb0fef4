using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core;
using Voucher.Server.Accounts;
using Voucher.Server.Spreadsheets;
using Voucher.Server.Tests.Register;
using Voucher.Server.Tests.Settling;
using Voucher.Server.Tests.Spreadsheets;
using Voucher.Testing;

namespace Voucher.Server.Tests.Audit;

/// <summary>Whatever leaves the system, and every number that is unmasked, leaves exactly one entry of its kind.</summary>
public sealed class ExportTrailTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Every_list_of_the_catalogue_leaves_one_entry_when_it_is_taken()
    {
        var (scene, claim, payment) = await SceneAsync();
        await server.Get<AccountStore>().SaveAsync(
            "takes-all", "takes-all", LogIn.HashPassword(ServerUnderTest.Password),
            [Role.Clerk, Role.Approver, Role.Reviewer, Role.Finance], null, server.Clock.GetUtcNow());
        using var portal = await server.OpenPortalAsync("takes-all");
        (string, string)[] fields =
        [
            ("claim", $"{claim}"), ("payment", $"{payment}"), ("class", $"{scene.Class}"), ("batch", "1"), ("line", $"{scene.BudgetLine}"), ("id", "1"),
            ("import", "1"), ("person", "1"), ("household", "1"), ("list", "1"), ("plan", "1"), ("teacher", "1"), ("policy", "1"), ("institution", $"{scene.Institution}"), ("reason", "核对"),
        ];
        List<string> wrong = [];
        var taken = 0;
        foreach (var list in server.Get<ExportCatalogue>().All)
        {
            var before = await LastAsync();
            using var answer = await portal.ExportAsync(list.Key, fields);
            var isFile = answer.Content.Headers.ContentType?.MediaType == Workbook.ContentType;
            var entries = await SinceAsync(before);
            if (isFile) taken++;
            var exports = entries.Count(entry => entry == $"export.list list:{list.Key}");
            if (exports != (isFile ? 1 : 0) || entries.Count - exports > (list.Key.EndsWith("-full", StringComparison.Ordinal) ? 1 : 0))
                wrong.Add($"{list.Key}: {answer.StatusCode}, {string.Join(", ", entries)}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(taken > 30, $"Only {taken} lists were taken.");
    }

    [Fact]
    public async Task Every_other_file_and_every_unmasking_leaves_one_entry()
    {
        var (_, _, payment) = await SceneAsync();
        using var clerk = await server.LogInAsync("clerk");
        var row = Roster.Row();
        await clerk.ImportAsync("花名册.csv", Roster.Csv(Roster.Header, row, Roster.Row((Roster.Phone, "1"))));
        var person = (await server.FindAsync(row[Roster.IdNumber])).Id;
        await using var connection = await server.Database.OpenConnectionAsync();
        var import = await connection.ExecuteScalarAsync<long>("select max(id) from register_import");
        var policy = await connection.ExecuteScalarAsync<int>("select min(id) from policy_pack");

        await ExpectAsync("import.errors", () => clerk.GetAsync($"/api/register/imports/{import}/errors.csv"));
        using var auditor = await server.OpenPortalAsync("auditor");
        await ExpectAsync("policy.export", () => auditor.GetAsync($"/policies/{policy}?handler=Json"));
        await ExpectAsync("audit.roots", () => auditor.GetAsync("/audit?handler=Roots"));
        await ExpectAsync("audit.roots", () => auditor.GetAsync("/audit?handler=Roots&json=true"));
        using var importer = await server.OpenPortalAsync("clerk");
        await ExpectAsync("import.errors", () => importer.GetAsync($"/register/imports/{import}?handler=Csv"));
        using var finance = await server.OpenPortalAsync("finance");
        await ExpectAsync("payment.export", () => PostAsync(finance, $"/settling/payments/{payment}", "File"));
        using var desk = await server.OpenPortalAsync("clerk");
        await ExpectAsync("person.unmask", () => PostAsync(desk, $"/register/people/{person}", "Reveal", ("reason", "核对身份")));
        Assert.Equal("核对身份", await connection.ExecuteScalarAsync<string>("select ground from audit_entry where action = 'person.unmask' order by number desc limit 1"));
    }

    [Fact]
    public async Task Papers_with_names_on_them_leave_one_entry_and_by_post_alone()
    {
        Requires.Chromium();
        var desk = new PublicationDesk(server);
        await desk.PrepareAsync();
        var scene = await SettledScene.BuildAsync(server);
        var (_, publication) = await desk.PublishedAsync(await scene.CompletedVouchersAsync(1));
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into institution_mark (region, institution_id, kind, year, document_no, created_at)
            select region, @institution, 4, 2026, '文', now() from county
            """, new { institution = scene.Institution.Value });
        using var clerk = await server.OpenPortalAsync("clerk");
        using var finance = await server.OpenPortalAsync("finance");
        (HttpClient Portal, string Page, string Deed)[] papers =
        [
            (clerk, $"/classes/{scene.Class}/certificates", "export.certificates"), (finance, $"/settling/publications/{publication}", "export.publication"),
            (finance, $"/settling/colleges/{scene.Institution}", "export.college-memo"),
        ];
        foreach (var (portal, page, deed) in papers)
        {
            await ExpectAsync(deed, () => PostAsync(portal, page, "Pdf"));
            var before = await LastAsync();
            using var read = await portal.GetAsync($"{page}?handler=Pdf");
            Assert.NotEqual("application/pdf", read.Content.Headers.ContentType?.MediaType);
            Assert.Equal(before, await LastAsync());
        }
    }

    private async Task ExpectAsync(string deed, Func<Task<HttpResponseMessage>> take)
    {
        var before = await LastAsync();
        using var answer = await take();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{deed}: {answer.StatusCode}");
        Assert.Equal(deed, Assert.Single(await SinceAsync(before)).Split(' ')[0]);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient portal, string page, string handler, params (string Name, string Value)[] fields)
    {
        var token = ServerUnderTest.Antiforgery(await portal.GetStringAsync(page));
        return await portal.PostAsync($"{page}?handler={handler}", new FormUrlEncodedContent(
            fields.Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))));
    }

    /// <summary>A payment that is with the bank, under the county's usual rules, whatever another test has put in force.</summary>
    private async Task<(SettledScene Scene, ClaimId Claim, PaymentId Payment)> SceneAsync()
    {
        await Packs.SetAsync(server, Packs.Usual);
        var scene = await SettledScene.BuildAsync(server);
        var desk = new Desk(server);
        var claim = await desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        var payment = (await desk.PayAsync([claim])).OrThrow();
        (await desk.ReleaseAsync(payment)).OrThrow();
        return (scene, claim, payment);
    }

    private async Task<long> LastAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select coalesce(max(number), 0) from audit_entry");
    }

    private async Task<IReadOnlyList<string>> SinceAsync(long number)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.QueryAsync<string>("select action || ' ' || subject from audit_entry where number > @number order by number", new { number })).AsList();
    }
}
