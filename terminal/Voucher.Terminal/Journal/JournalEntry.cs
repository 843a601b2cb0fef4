using Voucher.Core.Wire;

namespace Voucher.Terminal.Journal;

/// <summary>What the desk did, before it has a place in the journal.</summary>
internal sealed record NewScan(Guid ScanId, ScanMode Mode, long ClassId, string? Digits, string? ShortCode, int? HolderCheck)
{
    /// <summary>Whether a journalled scan says the same; a repeat may differ in nothing but its time.</summary>
    public bool IsSameAs(ScanRequest request) =>
        request.ScanId == ScanId && request.Mode == Mode && request.ClassId == ClassId
        && request.Digits == Digits && request.ShortCode == ShortCode && request.HolderCheck == HolderCheck;
}

/// <summary>One scan as it stands in the journal.</summary>
/// <param name="RequestJson">The exact text that was hashed and signed.</param>
/// <param name="Answer"><c>null</c> while the scan waits for the server.</param>
internal sealed record JournalEntry(ScanRequest Request, string RequestJson, ChainLink Link, byte[] Hash, byte[] Signature, ScanAnswer? Answer);

/// <summary>How many scans wait for the server's answer, and since when the oldest of them.</summary>
internal sealed record WaitingScans(int Count, DateTimeOffset? Since);

/// <summary>What came of writing a scan down.</summary>
internal abstract record Appended
{
    private Appended() { }

    public sealed record Written(JournalEntry Entry) : Appended;

    /// <summary>The same scan was asked for before: here it is, answered or not.</summary>
    public sealed record AlreadyThere(JournalEntry Entry) : Appended;

    /// <summary>The id stands in the journal with other content.</summary>
    public sealed record OtherContent : Appended;
}
