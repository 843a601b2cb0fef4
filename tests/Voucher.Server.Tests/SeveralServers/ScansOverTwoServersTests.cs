using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Reporting;
using Voucher.Server.Tests.Redeeming;
using Voucher.Server.Tests.Reporting;
using Microsoft.Extensions.DependencyInjection;

namespace Voucher.Server.Tests.SeveralServers;

public sealed class ScansOverTwoServersTests(TwoServers servers) : IClassFixture<TwoServers>
{
    private readonly ScanScene _scene = servers.Scene;

    [Fact]
    public async Task A_terminal_that_meets_another_server_with_each_request_gets_one_servers_answers()
    {
        using var terminal = await servers.PairAsync();
        var (voucher, training) = (await _scene.IssueAsync(), await _scene.OpenClassAsync());
        var scan = terminal.NewScan(ScanMode.Enrol, training, voucher);
        var before = servers.Proxy.Passed.Count;

        var answers = new[] { await terminal.SendAsync(scan), await terminal.SendAsync(scan), await terminal.SendAsync(scan) };
        Assert.True(answers[0].Accepted);
        Assert.All(answers, answer => Assert.Equivalent(answers[0], answer));
        // An odd number of requests lies between the two, so each server refuses what the other has accepted.
        foreach (var _ in answers)
            Assert.Equal((int)RefusalCode.EnrolledHere, (await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Refusal);
        using var reused = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", scan with { Mode = ScanMode.CheckIn });
        Assert.Equal((int)RefusalCode.ScanIdReused, (await reused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetInt32());
        Assert.Equal(2, servers.Proxy.Passed.Skip(before).Select(passed => passed.Server).Distinct().Count());
    }

    [Fact]
    public async Task Two_hundred_clients_with_one_voucher_at_both_servers_get_one_success()
    {
        var terminals = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => servers.PairAsync()));
        var (voucher, training) = (await _scene.IssueAsync(), await _scene.OpenClassAsync(capacity: 300));

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => AskAsync(terminals[i % terminals.Length], training, voucher)));

        Assert.Single(answers, answer => answer.Accepted);
        Assert.All(answers.Where(answer => !answer.Accepted), answer => Assert.Equal((int)RefusalCode.EnrolledHere, answer.Refusal));
        await using var connection = await servers.First.Database.OpenConnectionAsync();
        Assert.Equal((1, 2, 200), await connection.QuerySingleAsync<(int, int, int)>("""
            select (select count(*)::int from enrolment where voucher_id = @Id),
                   (select count(*)::int from voucher_event where voucher_id = @Id),
                   (select count(*)::int from scan where voucher_id = @Id)
            """, new { voucher.Id }));
        foreach (var terminal in terminals) terminal.Dispose();
    }

    [Fact]
    public async Task The_last_seat_of_a_class_is_given_once()
    {
        using var terminal = await servers.PairAsync();
        var training = await _scene.OpenClassAsync(capacity: 1);
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _scene.IssueAsync()));
        var answers = await Task.WhenAll(vouchers.Select(voucher => AskAsync(terminal, training, voucher)));
        Assert.Single(answers, answer => answer.Accepted);
        Assert.All(answers.Where(answer => !answer.Accepted), answer => Assert.Equal((int)RefusalCode.ClassFull, answer.Refusal));
    }

    [Fact]
    public async Task A_person_with_two_vouchers_enters_one_of_two_classes_that_overlap()
    {
        using var here = await servers.PairAsync(institution: 1);
        using var there = await servers.PairAsync(institution: 2);
        for (var round = 0; round < 10; round++)
        {
            var first = await _scene.IssueAsync();
            var second = await _scene.IssueAgainAsync(first);
            var (training, other) = (await _scene.OpenClassAsync(), await _scene.OpenClassAsync(institution: 2, programmeCode: 1002));
            var answers = await Task.WhenAll(AskAsync(here, training, first), AskAsync(there, other, second));
            Assert.Single(answers, answer => answer.Accepted);
            Assert.Single(answers, answer => answer.Refusal == (int)RefusalCode.HolderInOtherClass);
        }
    }

    [Fact]
    public async Task Live_pages_of_both_servers_show_every_scan_once()
    {
        using var terminal = await servers.PairAsync();
        var training = await _scene.OpenClassAsync();
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _scene.IssueAsync()));
        await using var here = await LivePage.OpenAsync(servers.First, "clerk");
        await using var there = await LivePage.OpenAsync(servers.First, "clerk", servers.SecondAddress);
        foreach (var services in new[] { servers.First.Services, servers.Second })
            await Task.WhenAll(here.ListensToAsync(services), there.ListensToAsync(services));

        await Task.WhenAll(vouchers.Select(voucher => AskAsync(terminal, training, voucher)));

        string[] marks = [await LivePage.PublishAsync(servers.First.Services), await LivePage.PublishAsync(servers.Second)];
        foreach (var page in new[] { here, there })
        {
            var heard = await page.HearUntilAsync(marks);
            var numbers = vouchers.Select(voucher => voucher.Id.ToString()).ToHashSet();
            Assert.Equal(numbers.Order(), heard.Select(one => one.VoucherNumber).Where(number => number is not null && numbers.Contains(number)).Order());
        }
    }

    private static Task<ScanAnswer> AskAsync(TestTerminal terminal, ClassId training, PaperVoucher voucher) =>
        TwoServers.AskAsync(terminal, terminal.NewScan(ScanMode.Enrol, training, voucher));
}
