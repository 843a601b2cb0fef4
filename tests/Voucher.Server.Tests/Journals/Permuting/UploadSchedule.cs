namespace Voucher.Server.Tests.Journals.Permuting;

/// <summary>Part of a desk's journal in one upload.</summary>
/// <param name="First">Index of the first entry.</param>
/// <param name="IsUntold">Sent while it was not known yet what the desk was told.</param>
internal sealed record JournalPart(int Desk, int First, int Count, bool IsUntold = false);

/// <summary>In which parts and order the journals of one history go up, and what goes up before the server merges.</summary>
internal static class UploadSchedule
{
    /// <summary>Each journal in one piece, one desk after the other.</summary>
    public static List<JournalPart> Plain(IReadOnlyList<int> lengths) =>
        [.. lengths.Select((length, desk) => new JournalPart(desk, 0, length)).Where(part => part.Count > 0)];

    /// <summary>
    /// In parts, those of one desk between those of the others, with repeats, parts that come too early, and parts that were sent
    /// before it was known what the desk was told.
    /// </summary>
    public static List<JournalPart> InParts(IReadOnlyList<int> lengths, IReadOnlyDictionary<int, int> forged, Random random)
    {
        List<JournalPart> parts = [], toTell = [];
        var sent = new int[lengths.Count];
        var left = Enumerable.Range(0, lengths.Count).Where(desk => lengths[desk] > 0).ToList();
        while (left.Count > 0)
        {
            var desk = left[random.Next(left.Count)];
            if (random.Next(5) == 0) parts.Add(Again(desk, lengths[desk], sent[desk], random));
            var count = random.Next(1, lengths[desk] - sent[desk] + 1);
            // A desk that the server stops can tell nothing more.
            var part = new JournalPart(desk, sent[desk], count, !forged.ContainsKey(desk) && random.Next(4) == 0);
            parts.Add(part);
            if (part.IsUntold) toTell.Add(part with { IsUntold = false });
            if (toTell.Count > 0 && random.Next(3) == 0) Tell(parts, toTell, random);
            if ((sent[desk] += count) == lengths[desk]) left.Remove(desk);
        }
        while (toTell.Count > 0) Tell(parts, toTell, random);
        return parts;
    }

    /// <summary>Some more of what was sent, once all is merged.</summary>
    public static List<JournalPart> Repeats(IReadOnlyList<int> lengths, Random random) =>
        [.. Enumerable.Range(0, lengths.Count).Where(desk => lengths[desk] > 0 && random.Next(2) == 0).Select(desk => Again(desk, lengths[desk], lengths[desk], random))];

    private static void Tell(List<JournalPart> parts, List<JournalPart> toTell, Random random)
    {
        var next = random.Next(toTell.Count);
        parts.Add(toTell[next]);
        toTell.RemoveAt(next);
    }

    /// <summary>What was sent before comes once more, or what is not its turn yet.</summary>
    private static JournalPart Again(int desk, int length, int sent, Random random)
    {
        var first = random.Next(length);
        return first > sent || sent == 0 ? new JournalPart(desk, first, length - first) : new JournalPart(desk, first == sent ? first - 1 : first, 1);
    }
}
