using Voucher.Server.Policies;

namespace Voucher.Server.Demo;

/// <summary>
/// The rule of the demo county: the shipped pack after 东县府办发〔2020〕57号 (text 004), but that nothing has to lie open before it is
/// paid: a demonstration goes from the voucher to the bank on one day, and the shipped period is five working days.
/// </summary>
public static class DemoPolicy
{
    public static Policy For(RegionCode region)
    {
        var shipped = ShippedPolicies.Find(ShippedPolicies.Dongxiang)!.ToPolicy(region);
        return shipped with { Parameters = shipped.Parameters with { PublicityWorkingDays = 0 } };
    }
}
