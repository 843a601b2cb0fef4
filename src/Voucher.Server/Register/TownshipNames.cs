namespace Voucher.Server.Register;

/// <summary>One township of the county.</summary>
public sealed record Township(int Code, string Name);

/// <summary>Finds a township by the name that people type: with or without 镇 or 乡, alone or within an address.</summary>
public sealed class TownshipNames
{
    private const string Suffixes = "镇乡";
    private const string HigherUnits = "县区市旗";
    private readonly string _countyShortName;
    private readonly Dictionary<string, Township> _byStem;

    /// <param name="countyName">For telling the county's own 河滩镇 from that of another county in an address.</param>
    public TownshipNames(string countyName, IEnumerable<Township> townships)
    {
        _countyShortName = countyName[..Math.Min(2, countyName.Length)];
        _byStem = townships.ToDictionary(township => Stem(township.Name));
    }

    /// <summary>The township that the text names and nothing else; the county's name may stand before it.</summary>
    public int? Named(string text) =>
        _byStem.TryGetValue(Stem(text), out var exact) ? exact.Code : WithinAddress(text);

    /// <summary>The first township named in an address, with its 镇 or 乡 (towns were townships once, so either will do).</summary>
    public int? WithinAddress(string address)
    {
        var found = _byStem
            .SelectMany(entry => Suffixes.Select(suffix => (entry.Value, At: address.IndexOf(entry.Key + suffix, StringComparison.Ordinal), entry.Key.Length)))
            .Where(hit => hit.At >= 0 && !IsOfOtherCounty(address[..hit.At]))
            .OrderBy(hit => hit.At).ThenByDescending(hit => hit.Length)
            .FirstOrDefault();
        return found.Value?.Code;
    }

    private bool IsOfOtherCounty(string before) =>
        before.Length > 0 && HigherUnits.Contains(before[^1]) && !before.Contains(_countyShortName, StringComparison.Ordinal);

    private static string Stem(string name) => name.Length > 1 && Suffixes.Contains(name[^1]) ? name[..^1] : name;
}
