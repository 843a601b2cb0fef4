namespace Voucher.Terminal.Diagnostics;

/// <summary>What the diagnostics page asks. On this machine only: a tablet is not shown it.</summary>
internal static class DiagnosticEndpoints
{
    public const string Path = "/local/diagnostics";

    public static void MapDiagnostics(this WebApplication app)
    {
        app.MapGet(Path, (TerminalDiagnostics diagnostics) => diagnostics.Report());
        app.MapPost(Path + "/journal-check", (JournalCheckDesk journals) =>
        {
            journals.Begin();
            return TypedResults.Accepted((string?)null, journals.Progress);
        });
    }
}
