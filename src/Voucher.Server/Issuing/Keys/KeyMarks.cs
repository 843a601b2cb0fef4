namespace Voucher.Server.Issuing.Keys;

/// <summary>
/// Keeps a server with other secrets away from the county's database: it would store people twice, seal what the others
/// cannot open, and know nobody's log-in. The first server leaves a mark of each secret; every later one must match.
/// </summary>
public sealed class KeyMarks(KeyFolder folder, KeyMarkStore marks, County county, TimeProvider clock)
{
    private volatile bool _isChecked;

    /// <summary>Asks the database once: what has held for this server at its start is not asked again.</summary>
    /// <exception cref="InvalidOperationException">Names the files that are not the county's.</exception>
    public async Task CheckAsync()
    {
        if (_isChecked) return;
        var own = folder.Marks();
        var known = await marks.LeaveAsync(county.Region, own, clock.GetUtcNow());
        var foreign = own.Where(mark => !known[mark.Key].AsSpan().SequenceEqual(mark.Value)).Select(mark => mark.Key).Order(StringComparer.Ordinal).ToList();
        if (foreign.Count > 0)
            throw new InvalidOperationException(
                $"Not the keys of this county's database: {string.Join(", ", foreign)}. Every server needs the same folder VOUCHER_HOME/keys; copy it from a server that works.");
        _isChecked = true;
    }
}
