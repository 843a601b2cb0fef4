using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Fraud;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Fraud;
using Voucher.Server.Reporting;
using Voucher.Server.Invariants;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Fraud;

public sealed class BaitTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly GuardScene _scene = new(server);

    [Fact]
    public async Task A_bait_voucher_is_real_in_all_but_its_holder_and_any_scan_of_it_alarms_the_county()
    {
        var before = await server.Get<FunnelStore>().OfCountyAsync(null);
        var bait = await MakeAsync();
        using var terminal = await _scene.Scans.PairAsync();
        var training = await _scene.Scans.OpenClassAsync();
        using var reviewer = await server.LogInAsync("reviewer");
        Assert.DoesNotContain(await HoldsAsync(reviewer), hold => hold.Reason == nameof(HoldReason.Honeytoken));

        var held = await terminal.ScanAsync(ScanMode.Enrol, training, bait);
        Assert.Equal((int)RefusalCode.VoucherHeld, held.Refusal);
        Assert.DoesNotMatch("诱饵|bait", held.Reason.Zh + held.Reason.En + held.NextStep.Zh + held.NextStep.En);
        Assert.Equal("张*", held.Holder);

        var alarm = Assert.Single(await HoldsAsync(reviewer), hold => hold.Reason == nameof(HoldReason.Honeytoken));
        Assert.Null(alarm.Holder);
        Assert.Single(alarm.Evidence);
        await _scene.DecideAsync(alarm.Id, "release", HttpStatusCode.Conflict);
        await _scene.DecideAsync(alarm.Id, "confirm");
        Assert.DoesNotContain(await HoldsAsync(reviewer), hold => hold.Id == alarm.Id);

        // Dealt with, and shown again by its short code at an attendance: the county hears of it again, the desk an ordinary no.
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var byCode = terminal.NewScan(ScanMode.CheckIn, training, bait) with { Digits = null, ShortCode = bait.ShortCode.ToString() };
        Assert.Equal((int)RefusalCode.NotEnrolled, (await terminal.SendAsync(byCode)).Refusal);
        Assert.Equal(2, Assert.Single(await HoldsAsync(reviewer), hold => hold.Id == alarm.Id).Evidence.Count);
        Assert.Equal(before with { Issued = before.Issued + 1 }, await server.Get<FunnelStore>().OfCountyAsync(null));
    }

    [Fact]
    public async Task Bait_reserves_no_money_breaks_no_invariant_and_is_in_no_list_of_people_or_batches()
    {
        var bait = await MakeAsync("李诱饵");
        Assert.DoesNotContain((await server.Get<InvariantChecks>().RunAsync()).Violations, violation => violation.Subject == $"voucher {bait.Id.Value}");
        using var clerk = await server.LogInAsync("clerk");
        Assert.DoesNotContain("李诱饵", await clerk.GetStringAsync("/api/register/people"));
        await using var connection = await server.Database.OpenConnectionAsync();
        var own = await connection.ExecuteScalarAsync<long>("select batch_id from voucher where id = @Id", new { bait.Id });
        Assert.DoesNotContain($"\"id\":{own},", await clerk.GetStringAsync("/api/batches"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("select count(*) from voucher v join batch b on b.id = v.batch_id where b.is_bait and v.is_reserved"));
        using var baits = await clerk.GetAsync("/api/fraud/baits");
        Assert.Equal(HttpStatusCode.Forbidden, baits.StatusCode);
    }

    [Fact]
    public async Task Bait_is_printed_on_the_paper_of_real_vouchers()
    {
        var bait = await MakeAsync();
        using var approver = await server.OpenPortalAsync("approver");
        var paper = await approver.GetStringAsync($"/fraud/baits/{bait.Id.ToString().Replace(" ", "")}/paper");
        Assert.Contains(bait.ShortCode.ToString(), paper);
        Assert.Contains("张三", paper);
        Assert.Contains("href=\"/fraud/baits\"", paper);
        Assert.Equal(["fraud.bait-print"], await PrintsOfAsync(bait));
        var page = await approver.GetStringAsync("/fraud/baits");
        Assert.Contains(bait.Id.ToString(), page);
        using var reviewer = await server.OpenPortalAsync("reviewer");
        using var away = await reviewer.GetAsync("/fraud/baits");
        Assert.Equal(HttpStatusCode.Redirect, away.StatusCode);
    }

    [Fact]
    public async Task The_paper_of_one_real_voucher_leads_back_to_it_and_is_audited_as_a_print()
    {
        var real = await _scene.Scans.IssueAsync();
        var number = real.Id.ToString().Replace(" ", "");
        using var clerk = await server.OpenPortalAsync("clerk");
        var paper = await clerk.GetStringAsync($"/issuing/vouchers/{number}/paper");
        Assert.Contains(real.ShortCode.ToString(), paper);
        Assert.Contains($"href=\"/issuing/vouchers/{number}\"", paper);
        Assert.Equal(["voucher.print"], await PrintsOfAsync(real));

        using var approver = await server.OpenPortalAsync("approver");
        using var notBait = await approver.GetAsync($"/fraud/baits/{number}/paper");
        Assert.Equal(HttpStatusCode.NotFound, notBait.StatusCode);
        Assert.Equal(["voucher.print"], await PrintsOfAsync(real));
    }

    private async Task<IEnumerable<string>> PrintsOfAsync(PaperVoucher voucher)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QueryAsync<string>(
            "select action from audit_entry where subject = @subject and action like '%print'", new { subject = $"voucher:{voucher.Id.Value}" });
    }

    [Fact]
    public async Task A_bait_form_that_cannot_be_used_names_its_fields()
    {
        using var approver = await server.LogInAsync("approver");
        using var answer = await approver.PostAsJsonAsync("/api/fraud/baits", new { likeBatch = 999_999, holderName = "", township = 1 });
        Assert.Equal(["holderName", "likeBatch", "township"], await Problem.FieldsAsync(answer));
    }

    private async Task<PaperVoucher> MakeAsync(string name = "张三")
    {
        var real = await _scene.Scans.IssueAsync(); // Some batch to look like.
        using var approver = await server.LogInAsync("approver");
        await using var connection = await server.Database.OpenConnectionAsync();
        var like = await connection.ExecuteScalarAsync<long>("select batch_id from voucher where id = @Id", new { real.Id });
        var made = await ScanScene.PostAsync<FraudEndpoints.NewBaitAnswer>(approver, "/api/fraud/baits", new { likeBatch = like, holderName = name });
        Assert.True(VoucherId.TryParse(made.VoucherNumber, out var id));
        var token = TokenDecoder.ReadStored((await connection.ExecuteScalarAsync<byte[]>("select token from voucher where id = @id", new { id }))!);
        return new PaperVoucher(id, token.ToDigits(), token.ShortCode, token.Holder, default);
    }

    private static async Task<FraudEndpoints.HoldAnswer[]> HoldsAsync(HttpClient client) => (await client.GetFromJsonAsync<FraudEndpoints.HoldAnswer[]>("/api/fraud/holds"))!;
}
