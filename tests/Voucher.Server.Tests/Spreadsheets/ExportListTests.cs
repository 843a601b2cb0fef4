using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Dapper;
using Voucher.Core;
using Voucher.Core.Wire;
using Voucher.Server.Accounts;
using Voucher.Server.Corrections;
using Voucher.Server.Demo;
using Voucher.Server.Portal;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Spreadsheets;
using Voucher.Server.Tests.Portal;
using Voucher.Server.Tests.Register;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Spreadsheets;

/// <summary>Every list of the portal, pressed and opened as a spreadsheet.</summary>
public sealed partial class ExportListTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    /// <summary>What a row of the list is on its page.</summary>
    private static readonly Dictionary<string, string> RowOnPage = new(StringComparer.Ordinal)
    {
        ["imports"] = "table tbody tr", ["import-errors"] = "[data-testid=import-errors] tbody tr", ["import-kept"] = "[data-testid=undo-kept-person]",
        ["institutions"] = "table tbody tr", ["programmes"] = "table td a[href^='/programmes/']", ["batches"] = "[data-testid=batch-row]",
        ["batch-vouchers"] = "[data-testid=voucher-row]", ["classes"] = "table td a[href^='/classes/']", ["roster"] = "[data-testid=roster-row]",
        ["review"] = "[data-testid=open-claim]", ["calls"] = "[data-testid=call]",
        ["results"] = "[data-testid=roster-row]", ["certificates"] = "[data-testid=certificate-row]", ["attendance"] = "[data-testid=attendance-row]", ["claims"] = "[aria-labelledby=all-claims] tbody tr",
        ["claim-lines"] = "[aria-labelledby=lines] tbody tr", ["claimable"] = "section tbody tr", ["payments"] = "table tbody tr",
        ["payees"] = "[data-testid=payees] tbody tr", ["payment-returns"] = "[data-testid=returns] tbody tr", ["reconciliation"] = "[data-testid=months] tbody tr",
        ["payment-differences"] = "[data-testid=differences] tbody tr",
        ["payment-rows"] = "[aria-labelledby=rows] tbody tr", ["budget-lines"] = "[aria-labelledby=budget] table a[href^='/ledger/']",
        ["income-book"] = "[aria-labelledby=income-book] tbody tr", ["spending-book"] = "[aria-labelledby=spending-book] tbody tr",
        ["income"] = "[aria-labelledby=income] tbody tr", ["spending"] = "[aria-labelledby=spending] tbody tr",
        ["postings"] = "[aria-labelledby=postings] tbody tr", ["holds"] = "[data-testid=hold]", ["conflicts"] = "[data-testid=conflict]",
        ["corrections"] = "[data-testid=correction]", ["terminals"] = "[data-testid=terminal-row]", ["funnel"] = ".funnel-step, .funnel-exits li",
        ["people"] = "[data-testid=people] tbody tr, [data-testid=list-people] tbody tr", ["households"] = "[data-testid=households] tbody tr",
        ["household-members"] = "[data-testid=members] tbody tr", ["coverage"] = "[data-testid=coverage] tbody tr:not(.fw-bold)",
        ["households-not-covered"] = "[data-testid=not-covered] tbody tr", ["lists"] = "[data-testid=lists] tbody tr",
        ["person-changes"] = "[data-testid=changes] tbody tr", ["townships"] = "[data-testid=townships] tbody tr", ["villages"] = "[data-testid=villages] tbody tr",
        ["duplicates"] = "[data-testid=duplicate]", ["matches"] = "[data-testid=matches] tbody tr", ["match-hits"] = "[data-testid=match-hit]",
        ["match-problems"] = "[data-testid=match-problems] tbody tr", ["accreditations"] = "table td a[href^='/accreditations/']",
        ["marks"] = "[data-testid=mark]", ["teachers"] = "table td a[href^='/teachers/']", ["teacher-sessions"] = "[data-testid=teacher-session]",
        ["class-teachers"] = "table tbody tr", ["trades"] = "table tbody tr", ["orders"] = "#orders tbody tr", ["teaching-documents"] = "[data-testid=document]",
        ["teaching-waiting"] = "li.list-group-item a[href$='/documents']", ["policies"] = "[data-testid=policy-row]", ["policy-drafts"] = "table td a[href^='/policies/drafts/']",
        ["policy-rules"] = "tr[data-line]", ["policy-draft-changes"] = "tr[data-change]", ["plans"] = "[data-testid=plan]",
        ["targets"] = "section[aria-labelledby^=by-] [data-testid=target-line]", ["laggards"] = "[data-testid=laggards] [data-testid=target-line]",
        ["plan-programmes"] = "[aria-labelledby=programmes] tbody tr", ["progress-reports"] = "table tbody tr", ["progress-report"] = "table tbody tr, table tfoot tr",
        ["fund-sources"] = "[data-testid=fund-source]", ["expiring"] = "[data-testid=expiring]", ["released"] = "[data-testid=released]",
        ["recoveries"] = "[data-testid=recovery]", ["recovery-lines"] = "[data-testid=recovery-line]", ["consequences"] = "[data-testid=consequence]",
        ["publication-waiting"] = "[data-testid=waiting-claim]",
        ["revocations"] = "[data-testid=revocation]", ["reissues"] = "[data-testid=reissue]", ["audit"] = "[data-testid=audit-entry]", ["accounts"] = "[data-testid=staff-row]",
    };

    /// <summary>Tables that are no lists: forms, one thing's own record, what must not leave the screen (bait), and machines.</summary>
    private static readonly string[] NoLists =
        ["/live", "/operating", "/fraud/baits", "/issuing/new", "/issuing/batches/#/print", "/issuing/vouchers", "/register/people/#", "/terminals/#", "/classes/new", "/classes/#/edit", "/classes/#/contact-card", "/exports", "/account",
         "/institutions/published", "/menu", "/notice", "/planning/#/edit", "/planning/#/sheet", "/policies/drafts/#/edit", "/issuing/revocations/new", "/register/imports/#",
         "/ledger/transactions/#", "/settling/claims/#/lines/#", "/settling/returns/uploads/#", "/settling/allowances/new", "/recoveries/#/notice",
         "/forms/claim/#", "/forms/payment/#", "/forms/ledger", "/forms/statement", "/forms/day"];

    /// <summary>
    /// In tests of their own: whole numbers, which want a ground that somebody types; the funnel, whose page cannot show the scene's
    /// made-up scans; what the page shows otherwise than row by row, and what only passing time fills; who is left out of a batch stands in <c>DraftAgainTests</c>,
    /// publications, objections and retained money in <c>PublicationTests</c> and <c>RetainedTests</c>.
    /// </summary>
    private static readonly string[] ElsewhereTested = ["roster-full", "funnel", "batch-villages", "batch-ineligible", "batch-left-out", "expiring", "released",
        "closings", "closed-month", "ledger-corrections", "publications", "publication-lines", "objections", "retained", "retained-lists",
        "allowance-lists", "allowance-entries", "colleges", "college-memo", "promises", "promise-people"];

    [Fact]
    public async Task Every_list_page_offers_its_list_with_all_its_rows_numbers_as_numbers_and_text_as_text()
    {
        await FillAsync();
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<string> wrong = [], reached = [];
        foreach (var login in new[] { "every-role", "auditor", "manager" })
        {
            using var portal = await server.OpenPortalAsync(login);
            var (links, _) = await PortalWalk.WalkAsync(portal);
            foreach (var path in links.Union(MainMenu.All.Select(entry => entry.Path)))
            {
                reached.Add(path);
                using var answer = await portal.GetAsync(path);
                if (answer.Content.Headers.ContentType?.MediaType != "text/html" || answer.StatusCode != HttpStatusCode.OK) continue;
                using var page = ExportClient.Read(await answer.Content.ReadAsStringAsync());
                var exports = page.QuerySelectorAll<IHtmlFormElement>("form[data-testid=export]").ToList();
                if (page.QuerySelector("table thead") is not null && exports.Count == 0 && !NoLists.Any(KindOf(path).StartsWith)) wrong.Add($"{path} has a table and no export");
                foreach (var form in exports.Where(form => !ElsewhereTested.Contains(form.GetAttribute("data-export")) && seen.Add($"{login} {form.GetAttribute("data-export")}")))
                    wrong.AddRange((await ProblemsAsync(portal, page, form)).Select(problem => $"{login} {path} {form.GetAttribute("data-export")}: {problem}"));
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var keys = seen.Select(entry => entry.Split(' ')[1]).ToHashSet(StringComparer.Ordinal);
        var missing = server.Get<ExportCatalogue>().All.Select(list => list.Key).Where(key => !ElsewhereTested.Contains(key) && !keys.Contains(key)).ToList();
        Assert.True(missing.Count == 0, $"Not offered on any page that was reached: {string.Join(' ', missing)}\nReached: {string.Join(' ', reached)}");
    }

    private static async Task<List<string>> ProblemsAsync(HttpClient portal, IHtmlDocument page, IHtmlFormElement form)
    {
        var key = form.GetAttribute("data-export")!;
        using var answer = await portal.PressAsync(form);
        if (answer.StatusCode != HttpStatusCode.OK) return [$"{answer.StatusCode}"];
        var file = await ExportClient.OpenAsync(answer);
        var shown = page.QuerySelectorAll(RowOnPage[key]).Length;
        List<string> problems = [];
        // A page shows at most fifty rows, its list may be longer; the trail grows with every export.
        var isRight = shown >= 50 ? file.Rows.Count >= shown : key == "audit" ? file.Rows.Count >= shown : file.Rows.Count == shown;
        if (shown == 0 || !isRight) problems.Add($"{shown} rows on the page, {file.Rows.Count} in the file");
        if (Convert.ToInt32(file.About("行数"), System.Globalization.CultureInfo.InvariantCulture) != file.Rows.Count) problems.Add("says another number of rows");
        if (file.Header.Distinct(StringComparer.Ordinal).Count() != file.Header.Count || file.Header.Any(title => title.Length == 0)) problems.Add("header");
        foreach (var title in file.Header)
        {
            var cells = file.Column(title).Where(cell => cell is not null).ToList();
            if (CountedIn().IsMatch(title) && cells.Exists(cell => cell is not double)) problems.Add($"{title} holds what is no number");
            if (NumberedBy().IsMatch(title) && cells.Exists(cell => cell is not string)) problems.Add($"{title} is not text");
        }
        return problems;
    }

    [Fact]
    public async Task A_batch_by_village_adds_up_to_its_vouchers()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.EnrolledVouchersAsync(3);
        var batch = (await RowsAsync<long>($"select batch_id from voucher where id = {vouchers[0].Value}")).Single();
        var expected = (await RowsAsync<int>($"select count(*)::int from voucher where batch_id = {batch} and state <> 7")).Single();
        using var clerk = await server.OpenPortalAsync("clerk");
        using var answer = await clerk.ExportAsync("batch-villages", ("batch", $"{batch}"));
        Assert.Equal(expected, (await ExportClient.OpenAsync(answer)).Column("券（张）").Sum(cell => (double)cell!));
    }

    [Theory]
    [InlineData("expiring", "批次", "乡镇", "最早到期", "未使用（张）", "其中未领取（张）", "预留（元）")]
    [InlineData("released", "日期", "过期券（张）", "退回（元）")]
    public async Task What_expires_is_exported_with_its_money(string key, params string[] header)
    {
        using var clerk = await server.OpenPortalAsync("clerk");
        using var answer = await clerk.ExportAsync(key, ("days", "30"));
        Assert.Equal(header, (await ExportClient.OpenAsync(answer)).Header);
    }

    [Fact]
    public async Task The_published_list_is_a_spreadsheet_for_anybody_and_the_feedback_of_a_matching_is_typed()
    {
        using var nobody = new HttpClient { BaseAddress = server.Address };
        using var published = await nobody.GetAsync("/institutions/published?handler=Sheet");
        var list = await ExportClient.OpenAsync(published);
        Assert.Contains("认定至", list.Header);
        Assert.All(list.Column("认定至"), cell => Assert.IsType<DateTime>(cell));
        await DeskLists.FillAsync(server, DemoCounty.Region, await (await SettledScene.BuildAsync(server)).EnrolledVouchersAsync(2));
        var match = (await RowsAsync<long>("select max(id) from match_run")).Single();
        using var clerk = await server.OpenPortalAsync("clerk");
        using var answer = await clerk.GetAsync($"/register/matching/{match}?handler=Feedback");
        var feedback = await ExportClient.OpenAsync(answer);
        Assert.Equal(2d, Assert.Single(feedback.Column("名单行号")));
        Assert.IsType<DateTime>(Assert.Single(feedback.Column("处理日期")));
        Assert.Equal(["比对反馈", "说明"], feedback.Sheets.Select(sheet => sheet.Name));
    }

    [Fact]
    public async Task Programmes_come_as_they_are_filtered_with_the_subsidy_in_force_and_its_rule()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        using var page = await portal.PageAsync("/programmes?kind=OrderBased");
        using var answer = await portal.PressAsync(page.QuerySelector<IHtmlFormElement>("form[data-export=programmes]")!);
        var file = await ExportClient.OpenAsync(answer);
        Assert.Equal("订单式培训", Assert.Single(file.Column("类型").Distinct()));
        Assert.All(file.Column("依据（文号、版本、条款）"), rule => Assert.Contains("版）", $"{rule}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_funnel_has_its_steps_and_its_ways_out()
    {
        using var portal = await server.OpenPortalAsync("auditor");
        using var answer = await portal.ExportAsync("funnel");
        Assert.Equal(["已发放", "已领取", "已报到", "已结业", "已申报", "已支付", "已过期", "已作废", "已补发", "已退学"], (await ExportClient.OpenAsync(answer)).Column("步骤"));
    }

    [Fact]
    public async Task An_export_is_narrowed_exactly_as_its_page_and_the_trail_keeps_no_name()
    {
        await AddAsync("＝甲", DemoCounty.Region.Value * 1000 + 100, 3, "=HYPERLINK(\"http://x\")");
        using var portal = await server.OpenPortalAsync("clerk");
        var start = await portal.PageAsync("/register");
        using var found = await portal.PostAsync("/register?handler=Find", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["who"] = "＝甲", ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(start.DocumentElement.OuterHtml),
        }));
        using var page = ExportClient.Read(await found.Content.ReadAsStringAsync());
        using var answer = await portal.PressAsync(page.QuerySelector<IHtmlFormElement>("[data-export=people]")!);
        var file = await ExportClient.OpenAsync(answer);
        Assert.Equal(3, file.Rows.Count);
        Assert.Equal(["姓名", "身份证号码", "性别", "年龄（岁）", "联系电话", "乡镇", "村", "就业状态", "人员类别", "演示数据"], file.Header);
        Assert.All(file.Column("姓名"), name => Assert.StartsWith("＝甲", (string)name!, StringComparison.Ordinal));
        Assert.All(file.Column("人员类别"), text => Assert.Equal("=HYPERLINK(\"http://x\")", text));
        Assert.Equal("＝甲", file.About("姓名开头"));
        Assert.Equal("劳动者登记册", file.About("名称"));
        Assert.IsType<DateTime>(file.About("截至"));
        var entry = await LastEntryAsync("export.list");
        Assert.Equal(("list:people", "rows=3 who=***"), entry);
        Assert.DoesNotContain(server.Log.Lines, line => line.Line.Contains("＝甲", StringComparison.Ordinal));

        var township = (await RowsAsync<int>("select code from township order by code limit 1")).Single();
        using var narrowed = await portal.ExportAsync("people", ("township", $"{township}"), ("category", "=HYPERLINK(\"http://x\")"));
        var expected = (await RowsAsync<int>($"select count(*)::int from person where township_code = {township} and categories @> array['=HYPERLINK(\"http://x\")']")).Single();
        Assert.Equal(expected, (await ExportClient.OpenAsync(narrowed)).Rows.Count);
    }

    [Fact]
    public async Task The_roster_has_the_columns_of_the_official_form_and_whole_numbers_only_on_a_ground_that_is_kept()
    {
        var scene = await SettledScene.BuildAsync(server);
        await scene.EnrolledVouchersAsync(2);
        using var clerk = await server.OpenPortalAsync("clerk");
        using var masked = await clerk.ExportAsync("roster", ("class", $"{scene.Class}"));
        var roster = await ExportClient.OpenAsync(masked);
        Assert.Equal(
            ["序号", "姓名", "性别", "学历", "年龄（岁）", "身份证号码", "联系电话", "户口所在地", "户口性质", "就业安排承诺单位"], roster.Header.Take(10));
        Assert.All(roster.Column("身份证号码"), number => Assert.Contains('*', (string)number!));

        var unmasked = (await RowsAsync<int>("select count(*)::int from audit_entry where action = 'person.unmask'")).Single();
        foreach (var bad in new[] { "", " ", "核对 622926199001011234", "控\u0001制" })
        {
            using var refused = await clerk.ExportAsync("roster-full", ("class", $"{scene.Class}"), ("reason", bad));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("export-problem", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(unmasked, (await RowsAsync<int>("select count(*)::int from audit_entry where action = 'person.unmask'")).Single());

        using var manager = await server.OpenPortalAsync("manager");
        using var notAllowed = await manager.ExportAsync("roster-full", ("class", $"{scene.Class}"), ("reason", "报名系统核对"));
        Assert.Contains("901", await notAllowed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var desk = await server.OpenPortalAsync("desk");
        using var shorter = await desk.ExportAsync("roster", ("class", $"{scene.Class}"));
        var seenAtDesk = await ExportClient.OpenAsync(shorter);
        Assert.DoesNotContain("户口所在地", seenAtDesk.Header);
        Assert.All(seenAtDesk.Column("姓名"), name => Assert.Contains('*', (string)name!));
    }

    [Fact]
    public async Task Nobody_gets_a_list_that_they_may_not_see()
    {
        var scene = await SettledScene.BuildAsync(server);
        await scene.EnrolledVouchersAsync(1);
        foreach (var (login, key, field) in new[]
        {
            ("desk", "people", ("x", "")), ("manager", "audit", ("x", "")), ("finance", "terminals", ("x", "")), ("operator", "classes", ("x", "")),
            ("clerk", "nothing", ("x", "")), ("manager2", "roster", ("class", $"{scene.Class}")), ("manager2", "attendance", ("class", $"{scene.Class}")),
        })
        {
            using var portal = await server.OpenPortalAsync(login);
            using var answer = await portal.ExportAsync(key, field);
            Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
            Assert.Matches("90[12]", await answer.Content.ReadAsStringAsync());
        }
        using var nobody = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var away = await nobody.PostAsync(ExportClient.Address, new FormUrlEncodedContent([KeyValuePair.Create("export", "people")]));
        Assert.NotEqual(HttpStatusCode.OK, away.StatusCode);
        using var clerk = await server.OpenPortalAsync("clerk");
        using var forged = await clerk.PostAsync(ExportClient.Address, new FormUrlEncodedContent([KeyValuePair.Create("export", "people")]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }

    [Theory]
    [InlineData("people", "township", "-1")]
    [InlineData("people", "township", "99999999999999999999")]
    [InlineData("people", "category", "a\0b")]
    [InlineData("people", "who", "\uD800")]
    [InlineData("claim-lines", "claim", "x")]
    [InlineData("audit", "from", "2026-13-45")]
    [InlineData("classes", "status", "17")]
    [InlineData("postings", "line", "")]
    public async Task A_field_that_cannot_be_read_is_bad_input_and_exports_nothing(string key, string field, string value)
    {
        using var portal = await server.OpenPortalAsync("every-role-too", await EveryRoleAsync("every-role-too"));
        using var answer = await portal.ExportAsync(key, (field, value));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Fields_beyond_those_of_any_list_are_bad_input()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        using var tooMany = await portal.ExportAsync("people", [.. Enumerable.Range(0, ExportFields.Most + 1).Select(i => ($"f{i}", "1"))]);
        using var tooLong = await portal.ExportAsync("people", ("who", new string('长', ExportFields.Longest + 1)));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (tooMany.StatusCode, tooLong.StatusCode));
    }

    [Fact]
    public async Task An_export_speaks_the_language_of_its_reader()
    {
        using var portal = await server.OpenPortalAsync("finance");
        var page = await portal.GetStringAsync("/ledger");
        using var switched = await portal.PostAsync("/language", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["language"] = "en", ["returnTo"] = "/ledger", ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(page),
        }));
        using var answer = await portal.ExportAsync("budget-lines");
        var file = await ExportClient.OpenAsync(answer);
        Assert.Equal(["Year", "Source"], file.Header.Take(2));
        Assert.Contains("Allocated (yuan)", file.Header);
        Assert.Equal("Budget lines", file.About("List"));
        Assert.Equal(["Budget lines", "About"], file.Sheets.Select(sheet => sheet.Name));
    }

    /// <summary>Something on every list.</summary>
    private async Task FillAsync()
    {
        await EveryRoleAsync("every-role");
        var scene = await SettledScene.BuildAsync(server);
        var desk = new Desk(server);
        (await desk.ReviewAllAsync((await desk.ClaimAsync(await scene.CompletedVouchersAsync(2))).OrThrow())).OrThrow();
        await desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        var payment = (await desk.PayAsync([await desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1))])).OrThrow();
        (await desk.ReleaseAsync(payment)).OrThrow();
        (await desk.BookReturnAsync($"{PaymentFile.ReferenceOf(payment, 1)},1,,1200.00,成功,,E1\r\nPXQ00999999-1,1,,1.00,成功,,E2\r\n", keepDifferences: true)).OrThrow();
        await scene.CompletedVouchersAsync(1);
        var recovering = new RecoveryScene(server);
        await recovering.DecidedAsync($"{(await recovering.PaidAsync(1)).Paid[0]} 400");
        await recovering.WarnAsync(scene.Institution);
        var enrolled = (await scene.EnrolledVouchersAsync(2)).ToList();
        using var clerk = await server.LogInAsync("clerk");
        var imported = Roster.Row();
        await clerk.ImportAsync("花名册.csv", Roster.Csv(Roster.Header, imported, Roster.Row((Roster.Phone, "1"))));
        await using var connection = await server.Database.OpenConnectionAsync();
        var (terminal, now) = (await connection.QueryFirstAsync<int>("select id from terminal order by id limit 1"), server.Clock.GetUtcNow());
        await server.Get<CorrectionStore>().AskAsync(new TerminalId(terminal), Guid.NewGuid(), CorrectionReason.Other, "说明", now, now);
        await connection.ExecuteAsync("""
            insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
            values (@Region, @held, 4, @now, @now, gen_random_uuid(), @terminal, '[]', @now);
            insert into conflict_case (region, voucher_id, opened_at) values (@Region, @contested, @now);
            update person set changes = changes + 1 where id = @changed -- An undo keeps whoever was changed since.
            """, new { DemoCounty.Region, changed = (await server.FindAsync(imported[Roster.IdNumber])).Id, held = enrolled[0], contested = enrolled[1], terminal, now });
        await DemoPlan.LoadAsync(server.Database, server.Get<County>(), await SettledScene.ActorAsync(server, "clerk"), await SettledScene.ActorAsync(server, "approver"), now);
        await DeskLists.FillAsync(server, DemoCounty.Region, enrolled);
    }

    private async Task<CookieContainer> EveryRoleAsync(string login)
    {
        await server.Get<AccountStore>().SaveAsync(
            login, login, LogIn.HashPassword(ServerUnderTest.Password), [Role.Clerk, Role.Approver, Role.Reviewer, Role.Finance], null, server.Clock.GetUtcNow());
        return new CookieContainer();
    }

    private async Task AddAsync(string name, int township, int count, string category)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(SeededPeople.Insert, new { DemoCounty.Region, name, count, categories = new[] { category }, now = server.Clock.GetUtcNow() });
        await connection.ExecuteAsync("update person set township_code = (select code from township where code = @township) where name like @name || '%'", new { township, name });
    }

    private async Task<(string Subject, string Detail)> LastEntryAsync(string action) => (await RowsAsync<(string, string)>(
        $"select subject, detail from audit_entry where action = '{action}' order by number desc limit 1")).Single();

    private async Task<IReadOnlyList<T>> RowsAsync<T>(string sql)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql)];
    }

    private static string KindOf(string path) =>
        string.Join('/', path.Split('?')[0].Split('/').Select(part => part.Any(char.IsAsciiDigit) ? "#" : part));

    [GeneratedRegex("（(元|人|张|%|课时|课次|行|次|分|岁|家|秒)）$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CountedIn();

    [GeneratedRegex("券号|号码|代码|编号|编码|案号|批次号|单号|文号|电话|指纹", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberedBy();
}
