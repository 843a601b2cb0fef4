using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Voucher.Core.People;
using Voucher.Core.Tokens;
using Voucher.Server.Issuing;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.County;

/// <summary>A voucher that is there to be scanned once, and its holder, who has no other.</summary>
internal sealed record DeckVoucher(VoucherToken Token)
{
    public long Person => BenchStore.FirstPerson + Token.Voucher.Serial;

    public byte[] Hash => SHA256.HashData(Token.SignedBytes);
}

/// <summary>The vouchers of one measure in one round, and the numbers that its scans carry.</summary>
/// <param name="FirstSequence">Of the scans of every terminal; no two decks share a sequence.</param>
internal sealed record Deck(BenchCounty County, IReadOnlyList<DeckVoucher> Vouchers, long FirstSequence, int Number, int Terminals)
{
    /// <summary>Sequences that a deck may use.</summary>
    public const long Sequences = 1_000_000;

    public VoucherId First => Vouchers[0].Token.Voucher;
    public VoucherId Last => Vouchers[^1].Token.Voucher;

    public TerminalId TerminalOf(int desk) => new(County.FirstTerminal + desk % Terminals);

    /// <summary>Each desk has a class of its own; the next deck uses others, so that none fills up.</summary>
    public ClassId ClassOf(int desk) => new(County.FirstClass + FirstClassOffset(desk));

    private long FirstClassOffset(int desk) => ((long)Number * BenchCounty.Institutions * 8 + desk) % BenchCounty.Classes;

    /// <summary>The enrolment of the voucher at a desk, with the identity card of its holder.</summary>
    public ScanRequest Enrol(int voucher, int desk, long turn, DateTimeOffset now) => new(
        Guid.NewGuid(), FirstSequence + turn, ScanMode.Enrol, ClassOf(desk).Value, Vouchers[voucher].Token.ToDigits(), null,
        Vouchers[voucher].Token.Holder.Value, now);

    /// <summary>The same as the engine is given it, when signature and guard are behind it.</summary>
    public PresentedScan Present(int voucher, int desk, long turn, DateTimeOffset now)
    {
        var scan = Enrol(voucher, desk, turn, now);
        return new PresentedScan(TerminalOf(desk), scan, Vouchers[voucher].Token, null, ScanRequestCheck.ContentHash(scan), now, County.Policy);
    }
}

/// <summary>Makes decks: no two share a voucher, a person or a sequence.</summary>
internal sealed class DeckMaker(BenchCounty county, int terminals, TimeProvider clock)
{
    /// <summary>Serials of the bench begin beyond those that issuing gives out.</summary>
    public const uint FirstSerial = 100_000_000;

    private readonly ConcurrentDictionary<long, VoucherId> _shortCodes = new();
    private uint _nextSerial = FirstSerial;
    private int _next;

    /// <param name="signed">Whether the signatures must hold; what the engine is given in process carries any.</param>
    /// <param name="oneInstitution">All are scanned at the first institution, not at each in turn.</param>
    /// <remarks>
    /// The guard remembers for half an hour at which institution a holder's check was seen. At the bench's pace all 65,536
    /// checks would soon have been seen everywhere, so each belongs to one institution: the check's remainder names it.
    /// </remarks>
    public async Task<Deck> MakeAsync(int count, bool signed, bool oneInstitution = false)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var number = _next++;
        var first = _nextSerial;
        const uint institutions = BenchCounty.Institutions;
        var step = oneInstitution ? institutions : 1;
        _nextSerial += ((uint)count * step + institutions - 1) / institutions * institutions;
        var tokens = await SignAsync([.. Enumerable.Range(0, count).Select(i => first + (uint)i * step)], today.AddDays(300), signed);
        var deck = new Deck(county, [.. tokens.Select(token => new DeckVoucher(token))], 1 + number * Deck.Sequences, number, terminals);
        await county.Store.AddVouchersAsync(county, deck.Vouchers, today);
        return deck;
    }

    private async Task<VoucherToken[]> SignAsync(uint[] serials, DateOnly validUntil, bool signed)
    {
        var (keyId, newSigner) = await county.SigningKeyAsync(validUntil);
        if (!signed) return [.. serials.Select(serial => Unsigned(ClaimsOf(serial, keyId, validUntil)))];
        using var press = new TokenPress(keyId, newSigner, TokenPress.SystemRandom);
        return press.Sign(serials.Length, (i, key) => ClaimsOf(serials[i], key, validUntil));
    }

    private TokenClaims ClaimsOf(uint serial, byte keyId, DateOnly validUntil)
    {
        var id = new VoucherId(BenchCounty.Region, serial);
        return new TokenClaims(
            SignatureSuite.P256, keyId, id, VoucherKind.General, NonceOf(id), validUntil, VoucherScope.Any, new HolderCheck((ushort)(serial % 65_536)));
    }

    /// <summary>A full run makes more than a million vouchers: now and then two would share a short code of eleven digits.</summary>
    private uint NonceOf(VoucherId id)
    {
        var nonce = unchecked(id.Serial * 2_654_435_761);
        while (!_shortCodes.TryAdd(ShortCode.Of(id, nonce).Value, id)) nonce = unchecked(nonce + 1);
        return nonce;
    }

    private static VoucherToken Unsigned(TokenClaims claims)
    {
        Span<byte> bytes = stackalloc byte[TokenLayout.Length];
        claims.WriteTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[TokenLayout.SignatureAt..], 1);
        return TokenDecoder.ReadStored(bytes);
    }
}
