using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Redis;

namespace Voucher.Server.Tests.Redeeming;

/// <summary>The same story with Redis, with Redis emptied at every step, and without Redis: the same answers.</summary>
public sealed class RedisAwayTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task Emptying_or_losing_Redis_changes_no_answer()
    {
        var kept = await TellAsync(between: () => Task.CompletedTask);
        var emptied = await TellAsync(between: server.Redis.EmptyAsync);
        server.Get<RedisLink>().Dispose();
        var lost = await TellAsync(between: () => Task.CompletedTask);
        Assert.Equal(kept, emptied);
        Assert.Equal(kept, lost);
        Assert.Equal([RefusalCode.None, RefusalCode.EnrolledHere, RefusalCode.EnrolledElsewhere, RefusalCode.OtherClass], kept);
    }

    private async Task<List<RefusalCode>> TellAsync(Func<Task> between)
    {
        using var here = await _scene.PairAsync(institution: 1);
        using var there = await _scene.PairAsync(institution: 2);
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync();
        var elsewhere = await _scene.OpenClassAsync(institution: 2, programmeCode: 1002);
        List<RefusalCode> answers = [];
        foreach (var (terminal, mode, where) in new[]
        {
            (here, ScanMode.Enrol, training), (here, ScanMode.Enrol, training), (there, ScanMode.Enrol, elsewhere), (there, ScanMode.CheckIn, elsewhere),
        })
        {
            answers.Add((RefusalCode)(await terminal.ScanAsync(mode, where, voucher)).Refusal);
            await between();
        }
        return answers;
    }
}
