using System.Text.Json;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Home;

/// <summary>
/// The folder in which the terminal keeps everything: <c>pairing.json</c> names the pairing in use, and each pairing has a
/// folder of its own with its key, its journal and its setup. Pairing anew never touches the records of an older pairing.
/// </summary>
internal sealed class TerminalHome
{
    public const string FolderVariable = "VOUCHER_TERMINAL_HOME";
    public const string ServerVariable = "VOUCHER_SERVER";

    private readonly string _folder;

    public TerminalHome(string folder)
    {
        _folder = Path.GetFullPath(folder);
        PrivateFile.CreateFolder(_folder);
    }

    /// <summary>The folder the environment names, else the account's application data.</summary>
    public static string FolderFrom(IConfiguration configuration) =>
        configuration[FolderVariable] is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "voucher-terminal");

    private string PairingPath => Path.Combine(_folder, "pairing.json");

    public string FolderOf(string pairingName) => Path.Combine(_folder, "pairings", pairingName);

    /// <summary>A fresh folder for a pairing that begins now.</summary>
    public string NewPairing(TimeProvider time)
    {
        var name = $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{Guid.NewGuid():N}";
        PrivateFile.CreateFolder(Path.Combine(_folder, "pairings"));
        PrivateFile.CreateFolder(FolderOf(name));
        return name;
    }

    public TerminalPairing? ReadPairing() =>
        File.Exists(PairingPath) ? JsonSerializer.Deserialize<TerminalPairing>(File.ReadAllBytes(PairingPath), WireJson.Options) : null;

    public void WritePairing(TerminalPairing pairing) =>
        PrivateFile.Write(PairingPath, JsonSerializer.SerializeToUtf8Bytes(pairing, WireJson.Options));
}
