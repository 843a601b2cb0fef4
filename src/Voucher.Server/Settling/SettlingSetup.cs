using Voucher.Server.Settling.Allowances;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Payees;
using Voucher.Server.Settling.CollegeCosts;
using Voucher.Server.Settling.Forms;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Settling.Reviewing;
using Voucher.Server.Settling.Publishing;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Settling;

/// <summary>Composes claims, review, approval and payment.</summary>
public static class SettlingSetup
{
    public static void AddSettling(this IServiceCollection services)
    {
        services.AddSingleton<ClaimReading>().AddSingleton<ReadClaimable>().AddSingleton<FreezeEvidence>().AddSingleton<SubmitClaim>().AddSingleton<ReviewClaim>().AddSingleton<ApproveClaim>();
        services.AddSingleton<PaymentReading>().AddSingleton<MakePayment>().AddSingleton<MarkPaid>();
        services.AddSingleton<BankFormats>().AddSingleton<MakeFile>().AddSingleton<ReleasePayment>().AddSingleton<CorrectRows>().AddSingleton<RecordUnpaid>().AddSingleton<BounceRow>().AddSingleton<ImportReturn>().AddSingleton<ReturnReading>().AddSingleton<NoteDifference>();
        services.AddSingleton<PayeeReading>().AddSingleton<ProposePayee>().AddSingleton<DecidePayee>();
        services.AddSingleton<SettlingNews>();
        services.AddReviewing();
        services.AddPublishing();
        services.AddAllowances().AddSingleton<CollegeReading>();
        services.AddRecovering();
        services.AddSingleton<ClaimFigureStore>().AddSingleton<PaymentFigureStore>().AddSingleton<LedgerFigureStore>();
        services.AddSingleton<StatementFigureStore>().AddSingleton<DayFigureStore>().AddSingleton<FormChoiceStore>();
        services.AddSingleton<FormBook>().AddSingleton<ExportForm>();
    }

    public static void MapSettling(this WebApplication app)
    {
        app.MapClaims();
        app.MapPayments();
        app.MapReviewing();
        app.MapPublishing();
        app.MapPayees();
        app.MapAllowances();
        app.MapRecovering();
    }
}
