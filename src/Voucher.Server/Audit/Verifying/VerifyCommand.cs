using System.CommandLine;
using Voucher.Server.Database;

namespace Voucher.Server.Audit.Verifying;

/// <summary>The operator's and the auditor's <c>audit verify</c>: prints what was found; 1 when there is anything, 2 when the file of roots cannot be read.</summary>
public static class VerifyCommand
{
    public static Command All()
    {
        var roots = new Option<FileInfo?>("--roots") { Description = "File of roots kept elsewhere (CSV or JSON, as exported): finds what was cut off or written anew as well" };
        var verify = new Command("verify", "Walk the audit trail and name every row that was edited, removed or put in; reads only") { roots };
        verify.SetAction(async (parsed, _) =>
        {
            await using var app = ServerComposition.Build([]);
            // As the log-in itself: whoever verifies needs no right but to read.
            return await RunAsync(app.Services.GetRequiredService<OwnerDatabase>().Source, parsed.GetValue(roots), parsed.InvocationConfiguration.Output);
        });
        return new Command("audit", "The audit trail") { verify };
    }

    public static async Task<int> RunAsync(NpgsqlDataSource database, FileInfo? file, TextWriter output)
    {
        IReadOnlyList<KeptRoot> kept = [];
        try
        {
            if (file is not null) kept = KeptRoots.Read(await File.ReadAllTextAsync(file.FullName));
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"{file!.Name}: {fault.Message}");
            return 2;
        }
        var reports = await VerifyChains.RunAsync(database, kept);
        foreach (var report in reports) await PrintAsync(report, output);
        if (kept.Count == 0) await output.WriteLineAsync("No kept roots were given: rows cut off at the end would not be seen. 没有给出保存的摘要：末尾被截去的记录看不出来。");
        return reports.All(report => report.Findings.Count == 0) ? 0 : 1;
    }

    private static async Task PrintAsync(ChainReport report, TextWriter output)
    {
        foreach (var finding in report.Findings) await output.WriteLineAsync($"{report.Chain.Key}: {finding.En} — {finding.Zh}");
        await output.WriteLineAsync($"{report.Chain.Key}: {report.Rows} entries walked, {report.Roots} kept roots compared, {report.Findings.Count} findings.");
    }
}
