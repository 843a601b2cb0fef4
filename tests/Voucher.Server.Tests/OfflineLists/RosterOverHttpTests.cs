using System.Net;
using System.Net.Http.Json;
using Voucher.Core;
using Voucher.Core.OfflineLists;
using Voucher.Core.Wire;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.OfflineLists;

public sealed class RosterOverHttpTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task A_terminal_has_the_trainees_of_its_own_institution_and_no_other_and_of_each_as_little_as_it_needs()
    {
        using var own = await _scene.PairAsync(1);
        using var other = await _scene.PairAsync(2);
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync(1);
        Assert.True((await own.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);

        var roster = await RosterAsync(own);
        var trainee = Assert.Single(roster.Trainees, trainee => trainee.ClassId == training.Value);
        Assert.Equal(new RosterEntry(voucher.Id.Serial, training.Value, "马*梅", _scene.Today), trainee);
        Assert.DoesNotContain((await RosterAsync(other)).Trainees, trainee => trainee.ClassId == training.Value || trainee.Serial == voucher.Id.Serial);
        var json = await own.Client.GetStringAsync($"/{ListNames.RosterPath}");
        Assert.DoesNotContain("小", json, StringComparison.Ordinal);
        Assert.DoesNotContain("6229261990", json, StringComparison.Ordinal);

        // Who has it is not sent it again, until it changes.
        Assert.Equal(HttpStatusCode.NoContent, (await own.Client.GetAsync($"/{ListNames.RosterPath}?have={roster.Mark}")).StatusCode);
        Assert.True((await own.ScanAsync(ScanMode.Enrol, training, await _scene.IssueAsync())).Accepted);
        Assert.Equal(HttpStatusCode.OK, (await own.Client.GetAsync($"/{ListNames.RosterPath}?have={roster.Mark}")).StatusCode);
    }

    [Theory]
    [InlineData(0, 1, 0, true)]
    [InlineData(3, 1, 0, true)] // Enrolled early.
    [InlineData(0, 1, 7, true)] // A week after its end.
    [InlineData(0, 1, 8, false)]
    public async Task A_class_is_on_the_roster_while_it_runs_a_month_before_and_a_week_after(int startsInDays, int days, int lookAfterDays, bool isOn)
    {
        using var terminal = await _scene.PairAsync(1);
        var training = await _scene.OpenClassAsync(1, startsInDays: startsInDays, days: days);
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, await _scene.IssueAsync())).Accepted);
        server.Clock.Advance(TimeSpan.FromDays(lookAfterDays));
        await _scene.LogInAsync(terminal);
        Assert.Equal(isOn, (await RosterAsync(terminal)).Trainees.Any(trainee => trainee.ClassId == training.Value));
    }

    private static async Task<TerminalRoster> RosterAsync(TestTerminal terminal) =>
        (await terminal.Client.GetFromJsonAsync<TerminalRoster>($"/{ListNames.RosterPath}"))!;
}
