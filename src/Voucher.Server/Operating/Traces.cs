using System.Diagnostics;

namespace Voucher.Server.Operating;

/// <summary>Where this program's own spans come from. Without a listener a span costs nothing.</summary>
public static class Traces
{
    public static readonly ActivitySource Source = new("Voucher");
}
