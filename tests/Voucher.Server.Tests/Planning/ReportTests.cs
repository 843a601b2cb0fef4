using System.Net;
using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Planning;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Reporting.ProgressReports;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Planning;

/// <summary>进展情况表 by the rhythm of the policy in force.</summary>
public sealed class ReportTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private Task<Actor> ClerkAsync() => SettledScene.ActorAsync(server, "clerk");

    private async Task<Outcome<Nothing>> SendAsync(DateOnly first, string? recipient = "市劳动就业局", string? certificates = "3", string? employed = null) =>
        await server.Get<SendReport>().RunAsync(await ClerkAsync(), first, recipient, certificates, employed, "进度正常");

    /// <summary>The last period that is over, with three people enrolled of whom two passed.</summary>
    [Fact]
    public async Task A_period_is_counted_sent_once_and_stays_as_it_was_sent()
    {
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        var scene = await SettledScene.BuildAsync(server);
        await scene.CompletedVouchersAsync(2);
        await scene.EnrolledVouchersAsync(1);
        var calendar = server.Get<ReportCalendar>();
        await using var connection = await server.Database.OpenConnectionAsync();
        var enrolled = CountyTime.DayOf(new DateTimeOffset(await connection.ExecuteScalarAsync<DateTime>("select min(enrolled_at) from enrolment"), TimeSpan.Zero));
        var period = (await calendar.OfYearAsync(enrolled.Year)).Single(each => each.First <= enrolled && enrolled <= each.Last);
        if (!period.IsOverOn(today)) Desk.ExpectRefusal(RefusalCode.ReportNotOver, await SendAsync(period.First));
        server.Clock.MoveTo(period.Last.AddDays(40), new TimeOnly(9, 0));
        Assert.Equal(1, await DueOfAsync(period));
        using (var portal = await server.OpenPortalAsync("clerk"))
        {
            Assert.Contains("待报送的进展情况表", WebUtility.HtmlDecode(await portal.GetStringAsync("/")), StringComparison.Ordinal);
            Assert.Contains("逾期未报", WebUtility.HtmlDecode(await portal.GetStringAsync($"/reports?year={period.First.Year}")), StringComparison.Ordinal);
        }
        var figures = await calendar.CountAsync(period);
        Assert.Equal(3, figures.Trained);
        (await SendAsync(period.First)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.ReportAlreadySent, await SendAsync(period.First));
        Assert.Equal(0, await DueOfAsync(period));

        await connection.ExecuteAsync("update enrolment set is_active = false where id = (select max(id) from enrolment)");
        Assert.Equal(2, (await calendar.CountAsync(period)).Trained);
        var sent = Assert.Single(await server.Get<ProgressReportStore>().SentAsync(period.First, period.First));
        Assert.Equal((3L, 3, (int?)null, "马经办"), (ReportFigures.FromJson(sent.Figures).Trained, sent.Certificates!.Value, sent.Employed, sent.SentBy));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("update progress_report set recipient = 'x'"));
        using var auditor = await server.OpenPortalAsync("auditor");
        var page = WebUtility.HtmlDecode(await auditor.GetStringAsync($"/reports/{CountyTime.Show(period.First)}"));
        Assert.Contains("马经办 于", page, StringComparison.Ordinal);
        Assert.DoesNotContain("登记为已报送", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rhythm_and_its_clause_are_those_of_the_policy_in_force()
    {
        var year = CountyTime.DayOf(server.Clock.GetUtcNow()).Year;
        var policy = await server.Get<ReportCalendar>().PolicyOfAsync(new DateOnly(year, 1, 1));
        Assert.Equal(12 / policy.Parameters.ReportEveryMonths, (await server.Get<ReportCalendar>().OfYearAsync(year)).Count);
        using var portal = await server.OpenPortalAsync("auditor");
        Assert.Contains(policy.DocumentNo, WebUtility.HtmlDecode(await portal.GetStringAsync("/reports")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_used_is_named_and_a_day_that_begins_no_period_is_not_there()
    {
        var first = new DateOnly(CountyTime.DayOf(server.Clock.GetUtcNow()).Year - 1, 1, 1);
        Desk.ExpectBadField("recipient", await SendAsync(first, recipient: " "));
        Desk.ExpectBadField("recipient", await SendAsync(first, recipient: "a\0"));
        Desk.ExpectBadField("certificates", await SendAsync(first, certificates: "-1"));
        Desk.ExpectBadField("employed", await SendAsync(first, employed: "99999999999"));
        Desk.ExpectRefusal(RefusalCode.NotFound, await SendAsync(first.AddDays(1)));
        Desk.ExpectRefusal(RefusalCode.NotFound, await SendAsync(DateOnly.MaxValue));
        using var portal = await server.OpenPortalAsync("auditor");
        foreach (var path in new[] { "/reports/9999-12-31", "/reports/0001-01-01", "/reports/2026-02-02" })
        {
            using var page = await portal.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        }
        using var desk = await server.OpenPortalAsync("manager");
        using var away = await desk.GetAsync("/reports");
        Assert.Equal(HttpStatusCode.Redirect, away.StatusCode);
    }

    /// <summary>1 when the period is among the due ones: others of the class may be due beside it.</summary>
    private async Task<long> DueOfAsync(ReportPeriod period)
    {
        var due = await server.Get<DueReports>().CountAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        var isSent = await connection.ExecuteScalarAsync<bool>("select exists (select from progress_report where first_day = @First)", new { period.First });
        Assert.True(isSent || due > 0);
        return isSent ? 0 : 1;
    }
}
