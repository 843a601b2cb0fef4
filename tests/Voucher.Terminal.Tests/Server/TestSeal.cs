using System.Security.Cryptography;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Tests.Server;

/// <summary>The seal of a machine that a test makes up.</summary>
internal static class TestSeal
{
    public static DiskSeal New() => new(RandomNumberGenerator.GetBytes(32));
}
