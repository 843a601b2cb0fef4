using System.Runtime.InteropServices;
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

    private readonly TokenSigner[] _signers;
    private readonly FillRandom _random;

    public TokenPress(byte keyId, Func<TokenSigner> newSigner, FillRandom random)
    {
        KeyId = keyId;
        _random = random;
        _signers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => newSigner())];
    }

    /// <summary>The key that it signs with.</summary>
    public byte KeyId { get; }

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
            var drawn = Draw(open.Count);
            var codes = open.Select((index, i) => ShortCode.Of(vouchers[index], nonces[index] = drawn[i])).ToList();
            var taken = await takenAsync(codes);
            open = [.. open.Where((_, i) => taken.Contains(codes[i].Value) || !used.Add(codes[i].Value))];
        }
        return nonces;
    }

    /// <summary>Signs the claims; the result has their order. <paramref name="claims"/> is given the key's number to write in.</summary>
    public VoucherToken[] Sign(int count, Func<int, byte, TokenClaims> claims)
    {
        var tokens = new VoucherToken[count];
        Parallel.For(0, _signers.Length, worker => SignShare(worker, tokens, claims));
        return tokens;
    }

    /// <summary>The same on threads of its own: those of the pool are wanted by whoever answers meanwhile.</summary>
    public async Task<VoucherToken[]> SignAsync(int count, Func<int, byte, TokenClaims> claims)
    {
        var tokens = new VoucherToken[count];
        await Task.WhenAll(Enumerable.Range(0, _signers.Length).Select(worker => Task.Factory.StartNew(
            () => SignShare(worker, tokens, claims), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return tokens;
    }

    private void SignShare(int worker, VoucherToken[] tokens, Func<int, byte, TokenClaims> claims)
    {
        for (var i = worker; i < tokens.Length; i += _signers.Length) tokens[i] = _signers[worker].Sign(claims(i, KeyId));
    }

    /// <summary>All at once: the system's generator asks more for a call than for the bytes.</summary>
    private uint[] Draw(int count)
    {
        var drawn = new uint[count];
        _random(MemoryMarshal.AsBytes(drawn.AsSpan()));
        return drawn;
    }

    public void Dispose()
    {
        foreach (var signer in _signers) signer.Dispose();
    }
}
