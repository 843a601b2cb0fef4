using System.CommandLine;
using Voucher.Server.Invariants;

namespace Voucher.Server.Audit.Verifying;

/// <summary>The operator's and the auditor's <c>audit verify</c>: prints what was found, and what it has looked at; 1 when there is anything, 2 when the file of roots cannot be used.</summary>
public static class VerifyCommand
{
    public static Command All()
    {
        var roots = new Option<FileInfo?>("--roots") { Description = "File of roots kept elsewhere (CSV or JSON, as exported): finds what was cut off or written anew as well" };
        var verify = new Command("verify", "Walk the hash-chained books, check the invariants, and name every row that was edited, removed or put in; reads only") { roots };
        verify.SetAction(async (parsed, _) =>
        {
            await using var app = ServerComposition.Build([]);
            // As the log-in itself, without the program's role: whoever verifies needs no right but to read.
            await using var database = NpgsqlDataSource.Create(app.Services.GetRequiredService<ServerSettings>().Postgres);
            return await RunAsync(database, parsed.GetValue(roots), parsed.InvocationConfiguration.Output);
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
        // A root that is compared with nothing must not look like one that agrees.
        if (kept.Select(root => root.Chain).Except(HashChain.All.Select(chain => chain.Key)).Order().ToList() is { Count: > 0 } unknown)
        {
            await output.WriteLineAsync(
                $"{file!.Name}: no such chain: {string.Join(", ", unknown)} (known: {string.Join(", ", HashChain.All.Select(chain => chain.Key))}). 文件中有不认识的链，没有核对。");
            return 2;
        }
        var report = await VerifyChains.RunAsync(database, kept);
        foreach (var chain in report.Chains) await PrintAsync(chain, output);
        foreach (var broken in report.Violations)
            await output.WriteLineAsync($"invariant {broken.Number} {broken.Name}: {broken.Subject}: {broken.Finding} — {broken.Meaning.Zh}");
        await output.WriteLineAsync($"invariants: {Invariant.All.Count} checked, {report.Violations.Count} violations.");
        await SayCoverageAsync(output);
        if (kept.Count == 0) await output.WriteLineAsync("No kept roots were given: rows cut off at the end would not be seen. 没有给出保存的摘要：末尾被截去的记录看不出来。");
        return report.IsSound ? 0 : 1;
    }

    private static async Task SayCoverageAsync(TextWriter output)
    {
        await output.WriteLineAsync(
            $"Covered row by row: audit_entry; ledger_transaction with its postings and vouchers; {string.Join(", ", HistoryChain.Tables)}. 逐行核对的是以上各表。");
        await output.WriteLineAsync(
            "Covered by the invariants only, as far as they follow from those: claims, lines, payables, payments, recoveries and vouchers as they stand now. "
            + "Not covered: the register, classes, accounts, files and photos. 现状各表只按不变量核对；劳动者库、班级、账号、文件和照片不在核对之内。");
    }

    private static async Task PrintAsync(ChainReport report, TextWriter output)
    {
        foreach (var finding in report.Findings) await output.WriteLineAsync($"{report.Chain.Key}: {finding.En} — {finding.Zh}");
        await output.WriteLineAsync($"{report.Chain.Key}: {report.Rows} entries walked, {report.Roots} kept roots compared, {report.Findings.Count} findings.");
    }
}
