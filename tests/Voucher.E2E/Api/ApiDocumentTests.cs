using System.Diagnostics;
using Voucher.E2E.County;

namespace Voucher.E2E.Api;

/// <summary>What the document tells a reader to type does the whole job, on the real programs.</summary>
public sealed class ApiDocumentTests(CountyUnderTest county) : IClassFixture<CountyUnderTest>
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_curl_lines_of_the_api_document_run_as_written()
    {
        foreach (var program in new[] { "bash", "curl", "jq" }) Requires.Program(program);
        // Sessions end on the day they begin: not across the county's midnight.
        await SessionNow.ChooseAsync(TimeProvider.System, SessionNow.StoryTakes);
        var lines = await ApiDocument.ReadLinesAsync();

        // Twice: the first time the terminal is paired, the second time it already is; and other people each time.
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (exitCode, said, complaints) = await RunAsync(lines);
            Assert.True(exitCode == 0, $"bash ended with {exitCode}:\n{said}\n{complaints}\n{county.Logs}");
            AssertWholeJob(said);
        }
        Assert.Contains("0", await county.CommandAsync("invariants"), StringComparison.Ordinal);
    }

    private static void AssertWholeJob(string said)
    {
        Assert.Contains("""{"status":"Finished","added":3,"bad":0}""", said, StringComparison.Ordinal);
        Assert.Equal(4, Count(said, """{"outcome":"accepted","refusal":0,"holder":"马*梅","""));
        Assert.Contains("""{"outcome":"refused","refusal":304,"holder":"马*梅",""", said, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"Paid\"", said, StringComparison.Ordinal);
        Assert.Contains("\"standing\":\"InForce\"", said, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"Granted\"", said, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"中式烹饪\",", said, StringComparison.Ordinal);
        Assert.Contains("\"eligible\":true,", said, StringComparison.Ordinal);
        Assert.Contains("\"violations\":[]", said, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"BatchWrongStep\"", said, StringComparison.Ordinal);
        Assert.Contains("\"faceValueFen\": [", said, StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private async Task<(int ExitCode, string Said, string Complaints)> RunAsync(string lines)
    {
        using var bash = Process.Start(Bash())!;
        var said = bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var complaints = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.StandardInput.WriteAsync(lines);
        bash.StandardInput.Close();
        await EndAsync(bash);
        return (bash.ExitCode, await said, await complaints);
    }

    private ProcessStartInfo Bash()
    {
        var start = new ProcessStartInfo("bash")
        {
            WorkingDirectory = county.Folder, UseShellExecute = false,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PORTAL"] = county.Portal.ToString().TrimEnd('/');
        start.Environment["KIOSK"] = county.Kiosk.ToString().TrimEnd('/');
        start.Environment["PASSWORD"] = CountyUnderTest.Password;
        return start;
    }

    private static async Task EndAsync(Process bash)
    {
        using var patience = new CancellationTokenSource(LongestRun);
        try
        {
            await bash.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            bash.Kill(entireProcessTree: true);
            await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }
}
