using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Forms;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Settling;

/// <summary>Composes claims, review, approval and payment.</summary>
public static class SettlingSetup
{
    public static void AddSettling(this IServiceCollection services)
    {
        services.AddSingleton<ClaimReading>().AddSingleton<SubmitClaim>().AddSingleton<ReviewClaim>().AddSingleton<ApproveClaim>();
        services.AddSingleton<PaymentReading>().AddSingleton<MakePayment>().AddSingleton<MarkPaid>();
        services.AddSingleton<SettlingNews>();
        services.AddSingleton<ClaimFigureStore>().AddSingleton<PaymentFigureStore>().AddSingleton<LedgerFigureStore>();
        services.AddSingleton<StatementFigureStore>().AddSingleton<DayFigureStore>().AddSingleton<FormChoiceStore>();
        services.AddSingleton<FormBook>().AddSingleton<ExportForm>();
    }

    public static void MapSettling(this WebApplication app)
    {
        app.MapClaims();
        app.MapPayments();
    }
}
