namespace Voucher.Server.Register.Importing;

/// <summary>What a row may name: townships, villages, trades.</summary>
public sealed class RegisterNames(TownshipNames townships, VillageNames villages, IReadOnlyDictionary<string, int> trades)
{
    public TownshipNames Townships { get; } = townships;

    public VillageNames Villages { get; } = villages;

    /// <summary>A trade by its name or code.</summary>
    public int? Trade(string text) =>
        trades.TryGetValue(text, out var code) ? code
        : int.TryParse(string.Concat(text.Select(FullWidth.ToAscii)), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && trades.Values.Contains(number) ? number
        : null;
}

/// <summary>Finds a village by its twelve digits or by the name that people type: with or without 村 or 社区.</summary>
public sealed class VillageNames
{
    private static readonly string[] Ranks = ["社区居委会", "村民委员会", "村委会", "社区", "村"];
    private readonly HashSet<PlaceCode> _codes;
    private readonly ILookup<string, PlaceCode> _byStem;

    public VillageNames(IEnumerable<(long Code, string Name)> villages)
    {
        var all = villages.Select(village => (Code: new PlaceCode(village.Code), village.Name)).ToList();
        _codes = [.. all.Select(village => village.Code)];
        _byStem = all.ToLookup(village => Stem(village.Name), village => village.Code, StringComparer.Ordinal);
    }

    /// <param name="township">Where several townships have a village of the name: which of them is meant.</param>
    public PlaceCode? Named(string text, int? township)
    {
        var plain = string.Concat(text.Select(FullWidth.ToAscii)).Replace(" ", "", StringComparison.Ordinal);
        if (PlaceCode.TryParse(plain, out var code)) return _codes.Contains(code) ? code : null;
        var named = _byStem[Stem(plain)].ToList();
        if (named.Where(village => village.Township == township).ToList() is [var there]) return there;
        return named is [var only] ? only : null;
    }

    private static string Stem(string name) =>
        Array.Find(Ranks, rank => name.Length > rank.Length && name.EndsWith(rank, StringComparison.Ordinal)) is { } rank ? name[..^rank.Length] : name;
}
