using System.Text.Json;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Setup;

/// <summary>Why a setup is not taken in.</summary>
internal enum SetupFault
{
    None = 0,

    /// <summary>The county's root key is another than the one pinned.</summary>
    OtherRoot = 1,

    /// <summary>The key list is not signed by the root, or is of another region.</summary>
    KeyListFalse = 2,

    /// <summary>The key list is older than the one already held.</summary>
    KeyListOld = 3,
}

/// <summary>
/// The last setup from the server, kept so that vouchers can be verified without a link. A list of keys is believed only
/// when the pinned root has signed it, both when it arrives and when it is read back.
/// </summary>
internal sealed class SetupCache(string folder, DiskSeal seal) : IDisposable
{
    public const string FileName = "setup.json";
    private const byte JsonBegins = (byte)'{';

    private readonly string _path = Path.Combine(folder, FileName);

    private sealed record Held(TerminalSetup Setup, KeyRing Keys, KeyList List);

    private volatile Held? _held;

    public TerminalSetup? Setup => _held?.Setup;

    public KeyRing? Keys => _held?.Keys;

    /// <summary>The first day on which a key is in force; <c>null</c> when it is not on the list.</summary>
    public DateOnly? FirstDayOf(byte keyId) => _held?.List.Keys.FirstOrDefault(key => key.Id == keyId)?.ValidFrom;

    /// <summary>Reads the file back; one that the root does not vouch for is left aside, and the server is asked again.</summary>
    public void Load(byte[] root)
    {
        if (!File.Exists(_path)) return;
        try
        {
            if (SealedFile.Read(_path, seal, FileName, JsonBegins) is not { } plain) return;
            if (JsonSerializer.Deserialize<TerminalSetup>(plain, WebJson.Options) is { } setup) Take(setup, root);
        }
        catch (JsonException)
        {
            // A damaged cache is worth no more than none.
        }
    }

    public SetupFault Accept(TerminalSetup setup, byte[] root)
    {
        var fault = Take(setup, root);
        if (fault == SetupFault.None) SealedFile.Write(_path, seal, FileName, JsonSerializer.SerializeToUtf8Bytes(setup, WebJson.Options));
        return fault;
    }

    /// <summary>Forgets what was given; the file is for the caller to wipe.</summary>
    public void Clear() => _held = null;

    private SetupFault Take(TerminalSetup setup, byte[] root)
    {
        if (!setup.RootPublicKey.AsSpan().SequenceEqual(root)) return SetupFault.OtherRoot;
        if (!RegionCode.TryParse($"{setup.Region:D6}", out var region)) return SetupFault.KeyListFalse;
        if (setup.KeyList.Open(root, region) is not { } list) return SetupFault.KeyListFalse;
        if (_held is { } held && list.Version < held.Keys.Version) return SetupFault.KeyListOld;
        // The old ring is left to the collector: a scan may be using it at this moment.
        _held = new Held(setup, new KeyRing(list), list);
        return SetupFault.None;
    }

    public void Dispose() => _held?.Keys.Dispose();
}
