using Voucher.Server.Issuing.Judging;
using Voucher.Server.Issuing.LeavingOut;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Issuing.Revoking;
using Voucher.Server.Issuing.Stopping;

namespace Voucher.Server.Issuing;

/// <summary>Composes issuing: batches, signing in the background, printing.</summary>
public static class IssuingSetup
{
    public static void AddIssuing(this IServiceCollection services)
    {
        services.AddSingleton<ListDigits>();
        services.AddSingleton<DraftBatch>().AddSingleton<ApproveBatch>().AddSingleton<CloseBatch>();
        services.AddSingleton<PauseBatch>().AddSingleton<ResumeBatch>().AddSingleton<StopBatch>();
        services.AddSingleton<IneligibleReader>().AddSingleton<AskLeaveOut>().AddSingleton<DecideLeaveOut>();
        services.AddSingleton<AskEligibility>();
        services.AddSingleton<ProposeRevocation>().AddSingleton<DecideRevocation>().AddSingleton<RevocationWriter>();
        services.AddSingleton<RevocationWorker>().AddHostedService(provider => provider.GetRequiredService<RevocationWorker>());
        services.AddSingleton(TokenPress.SystemRandom).AddSingleton<BatchWriter>();
        services.AddSingleton<IssuingWorker>().AddHostedService(provider => provider.GetRequiredService<IssuingWorker>());
        services.AddSingleton<PaperHtml>().AddSingleton<PdfPrinter>();
        services.AddSingleton<PrintBatch>().AddSingleton<FetchPdf>();
        services.AddSingleton<PrintWorker>().AddHostedService(provider => provider.GetRequiredService<PrintWorker>());
    }

    public static void MapIssuing(this WebApplication app)
    {
        app.MapBatches();
        app.MapLeavingOut();
        app.MapEligibility();
        app.MapRevocations();
        app.MapPrinting();
    }
}
