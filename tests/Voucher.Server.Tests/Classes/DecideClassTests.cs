using System.Net;
using System.Net.Http.Json;
using Voucher.Core;
using Voucher.Core.Refusals;

namespace Voucher.Server.Tests.Classes;

public sealed class DecideClassTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ClassRoom _room = new(server);

    [Fact]
    public async Task Approval_freezes_the_rate_and_a_later_subsidy_does_not_touch_it()
    {
        var id = await _room.OpenApprovedAsync();
        Assert.Equal(150_000, await RateAsync(id));
        using var clerk = await server.LogInAsync("clerk");
        var programme = await _room.AskAsync<int>("select id from programme where code = 1002");
        async Task SetAsync(long subsidyFen)
        {
            using var changed = await clerk.PutAsJsonAsync(
                $"/api/programmes/{programme}", new { name = "牛肉拉面", tradeCode = 1, theoryHours = 18, practiceHours = 42, subsidyFen });
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }
        await SetAsync(99_900);
        Assert.Equal(150_000, await RateAsync(id));
        Assert.Equal(99_900, await RateAsync(await _room.OpenApprovedAsync()));
        await SetAsync(150_000);
    }

    [Fact]
    public async Task An_approval_names_who_and_under_which_rule_in_the_trail()
    {
        var id = await _room.OpenApprovedAsync();
        var detail = await _room.AskAsync<string>("""
            select e.detail from audit_entry e join account a on a.id = e.account_id
            where e.action = 'class.approve' and e.subject = @subject and a.login = 'approver'
            """, new { subject = $"class:{id}" });
        Assert.Contains("1500.00", detail, StringComparison.Ordinal);
        Assert.Contains("谁审批谁负责", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_approvals_at_once_one_wins_and_the_other_is_told()
    {
        var id = await _room.OpenAsync();
        using var approver = await server.LogInAsync("approver");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => approver.PostAsync($"/api/classes/{id}/approve", null)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        foreach (var lost in answers.Where(answer => answer.StatusCode != HttpStatusCode.NoContent))
            Assert.Equal(RefusalCode.WrongStep, await Problem.RefusalAsync(lost));
        Assert.Equal(1, await _room.AskAsync<int>(
            "select count(*) from audit_entry where action = 'class.approve' and subject = @subject", new { subject = $"class:{id}" }));
    }

    [Fact]
    public async Task Whoever_handed_the_class_in_may_not_approve_it()
    {
        var id = await _room.OpenAsync();
        await _room.AskAsync<object>("update training_class set created_by = (select id from account where login = 'approver') where id = @id returning 1", new { id });
        Assert.Equal(RefusalCode.SamePerson, await ApproveAsync(id));
    }

    [Fact]
    public async Task A_class_that_lost_its_sessions_is_not_approved()
    {
        var id = await _room.OpenAsync();
        await _room.AskAsync<object>("delete from class_session where class_id = @id returning 1", new { id });
        Assert.Equal(RefusalCode.ClassHasNoSessions, await ApproveAsync(id));
    }

    [Fact]
    public async Task Accreditation_is_checked_again_at_approval()
    {
        var id = await _room.OpenAsync();
        const string set = "update institution set is_suspended = @is where id = (select institution_id from training_class where id = @id) returning 1";
        await _room.AskAsync<object>(set, new { id, @is = true });
        Assert.Equal(RefusalCode.InstitutionNotAccredited, await ApproveAsync(id));
        await _room.AskAsync<object>(set, new { id, @is = false });
        Assert.Null(await ApproveAsync(id));
    }

    [Fact]
    public async Task A_refused_class_can_be_changed_and_handed_in_again_but_a_submitted_one_cannot()
    {
        var id = await _room.OpenAsync();
        using var manager = await server.LogInAsync("manager");
        using (var early = await manager.PutAsJsonAsync($"/api/classes/{id}", _room.Form()))
            Assert.Equal(RefusalCode.WrongStep, await Problem.RefusalAsync(early));
        using var approver = await server.LogInAsync("approver");
        using (var blank = await approver.PostAsJsonAsync($"/api/classes/{id}/refuse", new { reason = " " }))
            Assert.Equal(["reason"], await Problem.FieldsAsync(blank));
        using (var refused = await approver.PostAsJsonAsync($"/api/classes/{id}/refuse", new { reason = "课时不足" }))
            Assert.Equal(HttpStatusCode.NoContent, refused.StatusCode);
        Assert.Equal(RefusalCode.WrongStep, await ApproveAsync(id));
        using (var again = await manager.PutAsJsonAsync($"/api/classes/{id}", _room.Form()))
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Null(await ApproveAsync(id));
    }

    [Theory]
    [InlineData("clerk")]
    [InlineData("manager")]
    [InlineData("reviewer")]
    [InlineData("auditor")]
    public async Task Only_an_approver_decides(string login)
    {
        var id = await _room.OpenAsync();
        using var client = await server.LogInAsync(login);
        using var answer = await client.PostAsync($"/api/classes/{id}/approve", null);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using var portal = await server.OpenPortalAsync(login);
        var page = await portal.GetStringAsync($"/classes/{id}");
        Assert.DoesNotContain("class-approve", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_class_is_not_found()
    {
        using var approver = await server.LogInAsync("approver");
        using var answer = await approver.PostAsync("/api/classes/999999999/approve", null);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private Task<long> RateAsync(ClassId id) => _room.AskAsync<long>("select rate_fen from training_class where id = @id", new { id });

    /// <summary>The refusal, or <c>null</c> when approved.</summary>
    private async Task<RefusalCode?> ApproveAsync(ClassId id)
    {
        using var approver = await server.LogInAsync("approver");
        using var answer = await approver.PostAsync($"/api/classes/{id}/approve", null);
        return answer.IsSuccessStatusCode ? null : await Problem.RefusalAsync(answer);
    }
}
