using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Tests.Server;

/// <summary>The seal of a machine that a test makes up.</summary>
internal static class TestSeal
{
    /// <summary>Of the machine on which a test's terminal lives: its secret lies beside the home.</summary>
    public static DiskSeal Of(string home) => SealSecret.Find(
        new ConfigurationBuilder().AddInMemoryCollection([new(SealSecret.FolderVariable, Kiosk.SealOf(home))]).Build(), home);

    public static DiskSeal New() => new(RandomNumberGenerator.GetBytes(32));
}
