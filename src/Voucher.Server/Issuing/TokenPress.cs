using System.Buffers.Binary;
using System.Security.Cryptography;
using Voucher.Core.Tokens;

namespace Voucher.Server.Issuing;

/// <summary>Where nonces come from: the system's generator, or what a test passes in.</summary>
public delegate void FillRandom(Span<byte> bytes);

/// <summary>Signs tokens on all cores: a signer is not safe for several threads, so each worker has its own.</summary>
public sealed class TokenPress : IDisposable
{
    /// <summary>A hash of 11 digits collides so rarely that more redraws than this mean broken randomness.</summary>
    public const int MostRedraws = 20;

    private readonly byte _keyId;
    private readonly TokenSigner[] _signers;
    private readonly FillRandom _random;

    public TokenPress(byte keyId, Func<TokenSigner> newSigner, FillRandom random)
    {
        _keyId = keyId;
        _random = random;
        _signers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => newSigner())];
    }

    /// <summary>The county's own randomness.</summary>
    public static readonly FillRandom SystemRandom = RandomNumberGenerator.Fill;

    /// <summary>
    /// Draws a nonce for each voucher such that no short code is taken, neither in the database nor within the chunk.
    /// </summary>
    public async Task<uint[]> DrawNoncesAsync(IReadOnlyList<VoucherId> vouchers, Func<IEnumerable<ShortCode>, Task<IReadOnlySet<long>>> takenAsync)
    {
        var nonces = new uint[vouchers.Count];
        var open = Enumerable.Range(0, vouchers.Count).ToList();
        var used = new HashSet<long>();
        for (var round = 0; open.Count > 0; round++)
        {
            if (round > MostRedraws) throw new CryptographicException("Short codes keep colliding: the randomness is broken.");
            foreach (var index in open) nonces[index] = Draw();
            var taken = await takenAsync(open.Select(index => ShortCode.Of(vouchers[index], nonces[index])));
            open.RemoveAll(index => ShortCode.Of(vouchers[index], nonces[index]).Value is var code && !taken.Contains(code) && used.Add(code));
        }
        return nonces;
    }

    /// <summary>Signs the claims; the result has their order. <paramref name="claims"/> is given the key's number to write in.</summary>
    public VoucherToken[] Sign(int count, Func<int, byte, TokenClaims> claims)
    {
        var tokens = new VoucherToken[count];
        Parallel.For(0, _signers.Length, worker =>
        {
            for (var i = worker; i < count; i += _signers.Length) tokens[i] = _signers[worker].Sign(claims(i, _keyId));
        });
        return tokens;
    }

    private uint Draw()
    {
        Span<byte> bytes = stackalloc byte[4];
        _random(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public void Dispose()
    {
        foreach (var signer in _signers) signer.Dispose();
    }
}
