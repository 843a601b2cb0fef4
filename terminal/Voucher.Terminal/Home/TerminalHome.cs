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
    public const string JournalFile = "journal.db";
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

    /// <summary>Writes a pairing into its own folder when another takes its place, so that what waits there can still be sent.</summary>
    public void KeepRecord(TerminalPairing pairing) =>
        PrivateFile.Write(RecordIn(FolderOf(pairing.Folder)), JsonSerializer.SerializeToUtf8Bytes(pairing, WireJson.Options));

    /// <summary>The pairings that another has taken the place of.</summary>
    public List<TerminalPairing> ReadOlder(TerminalPairing? inUse)
    {
        var all = Path.Combine(_folder, "pairings");
        if (!Directory.Exists(all)) return [];
        return [.. Directory.GetDirectories(all).Select(RecordIn).Where(File.Exists)
            .Select(file => JsonSerializer.Deserialize<TerminalPairing>(File.ReadAllBytes(file), WireJson.Options)!)
            .Where(pairing => pairing.Folder != inUse?.Folder)
            .OrderBy(pairing => pairing.Folder, StringComparer.Ordinal)];
    }

    private static string RecordIn(string folder) => Path.Combine(folder, "pairing.json");

    public void WritePairing(TerminalPairing pairing) =>
        PrivateFile.Write(PairingPath, JsonSerializer.SerializeToUtf8Bytes(pairing, WireJson.Options));
}
