using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Dapper;
using Voucher.Core.Wire;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.SeveralServers;

/// <summary>One of two servers is stopped while terminals scan. Each test stops one of its own.</summary>
public sealed class RollingStopTests : IAsyncLifetime
{
    private readonly TwoServers _servers = new();

    public ValueTask InitializeAsync() => _servers.InitializeAsync();

    [Fact]
    public async Task Callers_of_REST_are_all_answered_and_nothing_answered_is_lost()
    {
        var terminals = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _servers.PairAsync()));
        var training = await _servers.Scene.OpenClassAsync(capacity: 500);
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 320).Select(_ => _servers.Scene.IssueAsync()));
        var answers = new ConcurrentDictionary<Guid, ScanAnswer>();
        var half = new TaskCompletionSource();

        var scanning = terminals.Select((terminal, number) => Task.Run(async () =>
        {
            foreach (var voucher in vouchers.Where((_, i) => i % terminals.Length == number))
            {
                var scan = terminal.NewScan(ScanMode.Enrol, training, voucher);
                answers[scan.ScanId] = await TwoServers.AskAsync(terminal, scan);
                if (answers.Count >= vouchers.Length / 3) half.TrySetResult();
            }
        })).ToList();
        await half.Task;
        await _servers.StopSecondAsync();
        await Task.WhenAll(scanning);

        Assert.Equal(vouchers.Length, answers.Count);
        Assert.All(answers.Values, answer => Assert.True(answer.Accepted, answer.Reason.En));
        Assert.Equal(2, _servers.Proxy.Passed.Select(passed => passed.Server).Distinct().Count());
        await ExpectRecordedAsync(answers);
        foreach (var terminal in terminals) terminal.Dispose();
    }

    [Fact]
    public async Task Connections_to_the_hub_move_to_the_other_server_and_their_scans_are_answered()
    {
        var terminals = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _servers.PairAsync()));
        var training = await _servers.Scene.OpenClassAsync(capacity: 500);
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 160).Select(_ => _servers.Scene.IssueAsync()));
        var answers = new ConcurrentDictionary<Guid, ScanAnswer>();
        var half = new TaskCompletionSource();

        var scanning = terminals.Select((terminal, number) => Task.Run(async () =>
        {
            var queue = new Queue<ScanRequest>(vouchers.Where((_, i) => i % terminals.Length == number).Select(voucher => terminal.NewScan(ScanMode.Enrol, training, voucher)));
            while (queue.Count > 0) await ScanUntilItBreaksAsync(terminal, queue, answers, () => { if (answers.Count >= vouchers.Length / 3) half.TrySetResult(); });
        })).ToList();
        await half.Task;
        await _servers.StopSecondAsync();
        await Task.WhenAll(scanning);

        Assert.Equal(vouchers.Length, answers.Count);
        Assert.All(answers.Values, answer => Assert.True(answer.Accepted, answer.Reason.En));
        Assert.Equal(2, _servers.Proxy.Passed.Where(passed => passed.Path == HubNames.TerminalHubPath).Select(passed => passed.Server).Distinct().Count());
        await ExpectRecordedAsync(answers);
        foreach (var terminal in terminals) terminal.Dispose();
    }

    /// <summary>One connection through the proxy; what it has not answered when it breaks stays in the queue.</summary>
    private async Task ScanUntilItBreaksAsync(
        TestTerminal terminal, Queue<ScanRequest> queue, ConcurrentDictionary<Guid, ScanAnswer> answers, Action answered)
    {
        try
        {
            using var hub = await HubSocket.OpenAsync(_servers.Proxy.Address, HubNames.TerminalHubPath, options =>
                options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString()));
            while (queue.TryPeek(out var scan))
            {
                await hub.SendAsync($$"""{"type":1,"invocationId":"1","target":"{{HubNames.Scan}}","arguments":[{{JsonSerializer.Serialize(scan, JsonSerializerOptions.Web)}}]}""");
                var message = await hub.ReadAsync();
                if (!message.TryGetProperty("result", out var result)) continue; // Busy: the same again.
                answers[scan.ScanId] = result.Deserialize<ScanAnswer>(JsonSerializerOptions.Web)!;
                queue.Dequeue();
                answered();
            }
        }
        catch (Exception fault) when (fault is WebSocketException or IOException)
        {
            // The server has gone; the next connection finds the other one.
        }
    }

    /// <summary>Each scan that was answered is there once, with its answer.</summary>
    private async Task ExpectRecordedAsync(IReadOnlyDictionary<Guid, ScanAnswer> answers)
    {
        await using var connection = await _servers.First.Database.OpenConnectionAsync();
        var recorded = (await connection.QueryAsync<(Guid Id, string Answer)>("select id, answer from scan where id = any(@ids)", new { ids = answers.Keys.ToArray() }))
            .ToDictionary(row => row.Id, row => WireJson.ReadAnswer(row.Answer));
        Assert.Equal(answers.Count, recorded.Count);
        foreach (var (id, answer) in answers) Assert.Equivalent(recorded[id], answer);
        Assert.Equal(answers.Count, await connection.ExecuteScalarAsync<int>("select count(*)::int from enrolment where is_active"));
    }

    public ValueTask DisposeAsync() => _servers.DisposeAsync();
}
