using Voucher.Server.Settling.Budget;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Invariants;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Settling;

/// <summary>Composes claims, review, approval, payment, the ledger and its invariants.</summary>
public static class SettlingSetup
{
    public static void AddSettling(this IServiceCollection services)
    {
        services.AddSingleton<ClaimReading>().AddSingleton<SubmitClaim>().AddSingleton<ReviewClaim>().AddSingleton<ApproveClaim>();
        services.AddSingleton<PaymentReading>().AddSingleton<MakePayment>().AddSingleton<MarkPaid>();
        services.AddSingleton<BudgetStore>().AddSingleton<OpenBudgetLine>().AddSingleton<SetFundKind>().AddSingleton<AllocateBudget>();
        services.AddSingleton<PurposeStore>().AddSingleton<SetPurpose>().AddSingleton<MoveBudget>();
        services.AddSingleton<InvariantChecks>().AddSingleton<SettlingNews>();
    }

    public static void MapSettling(this WebApplication app)
    {
        app.MapClaims();
        app.MapPayments();
        app.MapBudget();
        app.MapInvariants();
    }
}
