using System.Net;
using System.Threading.RateLimiting;

namespace Voucher.Server.Operating.Limits;

/// <summary>A limit that is asked by hand: how often an address may do one thing.</summary>
public sealed class AddressLimit(RateLimit limit, ServerSettings settings) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
        RateLimitPartition.GetFixedWindowLimiter(RateLimits.AddressOf(context), _ => RateLimits.Fixed(limit, settings.RateScale)));

    /// <summary>Counts one; false beyond the limit.</summary>
    public bool MayPass(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(context);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
