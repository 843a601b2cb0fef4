using Voucher.Server.Policies;

namespace Voucher.Server.Demo;

/// <summary>The rule of the demo county: the shipped pack after 东县府办发〔2020〕57号 (text 004).</summary>
public static class DemoPolicy
{
    public static Policy For(RegionCode region) => ShippedPolicies.Find(ShippedPolicies.Dongxiang)!.ToPolicy(region);
}
