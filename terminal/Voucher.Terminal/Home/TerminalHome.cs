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
    public const string RecordFile = "pairing.json";

    private readonly string _folder;

    public TerminalHome(string folder, DiskSeal seal)
    {
        Seal = seal;
        _folder = Path.GetFullPath(folder);
        PrivateFile.CreateFolder(_folder);
    }

    /// <summary>The folder the environment names, else the account's application data.</summary>
    public static string FolderFrom(IConfiguration configuration) =>
        configuration[FolderVariable] is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "voucher-terminal");

    /// <summary>Under which everything of worth lies here.</summary>
    public DiskSeal Seal { get; }

    /// <summary>What tablets on the local network trust, and which are let in.</summary>
    public string LanFolder => Path.Combine(_folder, "lan");

    /// <summary>The county has revoked the pairing in use: what lies here beside it is to be wiped too.</summary>
    public event EventHandler? Revoked;

    public void TellRevoked() => Revoked?.Invoke(this, EventArgs.Empty);

    private string PairingPath => Path.Combine(_folder, RecordFile);

    private string PairingsPath => Path.Combine(_folder, "pairings");

    public string FolderOf(string pairingName) => Path.Combine(PairingsPath, pairingName);

    /// <summary>A fresh folder for a pairing that begins now.</summary>
    public string NewPairing(TimeProvider time)
    {
        var name = $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{Guid.NewGuid():N}";
        PrivateFile.CreateFolder(PairingsPath);
        PrivateFile.CreateFolder(FolderOf(name));
        return name;
    }

    public TerminalPairing? ReadPairing() => File.Exists(PairingPath) ? Read(PairingPath) : null;

    public void WritePairing(TerminalPairing pairing) => Write(PairingPath, pairing);

    /// <summary>Writes a pairing into its own folder when another takes its place, so that what waits there can still be sent.</summary>
    public void KeepRecord(TerminalPairing pairing) => Write(RecordIn(FolderOf(pairing.Folder)), pairing);

    /// <summary>Folders of pairings that another has taken the place of, oldest first; the one in use may be among them.</summary>
    public IReadOnlyList<string> RecordedPairings() => Directory.Exists(PairingsPath)
        ? [.. Directory.GetDirectories(PairingsPath).Where(folder => File.Exists(RecordIn(folder))).Order(StringComparer.Ordinal)]
        : [];

    /// <exception cref="JsonException">The record is damaged.</exception>
    public static TerminalPairing ReadRecord(string folder) => Read(RecordIn(folder));

    private static string RecordIn(string folder) => Path.Combine(folder, RecordFile);

    private static TerminalPairing Read(string path) =>
        JsonSerializer.Deserialize<TerminalPairing>(File.ReadAllBytes(path), WebJson.Options) ?? throw new JsonException($"{RecordFile} holds no pairing.");

    private static void Write(string path, TerminalPairing pairing) =>
        PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(pairing, WebJson.Options));
}
