namespace Voucher.Terminal.Journal;

/// <summary>The newest entry of a journal.</summary>
internal sealed record JournalHead(long Sequence, byte[] Hash);

/// <summary>The newest receipt of a journal.</summary>
/// <param name="Covers">The number up to which it closes the journal in.</param>
/// <param name="BootId">Of the machine when it was written down.</param>
/// <param name="WallMs">By this machine's clock when it was written down, Unix milliseconds.</param>
internal sealed record ReceiptPlace(long Covers, Guid BootId, long WallMs);

/// <summary>What decides whether a journal has something to send, to have closed in or to ask: asked twice a second, and changed by whatever is written.</summary>
/// <param name="Head"><c>null</c> while the journal is empty.</param>
/// <param name="LastProvisional">The highest number of a scan that the desk was told of; 0 when there is none.</param>
/// <param name="ToUpload">Entries that the server does not have.</param>
/// <param name="ToUploadSince">When the oldest of these was made.</param>
/// <param name="HasUnreportedProvisional">The server does not know yet of some scan that the desk was told of it.</param>
/// <param name="HasWaiting">Some scan has no answer.</param>
/// <param name="HasProvisionalWaiting">Some scan of which the desk was told has no answer.</param>
internal sealed record JournalBacklog(
    JournalHead? Head, ReceiptPlace? Receipt, long LastProvisional, int ToUpload, DateTimeOffset? ToUploadSince, bool HasUnreportedProvisional,
    bool HasWaiting, bool HasProvisionalWaiting)
{
    /// <summary>The desk was told of a scan that no receipt closes in yet: its time is not known to the server.</summary>
    public bool HasUnbounded => LastProvisional > (Receipt?.Covers ?? 0);

    public bool HasUnsent => ToUpload > 0 || HasUnreportedProvisional;
}
