using System.Net.Http.Json;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Tests.Policies;

namespace Voucher.Server.Tests.Journals;

/// <summary>What desks did offline on a day that no pack covers: judged by the last one before it, which the terminal went by.</summary>
public sealed class JournalWithoutRuleTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly JournalScene _scene = new(server);

    [Fact]
    public async Task Offline_scans_of_a_day_without_a_rule_count_by_the_last_one_and_stop_no_later_upload()
    {
        using var soon = await _scene.PairAsync();
        using var late = await _scene.PairAsync();
        var training = await _scene.Scans.OpenClassAsync(startsInDays: 1, days: 2);
        var (first, second, third) = (await _scene.Scans.IssueAsync(), await _scene.Scans.IssueAsync(), await _scene.Scans.IssueAsync());
        var gap = _scene.Scans.Today.AddDays(1);
        await PolicyGap.OpenAsync(server, gap, gap);
        _scene.ToNextMorning();
        await _scene.Scans.LogInAsync(soon.Terminal);
        using var online = await soon.Terminal.Client.PostAsJsonAsync("/api/terminal/scans", soon.Terminal.NewScan(ScanMode.Enrol, training, third));
        Assert.Equal(RefusalCode.NoRuleInForce, await Problem.RefusalAsync(online));

        var enrolled = soon.Scan(ScanMode.Enrol, training, first);
        var alsoEnrolled = late.Scan(ScanMode.Enrol, training, second);
        _scene.Later();
        var came = soon.Scan(ScanMode.CheckIn, training, first);
        await soon.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(new Merged(VoucherState.Enrolled, training, false), await _scene.StateAsync(first));
        Assert.All(await soon.AnswersAsync(enrolled, came), answer => Assert.True(answer.Accepted, answer.Reason.En));

        _scene.ToNextMorning();
        await _scene.Scans.LogInAsync(soon.Terminal);
        await _scene.Scans.LogInAsync(late.Terminal);
        var next = soon.Scan(ScanMode.Enrol, training, third);
        await soon.ComeBackAsync();
        await late.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.All(await soon.AnswersAsync(next), answer => Assert.True(answer.Accepted, answer.Reason.En));
        Assert.True(Assert.Single(await late.AnswersAsync(alsoEnrolled)).Accepted);
        Assert.Equal(training, (await _scene.StateAsync(second)).Class);
    }
}
