using System.Net;
using System.Net.Http.Json;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Redeeming;
using Voucher.Server.Tests.Policies;

namespace Voucher.Server.Tests.Redeeming;

/// <summary>What a desk that is online hears on a day that no pack covers.</summary>
public sealed class ScanWithoutRuleTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task A_known_id_gets_its_first_answer_a_scan_of_the_day_before_waits_and_a_new_one_is_refused()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync(days: 3);
        var answered = terminal.NewScan(ScanMode.Enrol, training, await _scene.IssueAsync());
        var first = await terminal.SendAsync(answered);
        Assert.True(first.Accepted, first.Reason.En);
        var waiting = terminal.NewScan(ScanMode.Enrol, training, await _scene.IssueAsync());
        var gap = _scene.Today.AddDays(1);
        await PolicyGap.OpenAsync(server, gap, gap);

        await ToAsync(gap, terminal);
        Assert.Equal(first, await terminal.SendAsync(answered));
        Assert.Equal(TimeSpan.FromSeconds(ScanDesk.AskAgainSeconds), await RefusedAsync(terminal, waiting));
        Assert.Null(await RefusedAsync(terminal, terminal.NewScan(ScanMode.Enrol, training, await _scene.IssueAsync())));

        await ToAsync(gap.AddDays(1), terminal);
        var then = await terminal.SendAsync(waiting);
        Assert.True(then.Accepted, then.Reason.En);
    }

    private async Task ToAsync(DateOnly day, TestTerminal terminal)
    {
        server.Clock.MoveTo(day, new TimeOnly(8, 30));
        await _scene.LogInAsync(terminal);
    }

    /// <returns>When the same may be asked again; <c>null</c>: it is refused for good.</returns>
    private static async Task<TimeSpan?> RefusedAsync(TestTerminal terminal, ScanRequest scan)
    {
        using var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", scan);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(RefusalCode.NoRuleInForce, await Problem.RefusalAsync(answer));
        return answer.Headers.RetryAfter?.Delta;
    }
}
