using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Operating.Limits;
using Voucher.Server.Register;
using Voucher.Server.Settling.Publishing;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Settling;

/// <summary>What anybody sees of what is to be paid, and the form by which anybody may object.</summary>
public sealed class NoticeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private readonly PublicationDesk _desk = new(server);

    public async ValueTask InitializeAsync() => await _desk.PrepareAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private HttpClient Anybody() => new() { BaseAddress = server.Address };

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Nothing_that_is_public_names_anybody_in_the_database()
    {
        // More than one page, of two classes.
        var (one, two) = (await SettledScene.BuildAsync(server), await SettledScene.BuildAsync(server));
        List<VoucherId> vouchers = [.. await one.CompletedVouchersAsync(Notice.PageSize / 2 + 3), .. await two.CompletedVouchersAsync(Notice.PageSize / 2 + 3)];
        await GiveDetailsAsync(vouchers.Select(voucher => (long)voucher.Value).ToArray());
        var (_, publication) = await _desk.PublishedAsync(vouchers);
        (await _desk.ObjectAsync(publication, "3", "举报人马某 13911112222")).OrThrow();
        var everything = await EverythingPublicAsync(publication);
        Assert.Contains("马**", everything, StringComparison.Ordinal);
        Assert.Contains("1,200.00", everything, StringComparison.Ordinal);
        Assert.Contains("GS", everything, StringComparison.Ordinal);
        foreach (var secret in await SecretsAsync()) Assert.False(everything.Contains(secret, StringComparison.Ordinal), $"“{secret}” is public");
    }

    /// <summary>All pages in both languages, the data, the paper (as PDF text where a browser can make one), the spreadsheet; with all headers.</summary>
    private async Task<string> EverythingPublicAsync(long publication)
    {
        var all = new StringBuilder();
        using var anybody = Anybody();
        foreach (var path in new[]
        {
            "/notice", "/notice?lang=en", $"/notice/{publication}", $"/notice/{publication}?p=2", $"/notice/{publication}?lang=en", "/api/notices",
            $"/api/notices/{publication}", $"/api/notices/{publication}?page=2",
        })
        {
            using var answer = await anybody.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("public, max-age=30", answer.Headers.CacheControl!.ToString());
            all.Append(answer.Headers).Append(answer.Content.Headers).AppendLine(WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
        }
        all.AppendLine(WebUtility.HtmlDecode(await server.Get<PublicationPaper>().HtmlAsync(publication)));
        if (await server.Get<PublicationPaper>().PdfAsync(publication, TestContext.Current.CancellationToken) is Outcome<byte[]>.Done(var pdf)) all.AppendLine(await TextOfAsync(pdf));
        using var clerk = await server.OpenPortalAsync("clerk");
        using var sheet = await clerk.ExportAsync("publication-lines", ("publication", $"{publication}"));
        foreach (var row in (await ExportClient.OpenAsync(sheet)).Rows) all.AppendLine(JsonSerializer.Serialize(row, Relaxed));
        return all.ToString();
    }

    private static async Task<string> TextOfAsync(byte[] pdf)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, pdf);
            using var reader = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", file, "-"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var text = await reader.StandardOutput.ReadToEndAsync();
            Assert.Contains("马**", text, StringComparison.Ordinal);
            return text;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task GiveDetailsAsync(long[] vouchers)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update person set household_place = '达板镇某某村七社' || id, name = '马' || chr(30000 + (id % 1000)::int) || '梅' || chr(31000 + (id % 1000)::int)
            where id in (select person_id from voucher where id = any(@vouchers))
            """, new { vouchers });
    }

    /// <summary>Names, whole and the tail of them, identity numbers whole and masked, addresses, accounts, telephones of people, whole voucher numbers.</summary>
    private async Task<IReadOnlyList<string>> SecretsAsync()
    {
        var secrets = server.Get<PersonalData>();
        await using var connection = await server.Database.OpenConnectionAsync();
        var people = (await connection.QueryAsync<(string Name, byte[] Number, string Masked, string Place)>(
            "select name, id_number_sealed, id_number_masked, household_place from person where id in (select person_id from voucher)")).ToList();
        List<string> all =
        [
            "13911112222", "举报人", SettledScene.Account, "6228****8888", "没有见过这个人上课",
            .. people.SelectMany(person => new[] { person.Name, person.Name[1..], secrets.Open(person.Number), person.Masked, person.Place }),
            .. (await connection.QueryAsync<long>("select id from voucher")).Select(id => new VoucherId(id).ToString()),
        ];
        return [.. all.Where(secret => secret.Trim().Length > 1).Distinct()];
    }

    [Fact]
    public async Task What_is_not_up_yet_no_longer_up_or_nowhere_gets_the_same_answer()
    {
        var scene = await SettledScene.BuildAsync(server);
        var later = await _desk.Desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        var coming = (await _desk.PublishAsync(later, from: _desk.Today.AddDays(2))).OrThrow();
        var (_, running) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(1));
        using var anybody = Anybody();
        foreach (var path in new[] { $"/notice/{coming}", "/notice/999999", "/notice/0", "/notice/-1", $"/notice/{running}?p=2", $"/notice/{running}?p=x", $"/notice/{running}?p=99999999999" })
        {
            using var answer = await anybody.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        using var objected = await ObjectAsync(anybody, coming, "1", "不对");
        Assert.Equal(HttpStatusCode.NotFound, objected.StatusCode);
        Assert.Contains($"/notice/{running}", await anybody.GetStringAsync("/notice"), StringComparison.Ordinal);
        var until = _desk.LastDay;
        server.Clock.MoveTo(until.AddDays(NoticeStore.KeptDays), new TimeOnly(9, 0));
        Assert.Contains($"/notice/{running}", await anybody.GetStringAsync("/notice"), StringComparison.Ordinal);
        using var over = await ObjectAsync(anybody, running, "1", "不对");
        Assert.Equal(HttpStatusCode.Conflict, over.StatusCode);
        server.Clock.MoveTo(until.AddDays(NoticeStore.KeptDays + 1), new TimeOnly(9, 0));
        using var gone = await anybody.GetAsync($"/notice/{running}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("GS", await portal.GetStringAsync($"/settling/publications/{running}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anybody_may_object_and_the_lines_are_frozen_at_once()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (claim, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(3));
        using var anybody = Anybody();
        using var answer = await ObjectAsync(anybody, publication, "1，3", "<script>alert(1)</script> 此人在外打工", "邻居 13700000000");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("data-testid=\"objection-taken\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("13700000000", page, StringComparison.Ordinal);
        Assert.Equal(2, await _desk.AskAsync<int>("select count(*)::int from payable_publication where publication_id = @publication and standing = 2", new { publication }));
        _desk.WaitOut();
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await _desk.Desk.PayAsync([claim]));
        using var portal = await server.OpenPortalAsync("reviewer");
        var desk = await portal.GetStringAsync("/settling/objections");
        Assert.DoesNotContain("<script>alert", desk, StringComparison.Ordinal);
        Assert.DoesNotContain("13700000000", desk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_objections_are_bad_input_and_freeze_nothing()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (_, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(2));
        using var anybody = Anybody();
        foreach (var (lines, said, objector) in new (string, string, string?)[]
        {
            ("", "x", null), ("0", "x", null), ("-1", "x", null), ("9", "x", null), ("1-99999", "x", null), ("2-1", "x", null), ("1;drop table objection", "x", null),
            ("1-21", "x", null), (new string('1', ObjectionForm.LongestLines + 1), "x", null), ("1", "", null), ("1", "\0", null),
            ("1", new string('长', ObjectionForm.LongestSaid + 1), null), ("1", "x", new string('长', ObjectionForm.LongestObjector + 1)),
        })
        {
            using var answer = await ObjectAsync(anybody, publication, lines, said, objector);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        using var foreign = new HttpRequestMessage(HttpMethod.Post, $"/notice/{publication}/objection") { Content = Form("1", "x", null) };
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var refused = await anybody.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var large = await ObjectAsync(anybody, publication, "1", new string('x', 2 * NoticeEndpoints.LargestForm));
        Assert.True(large.StatusCode is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.BadRequest);
        Assert.Equal(0, await _desk.AskAsync<int>("select count(*)::int from objection where publication_id = @publication", new { publication }));
    }

    [Fact]
    public async Task One_list_takes_so_many_objections_a_day_by_the_public_page_and_the_desk_takes_more()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (_, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(1));
        var take = server.Get<TakeObjection>();
        var form = new ObjectionForm("1", null, "不对", null, null);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, TakeObjection.MostPublicOfList + 2).Select(_ => Task.Run(() => take.InPublicAsync(publication, form))));
        Assert.Equal(TakeObjection.MostPublicOfList, outcomes.OfType<Outcome<long>.Done>().Count());
        Assert.All(outcomes.OfType<Outcome<long>.Refused>(), refused => Assert.Equal(RefusalCode.TooManyObjections, refused.Refusal.Code));
        (await _desk.ObjectAsync(publication, "1")).OrThrow();
        server.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await take.InPublicAsync(publication, form) is Outcome<long>.Done);
        Assert.Equal(6, RateLimit.Objection.PerMinute);
    }

    [Fact]
    public async Task By_the_public_page_only_a_part_of_a_list_is_frozen_in_a_day_and_the_desk_freezes_the_rest()
    {
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 100], new[] { 1, 2, 3, 4, 5, 30, 40, 1_000 }.Select(TakeObjection.MostPublicLines));
        var scene = await SettledScene.BuildAsync(server);
        var (_, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(5));
        var take = server.Get<TakeObjection>();
        Task<Outcome<long>> Object(string lines) => take.InPublicAsync(publication, new ObjectionForm(lines, null, "不对", null, null));
        Desk.ExpectRefusal(RefusalCode.TooManyObjections, await Object("1-4"));
        (await Object("1-2")).OrThrow();
        // What is frozen already counts once.
        (await Object("2-3")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.TooManyObjections, await Object("4"));
        (await _desk.ObjectAsync(publication, "4-5")).OrThrow();
        Assert.Equal(5, await _desk.AskAsync<int>("select count(*)::int from payable_publication where publication_id = @publication and standing = 2", new { publication }));
        server.Clock.Advance(TimeSpan.FromDays(1));
        (await Object("4")).OrThrow();
    }

    [Fact]
    public async Task Whoever_objects_in_public_leaves_no_address_and_no_number_in_the_words()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (_, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(1));
        using var anybody = Anybody();
        foreach (var said in new[] { "他的电话 13800000001", "身份证 622926199001010001", "券 6229260000000017" })
        {
            using var refused = await ObjectAsync(anybody, publication, "1", said);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        using var taken = await ObjectAsync(anybody, publication, "1", "此人一直在外地");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal("public", await _desk.AskAsync<string>("""
            select e.origin from audit_entry e join objection o on e.subject = 'objection:' || o.id where o.publication_id = @publication and e.action = 'objection.take'
            """, new { publication }));
    }

    [Fact]
    public async Task A_page_is_kept_and_known_by_its_tag()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (_, publication) = await _desk.PublishedAsync(await scene.CompletedVouchersAsync(1));
        using var anybody = Anybody();
        using var first = await anybody.GetAsync($"/notice/{publication}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/notice/{publication}");
        again.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.ToString());
        using var unchanged = await anybody.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.DoesNotContain("Set-Cookie", first.Headers.ToString(), StringComparison.Ordinal);
    }

    private static FormUrlEncodedContent Form(string lines, string said, string? objector) => new(new Dictionary<string, string>
    {
        ["lines"] = lines, ["said"] = said, ["objector"] = objector ?? "",
    });

    private static Task<HttpResponseMessage> ObjectAsync(HttpClient client, long publication, string lines, string said, string? objector = null) =>
        client.PostAsync($"/notice/{publication}/objection", Form(lines, said, objector));
}
