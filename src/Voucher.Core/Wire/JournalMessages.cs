using System.Buffers.Binary;
using System.Text.Json.Serialization;
using Voucher.Core.Journals;

namespace Voucher.Core.Wire;

/// <summary>A terminal shows the head of its journal, before it sends what is in it; answered by a <see cref="HeadReceipt"/>.</summary>
/// <param name="Sequence">Of the newest entry; at least 1.</param>
/// <param name="HeadHash">Of the newest entry, 32 bytes.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReceiptRequest(long Sequence, byte[] HeadHash);

/// <summary>
/// The server's word that a terminal's journal reached this far at this time. The terminal writes it down as the next entry:
/// all before it had happened by then, all after it happens later, and neither side can say otherwise.
/// </summary>
/// <param name="At">The server's clock, whole milliseconds.</param>
/// <param name="KeyId">Of the county's issuing key that signed it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HeadReceipt(int TerminalId, long Sequence, byte[] HeadHash, DateTimeOffset At, byte KeyId, byte[] Signature)
{
    /// <summary>What is signed: prefix, terminal, sequence, Unix milliseconds (big-endian), head hash.</summary>
    public byte[] Said()
    {
        var said = new byte[Prefix.Length + sizeof(int) + 2 * sizeof(long) + HeadHash.Length];
        Prefix.CopyTo(said);
        var rest = said.AsSpan(Prefix.Length);
        BinaryPrimitives.WriteInt32BigEndian(rest, TerminalId);
        BinaryPrimitives.WriteInt64BigEndian(rest[sizeof(int)..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(rest[(sizeof(int) + sizeof(long))..], At.ToUnixTimeMilliseconds());
        HeadHash.CopyTo(rest[(sizeof(int) + 2 * sizeof(long))..]);
        return said;
    }

    private static ReadOnlySpan<byte> Prefix => "voucher-head-receipt-1"u8;
}

/// <summary>Why the desk asks for a correction. Numbers are stored: they never change meaning.</summary>
public enum CorrectionReason : short
{
    WrongClass = 1,
    WrongPerson = 2,
    ScannedTwice = 3,
    Other = 4,
}

/// <summary>Nothing is undone on a terminal: the desk asks, the county decides.</summary>
/// <param name="ScanId">The scan that is to be corrected.</param>
/// <param name="Note">At most 200 characters; may be empty.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CorrectionRequest(Guid ScanId, CorrectionReason Reason, string Note)
{
    public const int LongestNote = 200;
}

/// <summary>One entry of a terminal's journal as it travels. Its hash is not sent: the server works it out.</summary>
/// <param name="EntryId">Of a scan, the scan's id.</param>
/// <param name="Content">The exact text that was hashed and signed.</param>
/// <param name="Signature">By the device's key over the entry's hash, 64 bytes r‖s.</param>
/// <param name="IsProvisional">The desk was told that the scan is accepted and will be confirmed: it is judged by when it was made.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JournalRecord(
    long Sequence, JournalEntryKind Kind, Guid EntryId, string Content, byte[] PreviousHash, Guid BootId, long MonotonicMs, long WallMs,
    long CheckpointMs, byte[] Signature, bool IsProvisional)
{
    [JsonIgnore]
    public ChainLink Link => new(PreviousHash, new DeviceClock(BootId, MonotonicMs, WallMs), CheckpointMs);

    public byte[] Hash() => Link.HashOf(Kind, Sequence, EntryId, Content);
}

/// <summary>Part of a terminal's journal, in order. Facts: the same entries may be sent any number of times.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JournalUpload(IReadOnlyList<JournalRecord> Entries);

/// <param name="AcknowledgedSequence">Everything up to here is on the server for good.</param>
public sealed record JournalUploadAnswer(long AcknowledgedSequence);

/// <summary>Asks what came of scans that were accepted offline.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record OfflineAnswersRequest(IReadOnlyList<Guid> ScanIds);

/// <param name="Answers">Of those asked about that are decided; the others are still being judged.</param>
public sealed record OfflineAnswers(IReadOnlyList<ScanAnswer> Answers);

/// <summary>A case of several claims on one voucher, as the desks see it: the same number on all of them.</summary>
/// <param name="ScanId">This terminal's claim.</param>
/// <param name="Outcome">What was decided, for the screen; <c>null</c> while it is open.</param>
public sealed record DeskCase(string CaseNumber, Guid ScanId, string VoucherNumber, DateTimeOffset OpenedAt, bool IsOpen, Words? Outcome);

/// <summary>What a terminal may do without the server; of the policy in force.</summary>
/// <param name="WarnHours">Offline for so long, the desk is warned.</param>
/// <param name="EnrolHours">Offline for longer, nobody is enrolled any more.</param>
/// <param name="AttendanceDays">Offline for longer, attendance is not recorded any more.</param>
/// <param name="Enrolments">Provisional enrolments at most until the server is reached again.</param>
public sealed record OfflineLimits(
    int WarnHours, int EnrolHours, int AttendanceDays, int Enrolments, int EnrolmentOpensDaysBefore, int EnrolmentClosesDaysAfter, int SessionMarginMinutes);

/// <summary>Sizes that both sides keep to.</summary>
public static class JournalLimits
{
    /// <summary>Entries in one upload.</summary>
    public const int EntriesAtOnce = 200;

    /// <summary>Longest content of one entry, in characters; a scan takes about 500.</summary>
    public const int LongestContent = 2_000;

    /// <summary>With <see cref="Refusals.RefusalCode.JournalNotFollowing"/>: the number from which the server wants the journal.</summary>
    public const string SendFromHeader = "Voucher-Send-From";

    /// <summary>An upload of the most and longest entries, each character written as an escape.</summary>
    public const long LargestUploadBytes = EntriesAtOnce * (6L * LongestContent + 1_000);

    /// <summary>Scans asked about at once.</summary>
    public const int AnswersAtOnce = 200;
}
