using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Voucher.Server.PublicMenu;

/// <summary>
/// Readings of the 6,768 characters of GB 2312 without tones, several where a character has several. The table is that of the npm
/// package pinyin-match, by lock file; what it does not have is found by the character itself.
/// </summary>
public static class PinyinTable
{
    private const string Resource = "pinyin.js";

    private static readonly Lazy<FrozenDictionary<Rune, string[]>> Table = new(Read);

    public static IReadOnlyList<string> ReadingsOf(Rune character) =>
        Table.Value.TryGetValue(character, out var readings) ? readings : [];

    /// <summary>The file is JavaScript: one object, from reading to all its characters, that is also JSON.</summary>
    private static FrozenDictionary<Rune, string[]> Read()
    {
        using var stream = typeof(PinyinTable).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is missing.");
        using var reader = new StreamReader(stream);
        var script = reader.ReadToEnd();
        var json = script[script.IndexOf('{')..(script.LastIndexOf('}') + 1)];
        var byReading = JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
        return byReading
            .SelectMany(pair => pair.Value.EnumerateRunes(), (pair, character) => (character, Reading: pair.Key))
            .GroupBy(one => one.character, one => one.Reading)
            .ToFrozenDictionary(group => group.Key, group => group.Distinct().Order(StringComparer.Ordinal).ToArray());
    }
}
