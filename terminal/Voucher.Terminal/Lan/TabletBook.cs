using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Lan;

/// <summary>A tablet that was let in.</summary>
/// <param name="SecretHash">SHA-256 of what only the tablet has.</param>
internal sealed record Tablet(string Id, string Name, byte[] SecretHash, DateTimeOffset Since);

/// <summary>A code that lets one tablet in.</summary>
internal sealed record EntryCode(string Digits, DateTimeOffset Until);

/// <summary>Which tablets are let in, kept over restarts, and the code that lets the next one in.</summary>
internal sealed class TabletBook(string path, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CancellationTokenSource> _leaving = [];
    private List<Tablet> _tablets = Read(path);
    private EntryCode? _code;
    private int _wrong;

    public IReadOnlyList<Tablet> Tablets
    {
        get { lock (_gate) return [.. _tablets]; }
    }

    /// <summary>The code that is good at this moment, if there is one.</summary>
    public EntryCode? Code
    {
        get { lock (_gate) return _code is { } code && time.GetUtcNow() < code.Until ? code : null; }
    }

    /// <summary>Makes a code in the place of any other; <c>null</c> when as many tablets are let in as may be.</summary>
    public EntryCode? NewCode()
    {
        lock (_gate)
        {
            if (_tablets.Count >= LanLimits.MostTablets) return null;
            var digits = RandomNumberGenerator.GetInt32((int)Math.Pow(10, LanLimits.CodeDigits)).ToString($"D{LanLimits.CodeDigits}", CultureInfo.InvariantCulture);
            (_code, _wrong) = (new EntryCode(digits, time.GetUtcNow() + LanLimits.CodeLife), 0);
            return _code;
        }
    }

    /// <summary>Lets a tablet in that shows the code, once.</summary>
    /// <returns>What the tablet is to show ever after; <c>null</c> when the code is wrong, late, used, or was guessed at too often.</returns>
    public string? LetIn(string digits, string name)
    {
        lock (_gate)
        {
            if (Code is not { } code || _tablets.Count >= LanLimits.MostTablets) return null;
            if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(code.Digits), Encoding.UTF8.GetBytes(digits)))
            {
                if (++_wrong >= LanLimits.WrongCodes) _code = null;
                return null;
            }
            var secret = RandomNumberGenerator.GetBytes(LanLimits.SecretBytes);
            var tablet = new Tablet(Convert.ToHexString(RandomNumberGenerator.GetBytes(4)), name, SHA256.HashData(secret), time.GetUtcNow());
            Keep([.. _tablets, tablet]);
            _code = null;
            return $"{tablet.Id}.{Convert.ToHexString(secret)}";
        }
    }

    /// <summary>The tablet that shows this; <c>null</c> when it is none that is let in.</summary>
    public Tablet? Find(string? shown)
    {
        if (shown?.Split('.') is not [var id, var secret] || secret.Length != 2 * LanLimits.SecretBytes || !secret.All(char.IsAsciiHexDigit)) return null;
        var hash = SHA256.HashData(Convert.FromHexString(secret));
        lock (_gate) return _tablets.Find(one => one.Id == id && CryptographicOperations.FixedTimeEquals(one.SecretHash, hash));
    }

    /// <summary>Is cancelled when the tablet is removed, or was since it was found.</summary>
    public CancellationToken Leaving(Tablet tablet)
    {
        lock (_gate)
        {
            if (!_tablets.Contains(tablet)) return new CancellationToken(canceled: true);
            if (!_leaving.TryGetValue(tablet.Id, out var leaving)) _leaving[tablet.Id] = leaving = new CancellationTokenSource();
            return leaving.Token;
        }
    }

    public bool Remove(string id)
    {
        CancellationTokenSource? leaving;
        lock (_gate)
        {
            if (!_tablets.Exists(one => one.Id == id)) return false;
            Keep([.. _tablets.Where(one => one.Id != id)]);
            _leaving.Remove(id, out leaving);
        }
        leaving?.Cancel();
        return true;
    }

    /// <summary>Nobody is let in any more, and no code lets in; what lies on the disk is the caller's to wipe.</summary>
    public void Forget()
    {
        List<CancellationTokenSource> leaving;
        lock (_gate)
        {
            (_tablets, _code) = ([], null);
            leaving = [.. _leaving.Values];
            _leaving.Clear();
        }
        foreach (var one in leaving) one.Cancel();
    }

    private void Keep(List<Tablet> tablets)
    {
        PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(tablets, WebJson.Options));
        _tablets = tablets;
    }

    private static List<Tablet> Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<List<Tablet>>(File.ReadAllBytes(path), WebJson.Options) ?? [] : [];
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            // A damaged book lets nobody in.
            return [];
        }
    }
}
