namespace Voucher.Terminal.Pairing;

/// <summary>A pairing that was replaced while scans waited in its journal: they are still sent, with its own key.</summary>
/// <param name="folder">Where its journal lies, to be kept when the server refuses the key.</param>
internal sealed class OlderPairing(PairedTerminal terminal, string folder) : IDisposable
{
    private volatile bool _isTurnedAway;

    public PairedTerminal Terminal => terminal;

    public string Folder => folder;

    /// <summary>The server was reached last time and did not let the old key in.</summary>
    public bool IsTurnedAway
    {
        get => _isTurnedAway;
        set => _isTurnedAway = value;
    }

    public void Dispose() => terminal.Dispose();
}
