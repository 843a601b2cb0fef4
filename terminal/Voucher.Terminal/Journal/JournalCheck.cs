using System.Security.Cryptography;

namespace Voucher.Terminal.Journal;

/// <summary>Walks a journal from its first entry and looks at numbers, chain and signatures.</summary>
internal static class JournalCheck
{
    private const int PageSize = 500;

    public static long? FirstBroken(JournalStore store)
    {
        if (store.Signer() is not { } publicKey) return 0;
        using var signer = ECDsa.Create();
        signer.ImportSubjectPublicKeyInfo(publicKey, out _);
        var (sequence, hash) = (0L, new byte[ChainLink.HashLength]);
        for (var page = store.After(0, PageSize); page.Count > 0; page = store.After(sequence, PageSize))
        {
            foreach (var entry in page)
            {
                if (!Follows(store, entry, sequence, hash) || !IsSigned(signer, entry)) return entry.Request.Sequence;
                (sequence, hash) = (entry.Request.Sequence, entry.Hash);
            }
        }
        return null;
    }

    private static bool Follows(JournalStore store, JournalEntry entry, long before, byte[] hash) =>
        entry.Link.PreviousHash.AsSpan().SequenceEqual(hash)
        && (entry.Request.Sequence == before + 1 || store.IsResumedAt(entry.Request.Sequence - 1));

    private static bool IsSigned(ECDsa signer, JournalEntry entry) =>
        entry.Link.HashOf(entry.Request.Sequence, entry.Request.ScanId, entry.RequestJson).AsSpan().SequenceEqual(entry.Hash)
        && signer.VerifyHash(entry.Hash, entry.Signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
