using System.Security.Cryptography;
using Voucher.Core.Wire;

namespace Voucher.Core.Journals;

/// <summary>The newest entry of a terminal's journal that the server holds.</summary>
/// <param name="Sequence">0 before the first entry.</param>
/// <param name="Hash">32 bytes; zeros before the first entry.</param>
public sealed record ChainHead(long Sequence, byte[] Hash)
{
    public static ChainHead None { get; } = new(0, new byte[ChainLink.HashLength]);
}

/// <summary>What the server already holds of a journal.</summary>
public interface IKnownChain
{
    /// <summary>Hash of the entry held under this number; <c>null</c> when there is none.</summary>
    byte[]? HashAt(long sequence);

    /// <summary>Whether an entry with this hash is held, or it is the beginning of all journals.</summary>
    bool Holds(byte[] hash);
}

/// <summary>How an entry that a terminal sends stands to what the server holds of its journal.</summary>
public abstract record ChainStep
{
    private ChainStep() { }

    /// <summary>It follows the head.</summary>
    public sealed record Next(byte[] Hash) : ChainStep;

    /// <summary>It is held already, letter by letter.</summary>
    public sealed record Known : ChainStep;

    /// <summary>Entries before it have not come yet: the terminal sends them from here.</summary>
    public sealed record Missing(long From) : ChainStep;

    /// <summary>It follows an entry before the head: the terminal's disk was set back, and what came between is lost to it.</summary>
    public sealed record RolledBack(byte[] Hash) : ChainStep;

    /// <summary>Another entry is held under its number: two histories of one device, from a disk that was set back or copied.</summary>
    public sealed record Forked(byte[] Hash) : ChainStep;

    /// <summary>The device's key did not sign it, or it does not follow the entry before it.</summary>
    public sealed record Broken(bool IsSignatureFalse) : ChainStep;
}

/// <summary>Checks the entries of a journal one by one, as they come. Pure.</summary>
public static class ChainCheck
{
    /// <param name="deviceKey">The terminal's public key.</param>
    public static ChainStep Of(JournalRecord record, ChainHead head, IKnownChain known, ECDsa deviceKey)
    {
        var hash = record.Hash();
        if (known.HashAt(record.Sequence) is { } held && held.AsSpan().SequenceEqual(hash)) return new ChainStep.Known();
        var follows = record.PreviousHash.AsSpan().SequenceEqual(head.Hash);
        var isTied = follows || known.Holds(record.PreviousHash);
        // What comes too early is not judged at all: it is sent again in its turn, and nothing before it may be lost by it.
        if (record.Sequence > head.Sequence + 1 && !isTied) return new ChainStep.Missing(head.Sequence + 1);
        if (!deviceKey.VerifyHash(hash, record.Signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)) return new ChainStep.Broken(IsSignatureFalse: true);
        if (record.Sequence <= head.Sequence) return new ChainStep.Forked(hash);
        // Numbers are left out where the server had seen more than the disk now holds; only the first may be any.
        if (follows && (record.Sequence == head.Sequence + 1 || head.Sequence == 0)) return new ChainStep.Next(hash);
        return isTied ? new ChainStep.RolledBack(hash) : new ChainStep.Broken(IsSignatureFalse: false);
    }
}
