using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Voucher.Terminal.Pairing;

/// <summary>A device key in the Windows key store, under the name of its pairing's folder; its private half cannot be exported.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsKey
{
    public static ECDsa Create(string folder)
    {
        var rules = new CngKeyCreationParameters { ExportPolicy = CngExportPolicies.None, KeyUsage = CngKeyUsages.Signing };
        using var key = CngKey.Create(CngAlgorithm.ECDsaP256, NameOf(folder), rules);
        return new ECDsaCng(key);
    }

    public static ECDsa Open(string folder)
    {
        using var key = CngKey.Open(NameOf(folder));
        return new ECDsaCng(key);
    }

    public static bool Exists(string folder) => CngKey.Exists(NameOf(folder));

    public static void Delete(string folder)
    {
        if (!Exists(folder)) return;
        using var key = CngKey.Open(NameOf(folder));
        key.Delete();
    }

    private static string NameOf(string folder) => $"voucher-terminal-{Path.GetFileName(folder)}";
}
