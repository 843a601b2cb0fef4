using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Invariants;
using Voucher.Server.Tests.Register;
using Voucher.Server.Tests.Reporting;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Accounts;

/// <summary>People behind log-ins: one person with several log-ins is still one, and rights are those of the instant.</summary>
public sealed class PeopleTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _made;

    [Fact]
    public async Task A_second_log_in_of_the_same_number_is_the_same_person()
    {
        var number = Roster.NewNumber().Reveal();
        var (one, two, three) = (Name(), Name(), Name());
        (await AddAsync(one, "单一人", [Role.Clerk], number)).OrThrow();
        (await AddAsync(two, "单一人", [Role.Reviewer], number)).OrThrow();
        (await AddAsync(three, "单一人", [Role.Finance], null, person: two)).OrThrow();
        var people = new[] { await WhoAsync(one), await WhoAsync(two), await WhoAsync(three) };
        Assert.Single(people.Select(actor => actor.Staff).Distinct());
        Assert.Equal("name", Field(await AddAsync(Name(), "别的名字", [Role.Clerk], number)));
        Assert.Equal("id-number", Field(await AddAsync(Name(), "没有号码", [Role.Clerk], null)));
        Assert.Equal("id-number", Field(await AddAsync(Name(), "错号码", [Role.Clerk], "622926199001011234")));
        Assert.Equal("person", Field(await AddAsync(Name(), "单一人", [Role.Clerk], null, person: "nobody-here")));
    }

    [Theory]
    [InlineData(Role.Auditor, Role.Clerk)]
    [InlineData(Role.Auditor, Role.Operator)]
    [InlineData(Role.Operator, Role.Approver)]
    public async Task Who_watches_decides_nothing_on_any_log_in(Role watches, Role other)
    {
        Assert.Equal("role", Field(await AddAsync(Name(), "两面人", [watches, other], Roster.NewNumber().Reveal())));
        var number = Roster.NewNumber().Reveal();
        (await AddAsync(Name(), "两面人", [watches], number)).OrThrow();
        Assert.Equal("role", Field(await AddAsync(Name(), "两面人", [other], number)));
    }

    [Fact]
    public async Task A_role_that_is_withdrawn_and_a_log_in_that_is_closed_end_at_the_next_request()
    {
        var login = Name();
        var account = await HireAsync(login, Role.Clerk, Role.Reviewer);
        var staff = (await WhoAsync(login)).Staff;
        using var api = await server.LogInAsync(login);
        using var portal = await server.OpenPortalAsync(login);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/register")).StatusCode);

        using var approver = await server.OpenPortalAsync("approver");
        await PostAsync(approver, $"/accounts/{staff}", "Take", ("Account", $"{account}"), ("Role", "Clerk"), ("Reason", "调岗"));
        using var refused = await api.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var away = await portal.GetAsync("/register");
        Assert.Equal("/log-in", away.Headers.Location!.AbsolutePath);
        using var again = await server.LogInAsync(login);
        Assert.Equal(["Reviewer"], (await again.GetFromJsonAsync<AccountEndpoints.Me>("/api/me"))!.Roles);

        await PostAsync(approver, $"/accounts/{staff}", "Close", ("Account", $"{account}"), ("Reason", "离职"));
        using var closed = await again.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
        await PostAsync(approver, $"/accounts/{staff}", "Reopen", ("Account", $"{account}"), ("Reason", "返岗"));
        using var open = await again.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(
            ["account.add server:command", "account.take-role 调岗", "account.close 离职", "account.reopen 返岗"],
            await connection.QueryAsync<string>("select action || ' ' || ground from audit_entry where subject = @subject order by number", new { subject = $"account:{account}" }));
    }

    [Fact]
    public async Task A_live_page_is_hung_up_on_when_a_role_is_withdrawn_and_goes_on_where_nothing_changed()
    {
        var (login, stays) = (Name(), Name());
        var account = await HireAsync(login, Role.Clerk, Role.Reviewer);
        await HireAsync(stays, Role.Clerk);
        await using var gone = await LivePage.OpenAsync(server, login);
        await using var open = await LivePage.OpenAsync(server, stays);
        (await server.Get<ChangeRoles>().RunAsync(await WhoAsync("approver"), account, Role.Reviewer, gives: false, "调岗")).OrThrow();
        var mark = await LivePage.PublishAsync(server.Services);
        await Assert.ThrowsAnyAsync<Exception>(() => gone.HearUntilAsync([Guid.NewGuid().ToString()]));
        Assert.Contains(mark, (await open.HearUntilAsync(mark)).Select(heard => heard.WhatEn));

        (await server.Get<SwitchAccount>().RunAsync(await WhoAsync("approver"), (await WhoAsync(stays)).Account, opens: false, "离职")).OrThrow();
        await Assert.ThrowsAnyAsync<Exception>(() => open.HearUntilAsync([Guid.NewGuid().ToString()]));
    }

    [Fact]
    public async Task Log_ins_from_before_that_mix_watching_and_deciding_are_refused_with_what_to_do_and_named()
    {
        var (watches, decides) = (Name(), Name());
        await HireAsync(watches, Role.Auditor);
        await HireAsync(decides, Role.Clerk);
        await using var connection = await server.Database.OpenConnectionAsync();
        // As it could be entered before the rule: two log-ins of one person.
        await connection.ExecuteAsync("update account set staff_id = @Staff where login = @watches", new { (await WhoAsync(decides)).Staff, watches });
        foreach (var login in new[] { watches, decides })
        {
            var fault = Assert.Single(Assert.IsType<Outcome<Actor>.BadInput>(await server.Get<LogIn>().TryAsync(login, ServerUnderTest.Password)).Errors);
            Assert.Equal("login", fault.Field);
            Assert.Contains("account close", fault.Problem.En, StringComparison.Ordinal);
        }
        var finding = Assert.Single((await server.Get<InvariantChecks>().RunAsync()).Violations, violation => violation.Number == "7.8");
        Assert.Contains(watches, finding.Finding, StringComparison.Ordinal);
        await server.Get<AccountStore>().CloseAsync(watches, server.Clock.GetUtcNow());
        (await server.Get<LogIn>().TryAsync(decides, ServerUnderTest.Password)).OrThrow();
        Assert.DoesNotContain((await server.Get<InvariantChecks>().RunAsync()).Violations, violation => violation.Number == "7.8");
    }

    [Fact]
    public async Task Nobody_changes_their_own_and_clashes_are_refused_with_the_reason()
    {
        var changes = server.Get<ChangeRoles>();
        var approver = await WhoAsync("approver");
        Expect(RefusalCode.OwnAccount, await changes.RunAsync(approver, approver.Account, Role.Finance, true, "x"));
        Expect(RefusalCode.OwnAccount, await server.Get<SwitchAccount>().RunAsync(approver, approver.Account, false, "x"));
        var account = await HireAsync(Name(), Role.Clerk);
        Expect(RefusalCode.RolesClash, await changes.RunAsync(approver, account, Role.Auditor, true, "x"));
        Expect(RefusalCode.RolesClash, await changes.RunAsync(approver, account, Role.Manager, true, "x"));
        Expect(RefusalCode.RolesClash, await changes.RunAsync(approver, account, Role.Clerk, false, "x"));
        Expect(RefusalCode.AccountAsWished, await changes.RunAsync(approver, account, Role.Clerk, true, "x"));
        Expect(RefusalCode.NotAllowed, await changes.RunAsync(await WhoAsync("auditor"), account, Role.Reviewer, true, "x"));
        Assert.IsType<Outcome<Nothing>.BadInput>(await changes.RunAsync(approver, account, Role.Reviewer, true, " "));
        (await changes.RunAsync(approver, account, Role.Reviewer, true, "兼任")).OrThrow();
    }

    [Fact]
    public async Task Two_entries_that_are_one_person_are_merged_by_two_and_count_as_one_for_duties()
    {
        var (one, two) = (Name(), Name());
        await HireAsync(one, Role.Reviewer);
        await HireAsync(two, Role.Approver);
        var scene = await SettledScene.BuildAsync(server);
        var desk = new Desk(server);
        var claim = (await desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        (await desk.ReviewAllAsync(claim, one)).OrThrow();

        var merge = server.Get<MergeStaff>();
        var (kept, merged) = ((await WhoAsync(two)).Staff, (await WhoAsync(one)).Staff);
        var id = (await merge.ProposeAsync(await WhoAsync("operator"), kept, merged, "同一人两条记录")).OrThrow();
        Expect(RefusalCode.MergeWrongStep, await merge.ProposeAsync(await WhoAsync("operator"), merged, kept, "又提一次"));
        Expect(RefusalCode.SamePerson, await merge.DecideAsync(await WhoAsync("operator"), id, true));
        using var before = await server.LogInAsync(one);
        (await merge.DecideAsync(await WhoAsync("approver"), id, true)).OrThrow();
        Expect(RefusalCode.MergeWrongStep, await merge.DecideAsync(await WhoAsync("approver"), id, true));

        // The session of the old entry is over; whoever reviewed under it may not approve under the other.
        using var ended = await before.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Forbidden, ended.StatusCode);
        using var api = await server.LogInAsync(two);
        using var refused = await api.PostAsync($"/api/claims/{claim}/approve", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("706", await refused.Content.ReadAsStringAsync());
        await scene.ExpectAsync(reserved: 1500, payable: 0, paid: 0);
        using var portal = await server.OpenPortalAsync("auditor");
        Assert.Contains(one, await portal.GetStringAsync($"/accounts/{kept}"));
    }

    [Fact]
    public async Task Entries_with_different_numbers_are_never_one_person()
    {
        var (one, two) = (Name(), Name());
        (await AddAsync(one, "甲", [Role.Clerk], Roster.NewNumber().Reveal())).OrThrow();
        (await AddAsync(two, "乙", [Role.Clerk], Roster.NewNumber().Reveal())).OrThrow();
        Expect(RefusalCode.TwoPersons, await server.Get<MergeStaff>().ProposeAsync(await WhoAsync("operator"), (await WhoAsync(one)).Staff, (await WhoAsync(two)).Staff, "像"));
    }

    [Fact]
    public async Task The_page_shows_who_is_unidentified_and_a_clerk_does_not_see_it()
    {
        using var portal = await server.OpenPortalAsync("operator");
        var page = await portal.GetStringAsync("/accounts");
        Assert.Contains("马经办", page);
        Assert.Contains("未核实", page);
        using var clerk = await server.OpenPortalAsync("clerk");
        using var refused = await clerk.GetAsync("/accounts");
        Assert.Equal("/not-allowed", refused.Headers.Location!.AbsolutePath);
    }

    private static string Name() => $"person{Interlocked.Increment(ref _made)}";

    private Task<Actor> WhoAsync(string login) => SettledScene.ActorAsync(server, login);

    private Task<AccountId> HireAsync(string login, params Role[] roles) =>
        server.Get<AccountStore>().SaveAsync(login, login, LogIn.HashPassword(ServerUnderTest.Password), roles, null, server.Clock.GetUtcNow());

    private Task<Outcome<AccountId>> AddAsync(string login, string name, Role[] roles, string? number, string? person = null) =>
        server.Get<AddAccount>().ApplyAsync(new AddAccount.Wish(login, name, roles, null, null, number, person), ServerUnderTest.Password);

    private static string Field(Outcome<AccountId> outcome) => Assert.Single(Assert.IsType<Outcome<AccountId>.BadInput>(outcome).Errors).Field;

    private static void Expect<T>(RefusalCode code, Outcome<T> outcome) => Assert.Equal(code, Assert.IsType<Outcome<T>.Refused>(outcome).Refusal.Code);

    private static async Task PostAsync(HttpClient portal, string page, string handler, params (string Name, string Value)[] fields)
    {
        var token = ServerUnderTest.Antiforgery(await portal.GetStringAsync(page));
        using var answer = await portal.PostAsync($"{page}?handler={handler}", new FormUrlEncodedContent(
            fields.Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))));
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
    }
}
