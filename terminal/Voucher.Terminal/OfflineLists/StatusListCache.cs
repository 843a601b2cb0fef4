using System.Globalization;
using System.Text;
using Voucher.Core.OfflineLists;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.OfflineLists;

/// <summary>The status list that is held.</summary>
/// <param name="RefreshedAt">Up to when it is known to be right: by the server's word, or when a file was made.</param>
internal sealed record HeldList(SignedStatusList Signed, DateTimeOffset RefreshedAt)
{
    public long Counter => Signed.List.Counter;

    /// <summary><c>null</c> when the voucher is newer than the list, or another county's.</summary>
    public VoucherStatus? Status(VoucherId voucher) => Signed.List.Status(voucher);
}

/// <summary>
/// The newest status list, kept over restarts. It is believed only when a key of the pinned list has signed it, both when it
/// arrives and when it is read back; its counter never goes back; a damaged file is worth no more than none.
/// </summary>
internal sealed class StatusListCache(string folder)
{
    /// <summary>The server's word that nothing has changed is written down this often at most.</summary>
    public static readonly TimeSpan WriteRefreshedEvery = TimeSpan.FromMinutes(10);

    private readonly string _path = Path.Combine(folder, "status-list");
    private readonly string _refreshedPath = Path.Combine(folder, "status-list-refreshed");
    private readonly Lock _gate = new();
    private volatile HeldList? _current;
    private DateTimeOffset _written;

    public HeldList? Current => _current;

    /// <summary>Reads the file back.</summary>
    public void Load(KeyRing keys, RegionCode region)
    {
        if (!File.Exists(_path) || new FileInfo(_path).Length > SignedStatusList.LargestBytes) return;
        if (SignedStatusList.TryRead(File.ReadAllBytes(_path), out var signed) != ListFault.None) return;
        if (signed!.Check(keys, region) == ListFault.None) _current = new HeldList(signed, Latest(ReadRefreshed(), signed.List.MadeAt));
    }

    /// <summary>The terminal has been revoked: the list is wiped from the disk with the other files, and not used any more.</summary>
    public void Forget()
    {
        lock (_gate) _current = null;
    }

    /// <summary>Takes a full list in.</summary>
    /// <param name="refreshedAt">Up to when it is right; for a file, when it was made.</param>
    public ListFault Accept(SignedStatusList signed, DateTimeOffset refreshedAt, KeyRing keys, RegionCode region)
    {
        if (signed.Check(keys, region) is var fault and not ListFault.None) return fault;
        lock (_gate)
        {
            if (_current is { } held && signed.List.Counter < held.Counter) return ListFault.Older;
            if (_current is { } same && signed.List.Counter == same.Counter) return Confirm(same, refreshedAt);
            try
            {
                PrivateFile.Write(_path, signed.Encode());
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                return ListFault.NotSaved;
            }
            WriteRefreshed(refreshedAt);
            _current = new HeldList(signed, refreshedAt);
            return ListFault.None;
        }
    }

    /// <summary>Takes in what the server has sent: a full list, or what has changed since the one that is held.</summary>
    public ListFault Take(byte[] bytes, DateTimeOffset refreshedAt, KeyRing keys, RegionCode region)
    {
        var fault = StatusListDelta.TryRead(bytes, out var delta);
        if (delta is not null) return Accept(delta, refreshedAt, keys, region);
        if (fault == ListFault.Damaged) return fault;
        fault = SignedStatusList.TryRead(bytes, out var full);
        return full is not null ? Accept(full, refreshedAt, keys, region) : fault;
    }

    /// <summary>Takes in what has changed since the list that is held.</summary>
    public ListFault Accept(StatusListDelta delta, DateTimeOffset refreshedAt, KeyRing keys, RegionCode region)
    {
        if (_current is not { } held) return ListFault.DoesNotFit;
        var fault = delta.TryApply(held.Signed.List, out var next);
        return fault == ListFault.None ? Accept(next!, refreshedAt, keys, region) : fault;
    }

    /// <summary>The server says that the list with this counter is right until then.</summary>
    public void Confirm(long counter, DateTimeOffset refreshedAt)
    {
        lock (_gate)
            if (_current is { } held && held.Counter == counter) Confirm(held, refreshedAt);
    }

    private ListFault Confirm(HeldList held, DateTimeOffset refreshedAt)
    {
        if (refreshedAt <= held.RefreshedAt) return ListFault.None;
        _current = held with { RefreshedAt = refreshedAt };
        if (refreshedAt - _written >= WriteRefreshedEvery) WriteRefreshed(refreshedAt);
        return ListFault.None;
    }

    private void WriteRefreshed(DateTimeOffset refreshedAt)
    {
        try
        {
            PrivateFile.Write(_refreshedPath, Encoding.ASCII.GetBytes(refreshedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
            _written = refreshedAt;
        }
        catch (IOException)
        {
            // A full disk must not end the link; it is known for this run.
        }
    }

    private DateTimeOffset? ReadRefreshed() =>
        File.Exists(_refreshedPath) && long.TryParse(File.ReadAllText(_refreshedPath), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static DateTimeOffset Latest(DateTimeOffset? one, DateTimeOffset other) => one is { } known && known > other ? known : other;
}
