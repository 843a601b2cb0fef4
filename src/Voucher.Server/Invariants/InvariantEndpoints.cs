namespace Voucher.Server.Invariants;

/// <summary>The invariants by HTTP, for auditors.</summary>
public static class InvariantEndpoints
{
    public sealed record ViolationView(string Number, string Name, string Meaning, string Subject, string Finding);

    /// <param name="Violations">Empty when all is well; at most 100 of each check.</param>
    public sealed record ReportView(int Checks, IReadOnlyList<ViolationView> Violations);

    public static void MapInvariants(this WebApplication app) =>
        app.MapGet("/api/invariants", RunAsync).RequireAuthorization(Permission.ReadAudit).WithTags("Settling")
            .WithSummary("Check all invariants of vouchers, money, duties and the audit trail now").Produces<ReportView>();

    private static async Task<IResult> RunAsync(InvariantChecks checks, HttpContext context)
    {
        var report = await checks.RunAsync();
        var language = Portal.Speech.LanguageOf(context);
        return TypedResults.Ok(new ReportView(report.Checks, [.. report.Violations.Select(violation => new ViolationView(
            violation.Number, violation.Name, violation.Meaning.In(language), violation.Subject, violation.Finding))]));
    }
}
