namespace Voucher.Terminal.Pairing;

/// <summary>With which server, and as whom, this terminal works. Kept in <c>pairing.json</c>.</summary>
/// <param name="Folder">Name of the pairing's folder, with its key, journal and setup.</param>
/// <param name="RootPublicKey">The county's root, pinned at first sight; <c>null</c> until the first setup arrives.</param>
/// <param name="RevokedAt">When this terminal learnt that the county has revoked it, and wiped what it had been given.</param>
/// <param name="IsQuarantined">The county had stopped this terminal when it was last heard: that holds without a network too.</param>
internal sealed record TerminalPairing(
    Uri Server,
    int TerminalId,
    string Name,
    string Fingerprint,
    string Folder,
    byte[]? RootPublicKey,
    DateTimeOffset? RevokedAt = null,
    bool IsQuarantined = false);
