namespace Voucher.Server.Register;

/// <summary>One township of the county.</summary>
public sealed record Township(int Code, string Name);

/// <summary>Finds a township by the name that people type: with or without 镇, 乡 or 街道, alone or within an address.</summary>
public sealed class TownshipNames
{
    private const string HigherUnits = "县区市旗";
    private static readonly string[] Ranks = ["街道", "镇", "乡"];
    private readonly string _countyShortName;
    private readonly ILookup<string, Township> _byStem;

    /// <param name="countyName">For telling the county's own 河滩镇 from that of another county in an address.</param>
    public TownshipNames(string countyName, IEnumerable<Township> townships)
    {
        _countyShortName = countyName[..Math.Min(2, countyName.Length)];
        _byStem = townships.ToLookup(township => Stem(township.Name), StringComparer.Ordinal);
    }

    /// <summary>The township that the text names and nothing else; the county's name may stand before it.</summary>
    public int? Named(string text) => Meant(Stem(text), text)?.Code ?? WithinAddress(text);

    /// <summary>The first township named in an address, with its rank (towns were townships once, so any rank will do).</summary>
    public int? WithinAddress(string address)
    {
        var hits =
            from stem in _byStem
            from rank in Ranks
            let name = stem.Key + rank
            let at = address.IndexOf(name, StringComparison.Ordinal)
            where at >= 0 && !IsOfOtherCounty(address[..at])
            let township = Meant(stem.Key, name)
            where township is not null
            orderby at, stem.Key.Length descending
            select township.Code;
        return hits.Select(code => (int?)code).FirstOrDefault();
    }

    /// <summary>
    /// A county may have both 城关镇 and 城关乡: then only the full name tells which, and of one name the one given first. What
    /// was 达板乡 and is 达板镇 is one township.
    /// </summary>
    private Township? Meant(string stem, string name) => _byStem[stem].ToList() switch
    {
        [var only] => only,
        [var first, .. var others] when others.TrueForAll(township => township.Code == first.Code) => first,
        var several => several.Find(township => township.Name == name),
    };

    private bool IsOfOtherCounty(string before) =>
        before.Length > 0 && HigherUnits.Contains(before[^1]) && !before.Contains(_countyShortName, StringComparison.Ordinal);

    private static string Stem(string name) =>
        Array.Find(Ranks, rank => name.Length > rank.Length && name.EndsWith(rank, StringComparison.Ordinal)) is { } rank ? name[..^rank.Length] : name;
}
