using Voucher.Server.Issuing.Printing;

namespace Voucher.Server.Issuing;

/// <summary>Composes issuing: batches, signing in the background, printing.</summary>
public static class IssuingSetup
{
    public static void AddIssuing(this IServiceCollection services)
    {
        services.AddSingleton<ListDigits>();
        services.AddSingleton<DraftBatch>().AddSingleton<ApproveBatch>().AddSingleton<CloseBatch>();
        services.AddSingleton(TokenPress.SystemRandom).AddSingleton<BatchWriter>();
        services.AddSingleton<IssuingWorker>().AddHostedService(provider => provider.GetRequiredService<IssuingWorker>());
        services.AddSingleton<PaperHtml>().AddSingleton<PdfPrinter>();
        services.AddSingleton<PrintBatch>().AddSingleton<FetchPdf>();
        services.AddSingleton<PrintWorker>().AddHostedService(provider => provider.GetRequiredService<PrintWorker>());
    }
}
