using System.Security.Cryptography;
using System.Text;

namespace Voucher.Core.Settling;

/// <summary>
/// Whom the county calls: a share of each class's lines, drawn by a seed that stays on record, so that anybody can repeat the draw.
/// Lines are ordered by SHA-256 of <c>seed:line</c>; the first ones are called, the next one steps in for whoever is not reached.
/// </summary>
public static class PhoneSample
{
    /// <summary>Calls without an answer after which somebody else is drawn.</summary>
    public const int MostAttempts = 3;

    /// <summary>What a pack may ask for at least; in percent of a class's lines.</summary>
    public const int LeastPercent = 10;

    /// <summary>How many of a class are called: rounded up, at least one; none where the rules want none.</summary>
    /// <param name="lines">0 or more.</param>
    /// <param name="percent">0–100.</param>
    public static int SizeOf(int lines, int percent) =>
        percent <= 0 ? 0 : Math.Min(lines, Math.Max(1, (checked(lines * percent) + 99) / 100));

    /// <summary>All lines of one class in the order in which they are drawn.</summary>
    public static IReadOnlyList<ClaimLineId> Order(IEnumerable<ClaimLineId> lines, string seed) =>
        [.. lines.OrderBy(line => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{line}"))), StringComparer.Ordinal)];

    public static IReadOnlyList<ClaimLineId> Draw(IReadOnlyCollection<ClaimLineId> lines, int percent, string seed) =>
        [.. Order(lines, seed).Take(SizeOf(lines.Count, percent))];

    /// <summary>
    /// Whether a class's sample has come to its end and fell short: nobody is left to be called, and fewer were reached than were
    /// drawn at first. What was not heard from must not pass as if it had been.
    /// </summary>
    /// <param name="wanted">Drawn at the first review.</param>
    /// <param name="reached">Who confirmed or denied.</param>
    /// <param name="open">Who is still to be called.</param>
    public static bool FellShort(int wanted, int reached, int open) => open == 0 && reached < wanted;

    /// <summary>Who steps in; <c>null</c> when everybody of the class has been drawn.</summary>
    public static ClaimLineId? Next(IEnumerable<ClaimLineId> lines, IReadOnlySet<ClaimLineId> drawn, string seed)
    {
        foreach (var line in Order(lines, seed))
            if (!drawn.Contains(line)) return line;
        return null;
    }
}

/// <summary>What came of a call. Numbers are stored: they never change meaning.</summary>
public enum PhoneResult
{
    /// <summary>They say that they attended.</summary>
    Confirms = 1,

    /// <summary>They say that they did not: the line is held.</summary>
    Denies = 2,
    NotReached = 3,
}

public static class PhoneWords
{
    public static Words Name(this PhoneResult result) => result switch
    {
        PhoneResult.Confirms => new("本人确认参加", "confirms"),
        PhoneResult.Denies => new("本人否认参加", "denies"),
        PhoneResult.NotReached => new("没有接通", "not reached"),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "Unknown result of a call."),
    };
}
