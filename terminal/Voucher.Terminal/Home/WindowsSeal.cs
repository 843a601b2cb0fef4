using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Voucher.Terminal.Home;

/// <summary>
/// The sealing secret on Windows: it lies in the terminal's folder, wrapped by an RSA key of the Windows key store whose private
/// half cannot be exported. A copy of the folder lacks that key.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WindowsSeal
{
    private const string KeyName = "voucher-terminal-seal";
    private const string FileName = "seal.wrapped";
    private const int KeyBits = 3072;
    private const int SecretLength = 32;

    /// <exception cref="CryptographicException">The secret was wrapped on another machine or by another account.</exception>
    public static byte[] Secret(string homeFolder)
    {
        var path = Path.Combine(homeFolder, FileName);
        using var key = CngKey.Exists(KeyName) ? CngKey.Open(KeyName) : CngKey.Create(CngAlgorithm.Rsa, KeyName, NewKey());
        using var wrapper = new RSACng(key);
        if (File.Exists(path)) return wrapper.Decrypt(File.ReadAllBytes(path), RSAEncryptionPadding.OaepSHA256);
        PrivateFile.CreateFolder(homeFolder);
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        PrivateFile.Write(path, wrapper.Encrypt(secret, RSAEncryptionPadding.OaepSHA256));
        return secret;
    }

    private static CngKeyCreationParameters NewKey()
    {
        var rules = new CngKeyCreationParameters { ExportPolicy = CngExportPolicies.None, KeyUsage = CngKeyUsages.Decryption };
        rules.Parameters.Add(new CngProperty("Length", BitConverter.GetBytes(KeyBits), CngPropertyOptions.None));
        return rules;
    }
}
