using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Journals.Conflicts;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Journals;

/// <summary>Two institutions that enrol one person while the network is away, and the county that decides.</summary>
public sealed class ConflictScene(ServerUnderTest server) : IDisposable
{
    public const int OtherInstitution = 2;

    public ScanScene Scans { get; } = new(server);
    public PaperVoucher Voucher { get; private set; } = null!;
    public OfflineDesk Here { get; private set; } = null!;
    public OfflineDesk There { get; private set; } = null!;
    public ClassId ClassHere { get; private set; }
    public ClassId ClassThere { get; private set; }
    public Guid ClaimHere { get; private set; }
    public Guid ClaimThere { get; private set; }

    /// <summary>Tomorrow at seven, both desks offline, a class of one session at nine at each.</summary>
    public async Task BeginAsync()
    {
        server.Clock.MoveTo(Scans.Today.AddDays(1), new TimeOnly(7, 0));
        Voucher = await Scans.IssueAsync();
        ClassHere = await Scans.OpenClassAsync();
        ClassThere = await Scans.OpenClassAsync(OtherInstitution, programmeCode: 1002);
        (Here, There) = (await OfflineDesk.PairAsync(server), await OfflineDesk.PairAsync(server, OtherInstitution));
    }

    /// <summary>Both enrol; the person then sits in the class here. Both come back at noon, and nobody can tell who was first.</summary>
    public async Task ContestAsync()
    {
        await BeginAsync();
        Advance(10);
        ClaimHere = Here.Scan(ScanMode.Enrol, ClassHere, Voucher);
        Advance(10);
        ClaimThere = There.Scan(ScanMode.Enrol, ClassThere, Voucher);
        Advance(90);
        Here.Scan(ScanMode.CheckIn, ClassHere, Voucher);
        Advance(180);
        Here.Scan(ScanMode.CheckOut, ClassHere, Voucher);
        Advance(10);
        await There.ComeBackAsync();
        await Here.ComeBackAsync();
    }

    public void Advance(int minutes) => server.Clock.Advance(TimeSpan.FromMinutes(minutes));

    public async Task<ConflictEndpoints.ConflictAnswer> CaseAsync(bool open = true)
    {
        using var auditor = await server.LogInAsync("auditor");
        var cases = await auditor.GetFromJsonAsync<ConflictEndpoints.ConflictAnswer[]>($"/api/conflicts?open={(open ? "true" : "false")}");
        return Assert.Single(cases!, one => one.VoucherNumber == Voucher.Id.ToString());
    }

    public async Task<HttpResponseMessage> ProposeAsync(string login, string? choice, string? reason = "电话核对过两处", int claims = 2)
    {
        using var client = await server.LogInAsync(login);
        return await client.PostAsJsonAsync($"/api/conflicts/{(await CaseAsync()).Id}/proposal", new { choice, reason, claims });
    }

    public async Task<HttpResponseMessage> DecideAsync(string login, string? verdict, long? id = null, string? reason = "同意", int claims = 2)
    {
        using var client = await server.LogInAsync(login);
        return await client.PostAsJsonAsync($"/api/conflicts/{id ?? (await CaseAsync()).Id}/decision", new { verdict, reason, claims });
    }

    /// <summary>A reviewer proposes, an approver confirms.</summary>
    public async Task SettleAsync(Guid? upheld)
    {
        using var proposed = await ProposeAsync("reviewer", upheld?.ToString() ?? "none");
        Assert.Equal(HttpStatusCode.NoContent, proposed.StatusCode);
        using var decided = await DecideAsync("approver", "confirm");
        Assert.Equal(HttpStatusCode.NoContent, decided.StatusCode);
    }

    public async Task<(int State, bool InConflict, long? Class)> VoucherAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(int, bool, long?)>("""
            select v.state::int, v.in_conflict, n.class_id from voucher v left join enrolment n on n.voucher_id = v.id and n.is_active where v.id = @Id
            """, new { Voucher.Id });
    }

    public async Task<T> AskAsync<T>(string sql, object? values = null)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, values))!;
    }

    public void Dispose()
    {
        Here?.Dispose();
        There?.Dispose();
    }
}
