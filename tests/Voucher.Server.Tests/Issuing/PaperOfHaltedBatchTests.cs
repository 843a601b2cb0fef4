using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;

namespace Voucher.Server.Tests.Issuing;

/// <summary>The vouchers of a batch that is paused or stopped may yet be revoked: nothing of it comes on paper.</summary>
public sealed class PaperOfHaltedBatchTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Paused = """
        update batch set status = 2, finished_at = null, paused_at = now(), paused_by = approved_by, paused_by_staff = approved_by_staff, pause_reason = '核对'
        where id = @batch
        """;

    /// <summary>As it stands until its vouchers are revoked one after the other.</summary>
    private const string Stopped = """
        update batch set status = 6, finished_at = now(), paused_at = now(), paused_by = approved_by, paused_by_staff = approved_by_staff, pause_reason = '核对',
            stopped_by_staff = drafted_by_staff, closed_by = drafted_by, closed_at = now(), closing_reason = '核对'
        where id = @batch
        """;

    [Theory]
    [InlineData(Paused, "已暂停")]
    [InlineData(Stopped, "已中止")]
    public async Task A_batch_that_is_halted_is_not_printed_by_its_address_either_and_the_page_says_why(string halt, string said)
    {
        using var clerk = await server.LogInAsync("clerk");
        var batch = await IssuedBatchAsync(clerk);
        using var portal = await server.OpenPortalAsync("clerk");
        var path = $"/issuing/batches/{batch}/print";
        Assert.Contains("data-voucher=", await portal.GetStringAsync(path), StringComparison.Ordinal);

        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(halt, new { batch });
        var page = await portal.GetStringAsync(path);
        Assert.DoesNotContain("data-voucher=", page, StringComparison.Ordinal);
        Assert.Contains("802", page, StringComparison.Ordinal);
        Assert.Contains(said, page, StringComparison.Ordinal);
    }

    private async Task<long> IssuedBatchAsync(HttpClient clerk)
    {
        var people = await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), 2);
        var list = await TestPeople.AddListAsync(server.Database, people);
        using var drafted = await clerk.PostAsJsonAsync("/api/batches", TestPeople.Request(list));
        var batch = (await drafted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        using var approver = await server.LogInAsync("approver");
        using (await approver.PostAsync($"/api/batches/{batch}/approve", null)) { }
        await using var connection = await server.Database.OpenConnectionAsync();
        await Patience.UntilAsync(
            async () => await connection.ExecuteScalarAsync<int>("select status from batch where id = @batch", new { batch }) == 3, $"Batch {batch} was not issued.");
        return batch;
    }
}
