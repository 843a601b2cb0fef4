using Voucher.Server.Classes;
using Voucher.Server.Classes.Certificates;
using Voucher.Server.Corrections;
using Voucher.Server.Fraud;
using Voucher.Server.Institutions;
using Voucher.Server.Institutions.Accrediting;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Institutions.Marking;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.LeavingOut;
using Voucher.Server.Issuing.Revoking;
using Voucher.Server.Journals.Conflicts;
using Voucher.Server.Planning;
using Voucher.Server.Policies;
using Voucher.Server.Programmes;
using Voucher.Server.Programmes.Orders;
using Voucher.Server.Programmes.Teaching;
using Voucher.Server.Programmes.Trades;
using Voucher.Server.Promises;
using Voucher.Server.Register;
using Voucher.Server.Register.Changes;
using Voucher.Server.Register.Duplicates;
using Voucher.Server.Register.Households;
using Voucher.Server.Register.Importing;
using Voucher.Server.Register.Lists;
using Voucher.Server.Register.Matching;
using Voucher.Server.Register.Places;
using Voucher.Server.Reporting;
using Voucher.Server.Reporting.ProgressReports;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Settling.Allowances;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.CollegeCosts;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Settling.Publishing;
using Voucher.Server.Settling.Retaining;
using Voucher.Server.Settling.Recovering;
using Voucher.Server.Teachers;
using Voucher.Server.Terminals;
using Voucher.Server.Vouchers.Expiry;
using Voucher.Server.Vouchers.Reissuing;

namespace Voucher.Server.Spreadsheets;

/// <summary>Lists as spreadsheets: which there are, and how they are made.</summary>
public static class SpreadsheetsSetup
{
    public static void AddSpreadsheets(this IServiceCollection services)
    {
        services.AddSingleton<ExportCatalogue>().AddSingleton<AskExport>().AddSingleton<MakeExport>().AddSingleton<FetchExport>();
        services.AddSingleton<ExportJobStore>().AddSingleton<ExportWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ExportWorker>());
        services.AddList<PeopleExport>().AddList<ImportsExport>().AddList<ImportErrorsExport>().AddList<ImportKeptExport>();
        services.AddList<InstitutionsExport>().AddList<ProgrammesExport>();
        services.AddList<BatchesExport>().AddList<BatchVouchersExport>();
        services.AddList<ClaimsExport>().AddList<ClaimLinesExport>().AddList<ClaimableExport>().AddList<Settling.Reviewing.ReviewExport>().AddList<Settling.Reviewing.CallsExport>().AddList<PaymentsExport>().AddList<PaymentRowsExport>();
        services.AddList<ClassesExport>().AddList<RosterExport>().AddList<FullRosterExport>().AddList<AttendanceExport>().AddList<ResultsExport>().AddList<CertificatesExport>();
        services.AddList<PublicationsExport>().AddList<PublicationLinesExport>().AddList<WaitingPublicationExport>().AddList<ObjectionsExport>();
        services.AddList<RetainedExport>().AddList<RetainedListsExport>();
        services.AddList<Settling.Payees.PayeesExport>();
        services.AddList<PaymentReturnsExport>().AddList<PaymentDifferencesExport>().AddList<ReconciliationExport>();
        services.AddList<RecoveriesExport>().AddList<RecoveryLinesExport>().AddList<ConsequencesExport>();
        services.AddList<BudgetLinesExport>().AddList<IncomeExport>().AddList<SpendingExport>().AddList<PostingsExport>();
        services.AddList<Ledger.Books.IncomeBookExport>().AddList<Ledger.Books.SpendingBookExport>();
        services.AddList<Ledger.Closing.ClosingsExport>().AddList<Ledger.Closing.ClosedMonthExport>().AddList<Ledger.Closing.LedgerCorrectionsExport>();
        services.AddList<HoldsExport>().AddList<ConflictsExport>().AddList<CorrectionsExport>();
        services.AddRegisterLists().AddInstitutionLists().AddPlanLists().AddIssuingLists();
        services.AddList<AllowanceListsExport>().AddList<AllowanceEntriesExport>().AddList<CollegesExport>().AddList<CollegeMemoExport>()
            .AddList<PromisesExport>().AddList<PromisePeopleExport>();
        services.AddList<FleetExport>().AddList<FunnelExport>().AddList<AuditExport>().AddList<AccountsExport>();
    }

    private static IServiceCollection AddRegisterLists(this IServiceCollection services) => services
        .AddList<HouseholdsExport>().AddList<HouseholdMembersExport>().AddList<CoverageExport>().AddList<NotCoveredExport>()
        .AddList<ListsExport>().AddList<ChangesExport>().AddList<TownshipsExport>().AddList<VillagesExport>()
        .AddList<DuplicatesExport>().AddList<MatchesExport>().AddList<MatchHitsExport>().AddList<MatchProblemsExport>();

    private static IServiceCollection AddInstitutionLists(this IServiceCollection services) => services
        .AddList<AccreditationsExport>().AddList<MarksExport>()
        .AddList<TeachersExport>().AddList<ClassTeachersExport>().AddList<TeacherSessionsExport>()
        .AddList<TradesExport>().AddList<OrdersExport>().AddList<TeachingExport>().AddList<WaitingTeachingExport>();

    private static IServiceCollection AddPlanLists(this IServiceCollection services) => services
        .AddList<PoliciesExport>().AddList<PolicyRulesExport>().AddList<PolicyDraftsExport>().AddList<DraftChangesExport>()
        .AddList<PlansExport>().AddList<TargetsExport>().AddList<LaggardsExport>().AddList<PlanProgrammesExport>()
        .AddList<ReportsExport>().AddList<ReportExport>().AddList<FundSourcesExport>();

    private static IServiceCollection AddIssuingLists(this IServiceCollection services) => services
        .AddList<BatchVillagesExport>().AddList<ExpiringExport>().AddList<ReleasedExport>().AddList<RevocationsExport>().AddList<ReissuesExport>()
        .AddList<BatchIneligibleExport>().AddList<BatchLeftOutExport>();

    private static IServiceCollection AddList<T>(this IServiceCollection services) where T : ListExport => services.AddSingleton<ListExport, T>();
}
