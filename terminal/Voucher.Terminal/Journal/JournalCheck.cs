using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Voucher.Core.Journals;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Journal;

/// <summary>Where a journal breaks, and why.</summary>
/// <param name="Sequence">Of the entry at fault; 0 when the journal as a whole is.</param>
internal sealed record BrokenEntry(long Sequence, string Why);

/// <param name="Entries">Entries that were found right, up to the first that is broken.</param>
/// <param name="SignerFingerprint">Of the key that the journal names as its signer, as the portal shows it; <c>null</c> when it names none.</param>
internal sealed record JournalReport(long Entries, long LastSequence, string? SignerFingerprint, BrokenEntry? Broken);

/// <summary>Walks a journal from its first entry and looks at numbers, chain and signatures.</summary>
internal static class JournalCheck
{
    private const int PageSize = 500;

    /// <param name="soFar">Is told now and then how many entries were found right.</param>
    public static JournalReport Check(JournalStore store, Action<long>? soFar = null)
    {
        if (store.Signer() is not { } publicKey) return new JournalReport(0, 0, SignerFingerprint: null, new BrokenEntry(0, "the journal names no key"));
        var fingerprint = DeviceKey.FingerprintOf(publicKey);
        using var signer = ECDsa.Create();
        signer.ImportSubjectPublicKeyInfo(publicKey, out _);
        var (count, sequence, hash) = (0L, 0L, new byte[ChainLink.HashLength]);
        while (true)
        {
            var (page, unreadable) = PageAfter(store, sequence);
            foreach (var entry in page)
            {
                if (WhyBroken(store, signer, entry, sequence, hash) is { } why)
                    return new JournalReport(count, sequence, fingerprint, new BrokenEntry(entry.Sequence, why));
                (count, sequence, hash) = (count + 1, entry.Sequence, entry.Hash);
            }
            soFar?.Invoke(count);
            if (unreadable is not null || page.Count == 0) return new JournalReport(count, sequence, fingerprint, unreadable);
        }
    }

    /// <summary>The next entries; one that cannot even be read is looked for singly, so that those before it are still checked.</summary>
    private static (List<JournalEntry> Page, BrokenEntry? Unreadable) PageAfter(JournalStore store, long sequence)
    {
        for (var size = PageSize; ; size /= 2)
        {
            try
            {
                return (store.After(sequence, size), null);
            }
            catch (Exception fault) when (fault is JsonException or FormatException or InvalidCastException or SqliteException)
            {
                if (size == 1) return ([], new BrokenEntry(sequence + 1, "the entry cannot be read"));
            }
        }
    }

    private static string? WhyBroken(JournalStore store, ECDsa signer, JournalEntry entry, long before, byte[] hash)
    {
        if (entry.Sequence != before + 1 && !store.IsResumedAt(entry.Sequence - 1)) return $"entries are missing after {before}";
        if (!entry.Link.PreviousHash.AsSpan().SequenceEqual(hash)) return "it does not follow the entry before it";
        if (!entry.Link.HashOf(entry.Kind, entry.Sequence, entry.Id, entry.Content).AsSpan().SequenceEqual(entry.Hash))
            return "its content was changed";
        return signer.VerifyHash(entry.Hash, entry.Signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            ? null
            : "its signature is not of the journal's key";
    }
}
