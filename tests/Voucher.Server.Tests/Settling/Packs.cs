using Voucher.Core.Policies;
using Voucher.Server.Demo;
using Voucher.Server.Policies;

namespace Voucher.Server.Tests.Settling;

/// <summary>A further version of the county's rules, in force at once.</summary>
internal static class Packs
{
    private static int _versions = 200;

    public static Task SetAsync(ServerUnderTest server, PolicyParameters parameters) => server.Get<PolicyStore>().AddAsync(
        DemoPolicy.For(DemoCounty.Region) with { Version = NextVersion(), Parameters = parameters });

    public static int NextVersion() => Interlocked.Increment(ref _versions);

    public static PolicyParameters Usual => DemoPolicy.For(DemoCounty.Region).Parameters;
}
