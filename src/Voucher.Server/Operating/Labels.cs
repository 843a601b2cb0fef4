using System.Collections.Frozen;

namespace Voucher.Server.Operating;

/// <summary>The names of an enum's values as labels, made once: recording a measurement allocates none.</summary>
internal static class Labels<TValue> where TValue : struct, Enum
{
    private static readonly FrozenDictionary<TValue, string> Names =
        Enum.GetValues<TValue>().Distinct().ToFrozenDictionary(value => value, value => value.ToString());

    public static KeyValuePair<string, object?> Of(string key, TValue value) => new(key, Names.GetValueOrDefault(value, "other"));
}
