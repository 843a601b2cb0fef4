using System.Security.Cryptography;
using Voucher.Core.Tokens;
using Voucher.Server.Database;

namespace Voucher.Server.Issuing.Keys;

/// <summary>
/// The issuing keys in force: verifies tokens, signs new ones, and changes the list (first key, rotation, revocation).
/// </summary>
public sealed class IssuingKeys(KeyFolder folder, KeyListStore lists, NpgsqlDataSource database, County county, TimeProvider clock) : IDisposable
{
    /// <summary>How long a key's vouchers are accepted: a year of signing, two years for the courses they lead to.</summary>
    public const int AcceptedDays = 3 * 365;

    /// <summary>After its last valid day a voucher may still be attending a course; its key must live that long.</summary>
    public const int CourseDays = 365;

    /// <summary>How old the list may be that this server works with.</summary>
    public static readonly TimeSpan KeepRing = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _loading = new(1);

    /// <summary>Replaced as a whole, so that whoever reads it without the lock sees parts that belong together.</summary>
    private volatile Current? _current;

    private sealed record Current(KeyRing Ring, SignedKeyList Signed, KeyList List, DateTimeOffset At);

    /// <summary>The ring to verify with; read again every half minute, so that a revocation reaches every server.</summary>
    public async Task<KeyRing> RingAsync() => (await CurrentAsync()).Ring;

    public async Task<SignedKeyList> SignedListAsync() => (await CurrentAsync()).Signed;

    /// <summary>The root's public key, which terminals pin.</summary>
    public byte[] RootPublicKey() => folder.RootPublicKey();

    /// <summary>
    /// Opens the newest key that may sign a voucher valid until the given day; <c>null</c> when there is none.
    /// The caller disposes the signer.
    /// </summary>
    public async Task<(byte KeyId, Func<TokenSigner> NewSigner)?> SigningKeyAsync(DateOnly validUntil)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var key = (await CurrentAsync()).List.Keys
            .Where(key => key.Suite == SignatureSuite.P256 && !key.Revoked && key.IsInForceOn(today)
                && key.ValidTo >= validUntil.AddDays(CourseDays) && folder.HoldsIssuing(key.Id, key.PublicKey))
            .MaxBy(key => (key.ValidFrom, key.Id));
        return key is null ? null : (key.Id, () => new TokenSigner(key.Id, folder.OpenIssuing(key.Id)));
    }

    /// <summary>
    /// Signs what the county says beside vouchers (<see cref="KeyRing.IsSaidByCounty"/>) with the newest key in force.
    /// </summary>
    /// <exception cref="InvalidOperationException">This server holds no key in force.</exception>
    public async Task<(byte KeyId, byte[] Signature)> SayAsync(ReadOnlyMemory<byte> said)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var key = (await CurrentAsync()).List.Keys
            .Where(key => key.Suite == SignatureSuite.P256 && !key.Revoked && key.IsInForceOn(today) && folder.HoldsIssuing(key.Id, key.PublicKey))
            .MaxBy(key => (key.ValidFrom, key.Id)) ?? throw new InvalidOperationException("This server holds no issuing key in force.");
        using var signer = folder.OpenIssuing(key.Id);
        return (key.Id, signer.SignData(said.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    /// <summary>Publishes the first list, with one key; does nothing when a list exists. Of several servers one does it.</summary>
    public async Task EnsureFirstAsync()
    {
        await using var turn = await TurnLock.TakeAsync(database, TurnLock.Starting);
        if (await lists.NewestAsync(county.Region) is null) await PublishAsync([NewKey(1)], version: 1);
    }

    /// <summary>Adds a new key beside the present one: both are accepted, the new one signs.</summary>
    public async Task<byte> RotateAsync()
    {
        var list = (await CurrentAsync()).List;
        var id = checked((byte)(list.Keys.Max(key => key.Id) + 1));
        await PublishAsync([.. list.Keys, NewKey(id)], list.Version + 1);
        return id;
    }

    /// <summary>Nothing that the key signed is accepted any more.</summary>
    public async Task RevokeAsync(byte id)
    {
        var list = (await CurrentAsync()).List;
        if (list.Keys.All(key => key.Id != id)) throw new InvalidOperationException($"There is no issuing key {id}.");
        await PublishAsync([.. list.Keys.Select(key => key.Id == id ? key with { Revoked = true } : key)], list.Version + 1);
    }

    private IssuingKey NewKey(byte id)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        return new IssuingKey(id, SignatureSuite.P256, folder.EnsureIssuing(id), today, today.AddDays(AcceptedDays), Revoked: false);
    }

    private async Task PublishAsync(IReadOnlyList<IssuingKey> keys, int version)
    {
        using var root = folder.OpenRoot();
        var signed = new KeyList(county.Region.Value, version, keys).SignWith(root);
        await lists.PublishAsync(county.Region, version, signed, clock.GetUtcNow());
        _current = null;
    }

    private async Task<Current> CurrentAsync()
    {
        if (_current is { } fresh && clock.GetUtcNow() - fresh.At < KeepRing) return fresh;
        await _loading.WaitAsync();
        try
        {
            if (_current is { } other && clock.GetUtcNow() - other.At < KeepRing) return other;
            var signed = await lists.NewestAsync(county.Region)
                ?? throw new InvalidOperationException("No key list is published; run the command `keys init`.");
            var list = signed.Open(RootPublicKey(), county.Region)
                ?? throw new CryptographicException("The published key list is not signed by this county's root.");
            // An equal version keeps its ring and the key objects it has opened.
            var ring = _current is { } known && known.List.Version == list.Version ? known.Ring : new KeyRing(list);
            var current = new Current(ring, signed, list, clock.GetUtcNow());
            _current = current;
            return current;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose()
    {
        _current?.Ring.Dispose();
        _loading.Dispose();
    }
}
