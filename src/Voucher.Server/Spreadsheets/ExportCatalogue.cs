using System.Collections.Frozen;

namespace Voucher.Server.Spreadsheets;

/// <summary>Every list that can be exported, by its key.</summary>
public sealed class ExportCatalogue(IEnumerable<ListExport> lists)
{
    private readonly FrozenDictionary<string, ListExport> _lists = lists.ToFrozenDictionary(list => list.Key, StringComparer.Ordinal);

    public IEnumerable<ListExport> All => _lists.Values;

    public ListExport? Find(string? key) => key is null ? null : _lists.GetValueOrDefault(key);
}
