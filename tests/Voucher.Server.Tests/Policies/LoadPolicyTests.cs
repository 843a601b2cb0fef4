using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Database;
using Voucher.Server.Policies;
using Voucher.Testing;

namespace Voucher.Server.Tests.Policies;

public sealed class LoadPolicyTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly PolicyOffice _office = new(server);

    private static PolicyDocument Dongxiang => ShippedPolicies.Find(ShippedPolicies.Dongxiang)!;

    private Task<Outcome<string>> LoadAsync(PolicyDocument document, bool takeForOwn = false, string? login = "clerk") =>
        server.Get<LoadPolicy>().RunAsync(document.ToJson(), takeForOwn, login);

    private static string FieldOf(Outcome<string> outcome) => Assert.IsType<Outcome<string>.BadInput>(outcome).Errors.Single().Field;

    [Fact]
    public async Task A_county_with_a_rule_gets_a_draft_which_another_person_must_approve()
    {
        var before = (await _office.Policies.ListAsync()).Count;
        var said = (await LoadAsync(Dongxiang with { Version = 9, EffectiveFrom = _office.Today.AddDays(3) })).OrThrow();
        Assert.Contains("of clerk", said, StringComparison.Ordinal);
        Assert.Equal(before, (await _office.Policies.ListAsync()).Count);
        Assert.Contains(await server.Get<PolicyDraftStore>().ListAsync(), draft => draft.Pack.Version == 9 && draft.Status == PolicyDraftStatus.Drafted);
    }

    [Fact]
    public async Task What_cannot_be_loaded_says_why()
    {
        var good = Dongxiang with { Version = 8, EffectiveFrom = _office.Today.AddDays(1) };
        Assert.Equal("validityDays", FieldOf(await LoadAsync(good with { Parameters = good.Parameters with { ValidityDays = 731 } })));
        Assert.Equal("region", FieldOf(await LoadAsync(good with { Region = "231200" })));
        Assert.Equal("version", FieldOf(await LoadAsync(good with { Version = 1 })));
        foreach (var login in new[] { null, "nobody", "approver" }) Assert.Equal("by", FieldOf(await LoadAsync(good, login: login)));
        Assert.Equal("file", FieldOf(await server.Get<LoadPolicy>().RunAsync("no pack", false, "clerk")));
        var past = Assert.IsType<Outcome<string>.Refused>(await LoadAsync(good with { EffectiveFrom = _office.Today }));
        Assert.Equal(RefusalCode.PolicyDateInPast, past.Refusal.Code);
        Assert.IsType<Outcome<string>.Done>(await LoadAsync(good with { Region = "231200" }, takeForOwn: true));
    }

    [Fact]
    public async Task A_new_county_gets_its_first_rule_from_a_file_though_it_began_in_the_past()
    {
        await using var database = await PrivateServices.CreateDatabaseAsync();
        await using var app = ServerComposition.Build(
            [$"--VOUCHER_POSTGRES={database.ConnectionString}", $"--VOUCHER_REDIS={server.Redis.Configuration}", $"--VOUCHER_HOME={server.Home}", "--urls=http://127.0.0.1:0"]);
        await app.Services.GetRequiredService<Migrator>().RunAsync();
        await County.SetAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), new County(new(231281), "安达市"));
        var load = app.Services.GetRequiredService<LoadPolicy>();
        var suihua = ShippedPolicies.Find(ShippedPolicies.Suihua)!;
        Assert.Equal("region", FieldOf(await load.RunAsync(suihua.ToJson(), false, null)));
        Assert.Equal("effectiveFrom", FieldOf(await load.RunAsync((suihua with { EffectiveFrom = new(2100, 1, 1) }).ToJson(), true, null)));
        var today = CountyTime.DayOf(TimeProvider.System.GetUtcNow());
        (await load.RunAsync((suihua with { EffectiveUntil = today.AddDays(1) }).ToJson(), true, null)).OrThrow();
        var rule = (await app.Services.GetRequiredService<PolicyStore>().InForceOnAsync(new(2019, 6, 1)))!;
        Assert.Equal(("绥人社发〔2019〕18号", "231281"), (rule.DocumentNo, rule.Region.ToString()));
        var month = new TestClock();
        month.Advance(TimeSpan.FromDays(30));
        await FollowAsync(app.Services, rule, month, today.AddDays(2));
    }

    /// <summary>The only pack has run out: the next is drafted and approved all the same, and fills the days without a rule.</summary>
    private static async Task FollowAsync(IServiceProvider services, Policy last, TimeProvider month, DateOnly gap)
    {
        var (database, drafts, policies) = (services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<PolicyDraftStore>(), services.GetRequiredService<PolicyStore>());
        var (draft, decide) = (new DraftPolicy(database, drafts, policies, month), new DecidePolicy(database, drafts, policies, month));
        var (clerk, approver) = (await ActorAsync("clerk", Role.Clerk), await ActorAsync("approver", Role.Approver));
        var id = (await draft.CopyAsync(last, clerk)).OrThrow();
        var pack = (await drafts.FindAsync(id))!.Pack;
        await draft.ChangeAsync(id, pack with { EffectiveFrom = gap.AddDays(-1) }, [], clerk);
        Assert.Equal(RefusalCode.PolicyDateInPast, Assert.IsType<Outcome<Nothing>.Refused>(await draft.SubmitAsync(id, clerk)).Refusal.Code);
        await draft.ChangeAsync(id, pack with { EffectiveFrom = gap }, [], clerk);
        (await draft.SubmitAsync(id, clerk)).OrThrow();
        var number = (await decide.ApproveAsync(id, approver)).OrThrow();
        Assert.Equal(number, (await policies.InForceOnAsync(gap))!.Id);

        async Task<Actor> ActorAsync(string login, Role role)
        {
            var accounts = services.GetRequiredService<AccountStore>();
            await accounts.SaveAsync(login, login, LogIn.HashPassword(ServerUnderTest.Password), [role], null, month.GetUtcNow());
            return (await accounts.FindAsync(login))!.Value.Actor;
        }
    }
}
