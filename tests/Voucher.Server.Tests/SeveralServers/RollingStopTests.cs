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
        await ScanWhileOneStopsAsync(terminals: 16, vouchers: 320, async (terminal, scans, answered) =>
        {
            foreach (var scan in scans) answered(scan, await TwoServers.AskAsync(terminal, scan));
        });
        Assert.Equal(2, _servers.Proxy.Passed.Select(passed => passed.Server).Distinct().Count());
    }

    [Fact]
    public async Task Connections_to_the_hub_move_to_the_other_server_and_their_scans_are_answered()
    {
        await ScanWhileOneStopsAsync(terminals: 4, vouchers: 160, async (terminal, scans, answered) =>
        {
            var queue = new Queue<ScanRequest>(scans);
            while (queue.Count > 0) await ScanUntilItBreaksAsync(terminal, queue, answered);
        });
        Assert.Equal(2, _servers.Proxy.Passed.Where(passed => passed.Path == HubNames.TerminalHubPath).Select(passed => passed.Server).Distinct().Count());
    }

    /// <summary>Terminals enrol all the vouchers; once a third is answered, one server is stopped. All must be accepted and recorded.</summary>
    /// <param name="scan">Has one terminal's scans answered, and says of each what was answered.</param>
    private async Task ScanWhileOneStopsAsync(
        int terminals, int vouchers, Func<TestTerminal, IEnumerable<ScanRequest>, Action<ScanRequest, ScanAnswer>, Task> scan)
    {
        var desks = await Task.WhenAll(Enumerable.Range(0, terminals).Select(_ => _servers.PairAsync()));
        var training = await _servers.Scene.OpenClassAsync(capacity: 500);
        var papers = await Task.WhenAll(Enumerable.Range(0, vouchers).Select(_ => _servers.Scene.IssueAsync()));
        var answers = new ConcurrentDictionary<Guid, ScanAnswer>();
        var third = new TaskCompletionSource();
        void Note(ScanRequest request, ScanAnswer answer)
        {
            answers[request.ScanId] = answer;
            if (answers.Count >= vouchers / 3) third.TrySetResult();
        }

        var scanning = desks.Select((desk, number) => Task.Run(() =>
            scan(desk, papers.Where((_, i) => i % terminals == number).Select(paper => desk.NewScan(ScanMode.Enrol, training, paper)), Note))).ToList();
        await third.Task;
        await _servers.StopSecondAsync();
        await Task.WhenAll(scanning);

        Assert.Equal(vouchers, answers.Count);
        Assert.All(answers.Values, answer => Assert.True(answer.Accepted, answer.Reason.En));
        await ExpectRecordedAsync(answers);
        foreach (var desk in desks) desk.Dispose();
    }

    /// <summary>One connection through the proxy; what it has not answered when it breaks stays in the queue.</summary>
    private async Task ScanUntilItBreaksAsync(TestTerminal terminal, Queue<ScanRequest> queue, Action<ScanRequest, ScanAnswer> answered)
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
                answered(queue.Dequeue(), result.Deserialize<ScanAnswer>(JsonSerializerOptions.Web)!);
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
