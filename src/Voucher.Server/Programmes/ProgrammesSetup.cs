using Voucher.Server.Programmes.Orders;
using Voucher.Server.Programmes.Teaching;
using Voucher.Server.Programmes.Trades;

namespace Voucher.Server.Programmes;

public static class ProgrammesSetup
{
    /// <summary>Trades, employers' orders and teaching documents.</summary>
    public static void AddProgrammes(this IServiceCollection services)
    {
        services.AddSingleton<TradeStore>().AddSingleton<SaveTrade>();
        services.AddSingleton<OrderStore>().AddSingleton<PlaceOrder>();
        services.AddSingleton<TeachingStore>().AddSingleton<HandInTeaching>().AddSingleton<DecideTeaching>();
    }
}
