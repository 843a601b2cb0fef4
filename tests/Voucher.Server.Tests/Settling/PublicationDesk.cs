using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Publishing;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Tests.Settling;

/// <summary>The use cases of publication as the tests say them, under a pack that wants five working days and keeps ten percent back.</summary>
public sealed class PublicationDesk(ServerUnderTest server)
{
    public const int WorkingDays = 5;

    /// <summary>Two persons of the county who have reviewed and approved nothing.</summary>
    public const string Proposer = "objection-reviewer";
    public const string Decider = "objection-approver";

    /// <summary>Decides on money kept back, and on nothing else.</summary>
    public const string RetentionApprover = "retention-approver";

    private Core.WorkingDays _calendar = Core.WorkingDays.WeekendsOnly;

    public Desk Desk { get; } = new(server);

    public DateOnly Today => CountyTime.DayOf(server.Clock.GetUtcNow());

    public async Task PrepareAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            set session_replication_role = replica;
            update policy_pack set parameters = parameters || '{"publicityWorkingDays": 5, "retentionPercent": 10, "retentionMonths": 1}';
            set session_replication_role = default;
            """);
        server.Get<PolicyStore>().Forget();
        _calendar = await server.Get<HolidayStore>().CalendarAsync();
        await Desk.HireAsync(Proposer, Role.Reviewer);
        await Desk.HireAsync(Decider, Role.Approver);
        await Desk.HireAsync(RetentionApprover, Role.Approver);
    }

    public async Task<Outcome<long>> PublishAsync(ClaimId? claim = null, DateOnly? from = null, int? workingDays = null, string heading = "培训补贴公示", string phone = "0930-7120000") =>
        await server.Get<Publish>().RunAsync(await Desk.WhoAsync("clerk"), new PublicationForm(null, claim?.Value, heading, from, workingDays, phone, "县人社局一楼"));

    public async Task<Outcome<long>> ObjectAsync(long publication, string lines, string? objector = null, long? classId = null) =>
        await server.Get<TakeObjection>().AtDeskAsync(
            await Desk.WhoAsync("clerk"), publication, new ObjectionForm(lines, classId, "没有见过这个人上课", objector, ObjectionChannel.Telephone));

    public async Task<Outcome<ObjectionState>> StepAsync(long objection, ObjectionStep step, string login) =>
        await server.Get<DecideObjection>().RunAsync(await Desk.WhoAsync(login), objection, step, "已核实");

    /// <summary>Proposed by one and confirmed by another.</summary>
    public async Task<ObjectionState> DecideAsync(long objection, ObjectionStep proposal)
    {
        (await StepAsync(objection, proposal, Proposer)).OrThrow();
        return (await StepAsync(objection, ObjectionStep.Confirm, Decider)).OrThrow();
    }

    /// <summary>A claim that is approved and published from today.</summary>
    public async Task<(ClaimId Claim, long Publication)> PublishedAsync(IEnumerable<VoucherId> vouchers)
    {
        var claim = await Desk.ApprovedClaimAsync(vouchers);
        return (claim, (await PublishAsync(claim)).OrThrow());
    }

    /// <summary>The day after the period of a list that was put up today.</summary>
    public void WaitOut()
    {
        server.Clock.MoveTo(LastDay.AddDays(1), new TimeOnly(9, 0));
    }

    /// <summary>Of the period of a list that is put up today.</summary>
    public DateOnly LastDay => PublicationPeriod.Of(Today, WorkingDays, _calendar.IsWorking).Until;

    public async Task<T> AskAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }
}
