namespace Voucher.Server.Invariants;

/// <summary>The operator's <c>invariants</c>: prints each violation and a last line; 1 when there is any.</summary>
public static class InvariantCommand
{
    public static async Task<int> RunAsync(InvariantChecks checks, TextWriter output)
    {
        var report = await checks.RunAsync();
        foreach (var violation in report.Violations)
        {
            await output.WriteLineAsync(
                $"{violation.Number} {violation.Name}: {violation.Subject}: {violation.Finding} — {violation.Meaning.En} {violation.Meaning.Zh}");
        }
        await output.WriteLineAsync($"{report.Checks} invariants checked, {report.Violations.Count} violations.");
        return report.Violations.Count == 0 ? 0 : 1;
    }
}
