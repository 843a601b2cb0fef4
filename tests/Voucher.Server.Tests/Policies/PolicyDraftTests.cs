using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Policies;

namespace Voucher.Server.Tests.Policies;

public sealed class PolicyDraftTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly PolicyOffice _office = new(server);

    private static RefusalCode CodeOf<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Refused>(outcome).Refusal.Code;

    [Fact]
    public async Task A_draft_becomes_the_rule_from_its_date_once_another_person_has_approved_it_and_the_past_keeps_its_own()
    {
        var before = (await _office.Policies.InForceOnAsync(_office.Today.AddDays(40)))!;
        var id = await _office.SubmittedAsync(pack => pack with
        {
            EffectiveFrom = _office.Today.AddDays(40), Parameters = pack.Parameters with { ValidityDays = 123 },
        });
        Assert.Equal(before.Id, (await _office.Policies.InForceOnAsync(_office.Today.AddDays(40)))!.Id);
        var number = (await _office.Decide.ApproveAsync(id, await _office.ActorAsync("approver"))).OrThrow();
        var rule = (await _office.Policies.InForceOnAsync(_office.Today.AddDays(40)))!;
        Assert.Equal((number, 123, before.Version + 1), (rule.Id, rule.Parameters.ValidityDays, rule.Version));
        Assert.Equal(before.Id, (await _office.Policies.InForceOnAsync(_office.Today.AddDays(39)))!.Id);
        var trail = await TrailAsync();
        foreach (var action in new[] { "policy.draft", "policy.change", "policy.submit" }) Assert.Contains((action, $"policy-draft:{id}"), trail);
        Assert.Contains(("policy.approve", $"policy:{number}"), trail);
    }

    [Fact]
    public async Task Whoever_drafted_it_cannot_decide_it_by_whatever_account_and_the_database_says_so_too()
    {
        var id = await _office.SubmittedAsync();
        var clerk = await _office.ActorAsync("clerk");
        var second = clerk with { Account = (await _office.ActorAsync("approver")).Account, Roles = new HashSet<Role> { Role.Approver } };
        Assert.Equal(RefusalCode.SamePerson, CodeOf(await _office.Decide.ApproveAsync(id, second)));
        Assert.Equal(RefusalCode.SamePerson, CodeOf(await _office.Decide.RefuseAsync(id, "x", second)));
        var fault = await FaultAsync("""
            update policy_draft set status = 4, reason = 'x', decided_by = drafted_by, decided_by_staff = drafted_by_staff, decided_at = now() where id = @id
            """, id);
        Assert.Equal(PostgresErrorCodes.CheckViolation, fault.SqlState);
    }

    [Fact]
    public async Task Only_the_drafter_changes_submits_and_withdraws()
    {
        var id = await _office.DraftAsync();
        var other = await _office.OtherClerkAsync();
        var pack = (await server.Get<PolicyDraftStore>().FindAsync(id))!.Pack;
        Assert.Equal(RefusalCode.PolicyDraftOfAnother, CodeOf(await _office.Draft.ChangeAsync(id, pack, [], other)));
        Assert.Equal(RefusalCode.PolicyDraftOfAnother, CodeOf(await _office.Draft.SubmitAsync(id, other)));
        Assert.Equal(RefusalCode.PolicyDraftOfAnother, CodeOf(await _office.Draft.WithdrawAsync(id, other)));
        Assert.Equal(RefusalCode.NotFound, CodeOf(await _office.Draft.SubmitAsync(9_999, other)));
        var copy = (await _office.Draft.CopyAsync(pack, other)).OrThrow();
        Assert.Equal(other.Staff, (await server.Get<PolicyDraftStore>().FindAsync(copy))!.DraftedByStaff);
    }

    [Fact]
    public async Task What_is_submitted_does_not_change_and_what_is_decided_stays()
    {
        var (clerk, approver) = (await _office.ActorAsync("clerk"), await _office.ActorAsync("approver"));
        var id = await _office.DraftAsync();
        Assert.Equal(RefusalCode.PolicyWrongStep, CodeOf(await _office.Decide.ApproveAsync(id, approver)));
        await _office.Draft.SubmitAsync(id, clerk);
        var pack = (await server.Get<PolicyDraftStore>().FindAsync(id))!.Pack;
        Assert.Equal(RefusalCode.PolicyWrongStep, CodeOf(await _office.Draft.ChangeAsync(id, pack, [], clerk)));
        Assert.Equal("23001", (await FaultAsync("update policy_draft set parameters = '{}' where id = @id", id)).SqlState);
        Assert.IsType<Outcome<Nothing>.BadInput>(await _office.Decide.RefuseAsync(id, " ", approver));
        Assert.IsType<Outcome<Nothing>.Done>(await _office.Decide.RefuseAsync(id, "标准依据不足", approver));
        Assert.Equal("标准依据不足", (await server.Get<PolicyDraftStore>().FindAsync(id))!.Reason);
        Assert.Equal(RefusalCode.PolicyWrongStep, CodeOf(await _office.Decide.ApproveAsync(id, approver)));
        Assert.Equal(RefusalCode.PolicyWrongStep, CodeOf(await _office.Draft.WithdrawAsync(id, clerk)));
        Assert.Equal("23001", (await FaultAsync("update policy_draft set status = 1, reason = null where id = @id", id)).SqlState);
        Assert.Equal("23001", (await FaultAsync("delete from policy_draft where id = @id", id)).SqlState);
    }

    [Fact]
    public async Task A_submitted_draft_may_be_withdrawn_and_is_then_never_a_rule()
    {
        var id = await _office.SubmittedAsync(pack => pack with { EffectiveFrom = _office.Today.AddDays(200) });
        await _office.Draft.WithdrawAsync(id, await _office.ActorAsync("clerk"));
        Assert.Equal(RefusalCode.PolicyWrongStep, CodeOf(await _office.Decide.ApproveAsync(id, await _office.ActorAsync("approver"))));
        Assert.DoesNotContain(await _office.Policies.ListAsync(), pack => pack.EffectiveFrom == _office.Today.AddDays(200));
    }

    [Fact]
    public async Task A_pack_rules_from_tomorrow_at_the_earliest_when_it_is_handed_in_and_when_it_is_approved()
    {
        var early = await _office.DraftAsync(pack => pack with { EffectiveFrom = _office.Today });
        var refused = Assert.IsType<Outcome<Nothing>.Refused>(await _office.Draft.SubmitAsync(early, await _office.ActorAsync("clerk"))).Refusal;
        Assert.Equal(RefusalCode.PolicyDateInPast, refused.Code);
        Assert.Contains("过去的日子按当日的规则办理", refused.Reason.Zh, StringComparison.Ordinal);
        var waiting = await _office.SubmittedAsync(pack => pack with { EffectiveFrom = _office.Today.AddDays(1) });
        server.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(RefusalCode.PolicyDateInPast, CodeOf(await _office.Decide.ApproveAsync(waiting, await _office.ActorAsync("approver"))));
    }

    [Fact]
    public async Task The_same_version_of_a_document_comes_once()
    {
        var first = await _office.SubmittedAsync(pack => pack with { DocumentNo = "同一文号", Version = 7, EffectiveFrom = _office.Today.AddDays(300) });
        var second = await _office.SubmittedAsync(pack => pack with { DocumentNo = "同一文号", Version = 7, EffectiveFrom = _office.Today.AddDays(301) });
        var approver = await _office.ActorAsync("approver");
        (await _office.Decide.ApproveAsync(first, approver)).OrThrow();
        Assert.Equal("version", Assert.IsType<Outcome<PolicyId>.BadInput>(await _office.Decide.ApproveAsync(second, approver)).Errors.Single().Field);
        var third = await _office.DraftAsync(pack => pack with { DocumentNo = "同一文号", Version = 7 });
        Assert.Equal("version", Assert.IsType<Outcome<Nothing>.BadInput>(await _office.Draft.SubmitAsync(third, await _office.ActorAsync("clerk"))).Errors.Single().Field);
    }

    [Fact]
    public async Task A_pack_never_changes_whoever_tries()
    {
        Assert.Equal("23001", (await FaultAsync("update policy_pack set parameters = '{}' where id = (select min(id) from policy_pack) and @id = 0", 0)).SqlState);
        Assert.Equal("23001", (await FaultAsync("delete from policy_pack where @id = 0", 0)).SqlState);
    }

    private async Task<PostgresException> FaultAsync(string sql, int id)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql, new { id }));
    }

    private async Task<List<(string Action, string Subject)>> TrailAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.QueryAsync<(string, string)>("select action, subject from audit_entry")).AsList();
    }
}
