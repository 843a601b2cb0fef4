using System.Security.Cryptography;

namespace Voucher.Terminal.Home;

/// <summary>
/// Where the sealing secret comes from, the best first: a systemd credential (which systemd keeps encrypted under the machine's
/// TPM or host key), on Windows a key of the system's key store that cannot be exported, else a private file in a folder of its
/// own, away from the terminal's.
/// </summary>
internal static class SealSecret
{
    public const string CredentialName = "voucher-terminal-seal";
    public const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    /// <summary>Names the folder of the private file.</summary>
    public const string FolderVariable = "VOUCHER_TERMINAL_SEAL";

    private const string FileName = "seal.key";
    private const int SecretLength = 32;

    /// <summary>The seal of this machine. With a credential, what was sealed under the private file before can still be opened.</summary>
    /// <exception cref="IOException">There is no credential, and the folder for the private file cannot be written: name another.</exception>
    public static DiskSeal Find(IConfiguration configuration, string homeFolder)
    {
        var file = Path.Combine(FolderFrom(configuration, homeFolder), FileName);
        if (Credential(configuration) is { } credential) return new DiskSeal(credential, File.Exists(file) ? [File.ReadAllBytes(file)] : []);
        return new DiskSeal(OperatingSystem.IsWindows() ? WindowsSeal.Secret(homeFolder) : InFile(file));
    }

    private static byte[]? Credential(IConfiguration configuration)
    {
        if (configuration[CredentialsVariable] is not { Length: > 0 } folder) return null;
        var path = Path.Combine(folder, CredentialName);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    private static string FolderFrom(IConfiguration configuration, string homeFolder)
    {
        if (configuration[FolderVariable] is { Length: > 0 } given) return Path.GetFullPath(given);
        var settings = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData);
        return settings.Length > 0 ? Path.Combine(settings, "voucher-terminal-seal") : Path.GetFullPath(homeFolder) + "-seal";
    }

    /// <summary>Made once. Of two programs that begin at the same moment both use the file of the first.</summary>
    private static byte[] InFile(string path)
    {
        if (File.Exists(path)) return File.ReadAllBytes(path);
        PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
        var mine = $"{path}.{Guid.NewGuid():N}";
        PrivateFile.Write(mine, RandomNumberGenerator.GetBytes(SecretLength));
        try
        {
            File.Move(mine, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(mine);
        }
        return File.ReadAllBytes(path);
    }
}
