namespace Voucher.Faults;

/// <summary>One fault: when it begins within its round, how long it lasts, and which of the two servers it means where it means one.</summary>
public sealed record PlannedFault(FaultKind Kind, int StartsAtMs, int LastsMs, int Server)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}({Server})@{StartsAtMs}+{LastsMs}ms");
}

/// <param name="LoadSeed">Decides who scans what, when, how often, and by which way.</param>
public sealed record PlannedRound(int Number, int LoadSeed, IReadOnlyList<PlannedFault> Faults)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"round {Number}: {string.Join(", ", Faults)}");
}

/// <summary>
/// Which faults come when: a function of the seed and nothing else, the same however many rounds are run. Kinds are dealt
/// like cards, so that every kind comes once before any comes again.
/// </summary>
public static class Schedule
{
    private const int MostFaultsOfARound = 3;
    private const int LatestStartMs = 700;
    private const int ShortestMs = 150;
    private const int LongestMs = 1_100;
    private const int Servers = 2;

    /// <param name="kinds">Of which to choose; all when <c>null</c>.</param>
    public static IEnumerable<PlannedRound> Of(int seed, IReadOnlyList<FaultKind>? kinds = null)
    {
        var random = new Random(seed);
        var deck = new Queue<FaultKind>();
        for (var number = 1; ; number++)
        {
            var loadSeed = random.Next();
            yield return new PlannedRound(number, loadSeed, [.. Deal(random, deck, kinds ?? Enum.GetValues<FaultKind>()).Select(kind => new PlannedFault(
                kind, random.Next(LatestStartMs), random.Next(ShortestMs, LongestMs), random.Next(Servers)))]);
        }
    }

    /// <summary>A restart with another schema comes alone: what it must do is clear only when all else is well.</summary>
    private static List<FaultKind> Deal(Random random, Queue<FaultKind> deck, IReadOnlyList<FaultKind> kinds)
    {
        var wanted = 1 + random.Next(MostFaultsOfARound);
        List<FaultKind> dealt = [];
        while (dealt.Count < wanted)
        {
            if (deck.Count == 0)
            {
                var shuffled = kinds.ToArray();
                random.Shuffle(shuffled);
                foreach (var kind in shuffled) deck.Enqueue(kind);
            }
            var next = deck.Peek();
            if (dealt.Any(kind => kind.Strikes() == next.Strikes())) break;
            if (dealt.Count > 0 && (next.Strikes() == Struck.Schema || dealt[0].Strikes() == Struck.Schema)) break;
            dealt.Add(deck.Dequeue());
        }
        return dealt;
    }
}
