using System.Text.Json;
using Voucher.Core.Journals;
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

/// <summary>One entry as it stands in the journal.</summary>
/// <param name="Id">Of a scan, the scan's id.</param>
/// <param name="Content">The exact text that was hashed and signed.</param>
/// <param name="IsProvisional">The desk was told of this scan: accepted, will be confirmed.</param>
/// <param name="Answer"><c>null</c> while a scan waits for the server.</param>
/// <param name="AnsweredAt">When the answer was written down, by this machine's clock.</param>
internal sealed record JournalEntry(
    long Sequence, JournalEntryKind Kind, Guid Id, string Content, ChainLink Link, byte[] Hash, byte[] Signature, bool IsProvisional, ScanAnswer? Answer,
    DateTimeOffset? AnsweredAt = null)
{
    private ScanRequest? _request;

    /// <summary>The scan was accepted, by the server or, while that has not answered, by this terminal.</summary>
    public bool IsTaken => Answer?.Accepted ?? IsProvisional;

    /// <summary>What a scan asks.</summary>
    public ScanRequest Request => _request ??= Read<ScanRequest>();

    /// <summary>The content of the kind that it is.</summary>
    /// <exception cref="JsonException">The journal is damaged.</exception>
    public T Read<T>() => JsonSerializer.Deserialize<T>(Content, WebJson.Options) ?? throw new JsonException("The content is null.");

    /// <summary>As it goes to the server.</summary>
    public JournalRecord ToRecord() => new(
        Sequence, Kind, Id, Content, Link.PreviousHash, Link.Clock.BootId, Link.Clock.MonotonicMs, Link.Clock.WallMs, Link.CheckpointMs, Signature, IsProvisional);
}

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
