using System.Text;

namespace Voucher.Core.Programmes;

/// <summary>
/// A Chinese text with the readings of each of its characters, so that it is found by what people type: its characters, its
/// pinyin without tones, the initials of its pinyin, or a mixture. A character with several readings (长, 行, 重) is found by
/// each of them. The page of the menu has the same rule in spelling.js.
/// </summary>
public sealed class Spelling
{
    private readonly (string Character, IReadOnlyList<string> Readings)[] _characters;

    /// <param name="readingsOf">Readings of a character in small letters without tones, ü as v; none when it is not known.</param>
    public Spelling(string text, Func<Rune, IReadOnlyList<string>> readingsOf) =>
        _characters = [.. text.EnumerateRunes().Select(rune => (Rune.ToLowerInvariant(rune).ToString(), readingsOf(rune)))];

    /// <summary>For the page: the readings of each character, separated by commas; characters by blanks.</summary>
    public string Encoded => string.Join(' ', _characters.Select(character => string.Join(',', character.Readings)));

    /// <summary>What is typed, in small ASCII letters, without blanks and apostrophes, ü as v.</summary>
    public static string Normalise(string typed) => string.Concat(typed
        .Select(FullWidth.ToAscii).Select(char.ToLowerInvariant).Where(c => !char.IsWhiteSpace(c) && c is not ('\'' or '’'))).Replace('ü', 'v');

    /// <summary>Whether the normalised text stands somewhere within this one; each character is met by the beginning of a reading.</summary>
    public bool Matches(string normalised) =>
        normalised.Length == 0 || Enumerable.Range(0, _characters.Length).Any(start => MatchesFrom(start, normalised));

    private bool MatchesFrom(int start, string wanted)
    {
        HashSet<int> reached = [0];
        for (var at = start; at < _characters.Length && reached.Count > 0; at++)
        {
            reached = [.. reached.SelectMany(position => After(_characters[at], wanted, position))];
            if (reached.Contains(wanted.Length)) return true;
        }
        return false;
    }

    /// <summary>How far one character can bring what is wanted, from a position of it.</summary>
    private static IEnumerable<int> After((string Character, IReadOnlyList<string> Readings) character, string wanted, int position)
    {
        if (string.CompareOrdinal(wanted, position, character.Character, 0, character.Character.Length) == 0)
            yield return position + character.Character.Length;
        foreach (var reading in character.Readings)
            for (var length = 1; length <= reading.Length && position + length <= wanted.Length && wanted[position + length - 1] == reading[length - 1]; length++)
                yield return position + length;
    }
}
