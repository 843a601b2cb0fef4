using Voucher.Server.Classes;
using Voucher.Server.Corrections;
using Voucher.Server.Fraud;
using Voucher.Server.Institutions;
using Voucher.Server.Issuing;
using Voucher.Server.Journals.Conflicts;
using Voucher.Server.Programmes;
using Voucher.Server.Register;
using Voucher.Server.Register.Importing;
using Voucher.Server.Reporting;
using Voucher.Server.Settling.Budget;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Terminals;

namespace Voucher.Server.Spreadsheets;

/// <summary>Lists as spreadsheets: which there are, and how they are made.</summary>
public static class SpreadsheetsSetup
{
    public static void AddSpreadsheets(this IServiceCollection services)
    {
        services.AddSingleton<ExportCatalogue>().AddSingleton<AskExport>().AddSingleton<MakeExport>().AddSingleton<FetchExport>();
        services.AddSingleton<ExportJobStore>().AddSingleton<ExportWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ExportWorker>());
        services.AddList<PeopleExport>().AddList<ImportsExport>().AddList<ImportErrorsExport>();
        services.AddList<InstitutionsExport>().AddList<ProgrammesExport>();
        services.AddList<BatchesExport>().AddList<BatchVouchersExport>();
        services.AddList<ClassesExport>().AddList<RosterExport>().AddList<FullRosterExport>().AddList<AttendanceExport>().AddList<ResultsExport>();
        services.AddList<ClaimsExport>().AddList<ClaimLinesExport>().AddList<ClaimableExport>().AddList<PaymentsExport>().AddList<PaymentRowsExport>();
        services.AddList<BudgetLinesExport>().AddList<IncomeExport>().AddList<SpendingExport>().AddList<PostingsExport>();
        services.AddList<HoldsExport>().AddList<ConflictsExport>().AddList<CorrectionsExport>();
        services.AddList<FleetExport>().AddList<FunnelExport>().AddList<AuditExport>();
    }

    private static IServiceCollection AddList<T>(this IServiceCollection services) where T : ListExport => services.AddSingleton<ListExport, T>();
}
