using System.Net;
using Dapper;
using Voucher.Core.OfflineLists;
using Voucher.Core.Wire;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.OfflineLists;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.OfflineLists;

/// <summary>A voucher's way through the lists that a terminal pulls.</summary>
public sealed class StatusListOverHttpTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task A_terminal_sees_a_voucher_issued_enrolled_and_completed_by_deltas_that_equal_the_full_list()
    {
        using var terminal = await _scene.PairAsync();
        var reader = new ListReader(server, terminal);
        await reader.PullAfterAMinuteAsync();
        Assert.Equal("full", reader.Kind);
        var training = await _scene.OpenClassAsync();
        var voucher = await _scene.IssueAsync();
        Assert.Null(reader.Held!.List.Status(voucher.Id)); // Newer than the list.

        Assert.Equal(VoucherStatus.Usable, (await reader.PullAfterAMinuteAsync()).Status(voucher.Id));
        server.Clock.MoveTo(_scene.Today.AddDays(1), new TimeOnly(8, 50));
        await _scene.LogInAsync(terminal);
        await AcceptedAsync(terminal, ScanMode.Enrol, training = await _scene.OpenClassAsync(), voucher);
        Assert.Equal(VoucherStatus.Enrolled, (await reader.PullAfterAMinuteAsync()).Status(voucher.Id));
        var counter = reader.Held!.List.Counter;

        await AcceptedAsync(terminal, ScanMode.CheckIn, training, voucher);
        await reader.PullAfterAMinuteAsync();
        Assert.Equal(("none", counter), (reader.Kind, reader.Held!.List.Counter)); // Attendance changes no status.
        server.Clock.MoveTo(_scene.Today, new TimeOnly(11, 31));
        await AcceptedAsync(terminal, ScanMode.CheckOut, training, voucher);
        await _scene.AssessAsync(voucher, passed: true);
        await AcceptedAsync(terminal, ScanMode.Complete, training, voucher);
        Assert.Equal(VoucherStatus.Closed, (await reader.PullAfterAMinuteAsync()).Status(voucher.Id));

        var fresh = new ListReader(server, terminal);
        Assert.Equal((await reader.PullAsync()).Said.ToArray(), (await fresh.PullAsync()).Said.ToArray());
    }

    [Fact]
    public async Task A_terminal_that_has_been_away_for_several_lists_takes_one_delta_and_one_with_an_unknown_counter_takes_the_full_list()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync();
        // So many in states without order that a full list is larger than a delta.
        for (var n = 0; n < 600; n++) await _scene.IssueAsync();
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update voucher set state = 1 + abs(hashtext(id::text)) % 6 where state = 1");
        server.Clock.Advance(StatusListPublisher.Every);
        await server.Get<StatusListPublisher>().RunAsync(isWhole: true);
        var vouchers = new List<PaperVoucher>();
        for (var n = 0; n < 3; n++) vouchers.Add(await _scene.IssueAsync());
        var (away, present) = (new ListReader(server, terminal), new ListReader(server, terminal));
        await away.PullAfterAMinuteAsync();
        await Task.WhenAll(away.PullAsync(), present.PullAsync());
        foreach (var voucher in vouchers)
        {
            await AcceptedAsync(terminal, ScanMode.Enrol, training, voucher);
            await present.PullAfterAMinuteAsync();
        }
        await away.PullAsync();
        Assert.Equal("delta", away.Kind);
        Assert.Equal(present.Held!.List.Said.ToArray(), away.Held!.List.Said.ToArray());
        Assert.All(vouchers, voucher => Assert.Equal(VoucherStatus.Enrolled, away.Held!.List.Status(voucher.Id)));

        using var unknown = await terminal.Client.GetAsync($"/{ListNames.StatusPath}?have=17");
        Assert.Equal(ListFault.None, SignedStatusList.TryRead(await unknown.Content.ReadAsByteArrayAsync(), out _));
        using var wrong = await terminal.Client.GetAsync($"/{ListNames.StatusPath}?have=x");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Nobody_but_an_active_terminal_has_the_lists()
    {
        using var stranger = new HttpClient { BaseAddress = server.Address };
        using var terminal = await _scene.PairAsync();
        using var clerk = await server.LogInAsync("clerk");
        foreach (var path in new[] { $"/{ListNames.StatusPath}", $"/{ListNames.RosterPath}" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await clerk.GetAsync(path)).StatusCode);
        }
        (await clerk.PostAsync($"/api/terminals/{terminal.Id}/revoke", null)).EnsureSuccessStatusCode();
        foreach (var path in new[] { $"/{ListNames.StatusPath}", $"/{ListNames.RosterPath}" })
            Assert.Equal(HttpStatusCode.Conflict, (await terminal.Client.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task The_file_for_a_USB_stick_holds_both_lists_and_the_page_says_how_to_use_it()
    {
        using var terminal = await _scene.PairAsync();
        var list = await new ListReader(server, terminal).PullAfterAMinuteAsync();
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync("/status-lists");
        Assert.Contains($"data-testid=\"lists-counter\">{list.Counter}<", page);
        Assert.Contains("没有姓名", page);
        using var answer = await portal.GetAsync(StatusListEndpoints.FilePath);
        Assert.Equal(ListFile.NameOf(DemoCounty.Region, list.Counter), answer.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal(ListFault.None, ListFile.TryRead(await answer.Content.ReadAsByteArrayAsync(), out var file));
        Assert.NotNull(file!.Keys.Open(server.Get<IssuingKeys>().RootPublicKey(), DemoCounty.Region));
        Assert.Equal(list.Said.ToArray(), file.Statuses.List.Said.ToArray());

        using var manager = await server.OpenPortalAsync("manager");
        Assert.NotEqual(HttpStatusCode.OK, (await manager.GetAsync(StatusListEndpoints.FilePath)).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await manager.GetAsync("/status-lists")).StatusCode);
    }

    private static async Task AcceptedAsync(TestTerminal terminal, ScanMode mode, Core.ClassId training, PaperVoucher voucher)
    {
        var answer = await terminal.ScanAsync(mode, training, voucher);
        Assert.True(answer.Accepted, answer.Reason.En);
    }
}
