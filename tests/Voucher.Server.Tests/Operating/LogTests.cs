using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;
using Voucher.Core.Wire;
using Voucher.Server.Tests.Redeeming;
using Voucher.Server.Tests.Register;
using Voucher.Testing;

namespace Voucher.Server.Tests.Operating;

public sealed class LogTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Every_event_has_a_number_of_its_own_that_is_written_down_with_its_words()
    {
        var events = typeof(ServerComposition).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().ToList();
        Assert.True(events.Count >= 15, $"Only {events.Count} events: this test no longer sees them.");
        Assert.Empty(events.GroupBy(one => one.EventId).Where(same => same.Count() > 1).Select(same => same.Key));
        var book = await File.ReadAllTextAsync(RepositoryRoot.PathTo("docs", "operating.md"));
        Assert.All(events, one => Assert.Contains($"| {one.EventId} | {one.Level} | {one.Message} |", book));
    }

    [Fact]
    public async Task Logging_in_importing_and_scanning_leave_no_person_in_the_log()
    {
        const string password = "not-the-password-7";
        using var clerk = await server.LogInAsync("clerk");
        using var wrong = new HttpClient { BaseAddress = server.Address };
        (await wrong.PostAsync("/api/login", new StringContent($$"""{"login":"clerk","password":"{{password}}"}""", Encoding.UTF8, "application/json"))).Dispose();
        (await wrong.PostAsync("/api/login", new StringContent("""{"login":"马经办","password":6,"13912345678":1}""", Encoding.UTF8, "application/json"))).Dispose();
        await clerk.ImportAsync("花名册.csv", Encoding.UTF8.GetBytes("姓名,身份证号码,联系电话\n祁连山,622926199003074516,13912345678\n错号人,622926199003074510,13912345678\n"));
        var scene = new ScanScene(server);
        using var terminal = await scene.PairAsync();
        var voucher = await scene.IssueAsync();
        var training = await scene.OpenClassAsync();
        await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        (await terminal.Client.PostAsync("/api/terminal/scans", new StringContent("""{"digits":"622926199003074516","name":"祁连山"}""", Encoding.UTF8, "application/json"))).Dispose();

        var log = string.Join('\n', server.Log.Lines.Select(line => line.Line));
        Assert.Contains("Bad input", log);
        Assert.Contains("logged in", log);
        string[] secrets =
        [
            "祁连山", "错号人", "马小梅", "马经办", "622926199003074516", "622926199003074510", "13912345678", password, ServerUnderTest.Password,
            voucher.Digits, voucher.ShortCode.ToString(), terminal.Client.DefaultRequestHeaders.Authorization!.Parameter!,
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log));
    }
}
