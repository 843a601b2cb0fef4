using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Policies;

namespace Voucher.Server.Tests.Policies;

/// <summary>Those who make the county's rules, and the way from a draft to a pack.</summary>
public sealed class PolicyOffice(ServerUnderTest server)
{
    public DateOnly Today => CountyTime.DayOf(server.Clock.GetUtcNow());

    public PolicyStore Policies => server.Get<PolicyStore>();

    public DraftPolicy Draft => server.Get<DraftPolicy>();

    public DecidePolicy Decide => server.Get<DecidePolicy>();

    public async Task<Actor> ActorAsync(string login) => (await server.Get<AccountStore>().FindAsync(login))!.Value.Actor;

    /// <summary>Another clerk of the county.</summary>
    public async Task<Actor> OtherClerkAsync()
    {
        await server.Get<AccountStore>().SaveAsync(
            "clerk2", "周经办", LogIn.HashPassword(ServerUnderTest.Password), [Role.Clerk], null, server.Clock.GetUtcNow());
        return await ActorAsync("clerk2");
    }

    /// <summary>A draft of the clerk's, after the rule of today unless another pack is given.</summary>
    public async Task<int> DraftAsync(Func<Policy, Policy>? change = null, Policy? after = null)
    {
        var clerk = await ActorAsync("clerk");
        var id = (await Draft.CopyAsync(after ?? (await Policies.InForceOnAsync(Today))!, clerk)).OrThrow();
        if (change is null) return id;
        var known = (await server.Get<PolicyDraftStore>().FindAsync(id))!;
        Assert.IsType<Outcome<Nothing>.Done>(await Draft.ChangeAsync(id, change(known.Pack), [], clerk));
        return id;
    }

    public async Task<int> SubmittedAsync(Func<Policy, Policy>? change = null, Policy? after = null)
    {
        var id = await DraftAsync(change, after);
        Assert.IsType<Outcome<Nothing>.Done>(await Draft.SubmitAsync(id, await ActorAsync("clerk")));
        return id;
    }

    /// <summary>Drafted by the clerk and approved by the approver.</summary>
    public async Task<Policy> PutInForceAsync(Func<Policy, Policy>? change = null, Policy? after = null)
    {
        var id = await SubmittedAsync(change, after);
        return await Policies.GetAsync((await Decide.ApproveAsync(id, await ActorAsync("approver"))).OrThrow());
    }
}
