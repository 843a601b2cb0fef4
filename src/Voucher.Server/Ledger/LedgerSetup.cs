using Voucher.Server.Ledger.Budget;

namespace Voucher.Server.Ledger;

/// <summary>Composes the ledger of public money and its budget.</summary>
public static class LedgerSetup
{
    public static void AddLedger(this IServiceCollection services)
    {
        services.AddSingleton<BudgetStore>().AddSingleton<OpenBudgetLine>().AddSingleton<SetFundKind>().AddSingleton<AllocateBudget>();
        services.AddSingleton<PurposeStore>().AddSingleton<SetPurpose>().AddSingleton<MoveBudget>();
        services.AddSingleton<Transactions.TransactionStore>().AddSingleton<Books.BooksStore>();
        services.AddSingleton<Closing.ClosingStore>().AddSingleton<Closing.CloseMonth>().AddSingleton<Closing.ClosedMeanwhile>();
        services.AddSingleton<Correcting.CorrectionStore>().AddSingleton<Correcting.CorrectTransaction>();
    }

    public static void MapLedger(this WebApplication app) => app.MapBudget();
}
