using System.Security.Cryptography;
using Voucher.Core.OfflineLists;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.OfflineLists;

/// <summary>A county that signs lists.</summary>
internal sealed class ListSample : IDisposable
{
    public static readonly RegionCode Region = new(622926);
    public static readonly DateTimeOffset Made = new(2026, 11, 22, 3, 4, 5, TimeSpan.Zero);
    public const byte KeyId = 7;

    private readonly ECDsa _root = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _issuing = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ListSample() => Ring = NewRing(isRevoked: false);

    public KeyRing Ring { get; }

    public byte[] Root => _root.ExportSubjectPublicKeyInfo();

    public KeyRing NewRing(bool isRevoked) => new(Keys(isRevoked));

    public SignedKeyList SignedKeys() => Keys(isRevoked: false).SignWith(_root);

    /// <summary>Ten serials: 1 enrolled, 2 closed, 3 revoked, the others usable.</summary>
    public static StatusList Ten(long counter = 5) => StatusList.Of(
        Region, counter, Made, 10, [new(1, VoucherStatus.Enrolled), new(2, VoucherStatus.Closed), new(3, VoucherStatus.Revoked)]);

    public SignedStatusList Sign(StatusList list) => new(
        list, KeyId, _issuing.SignData(list.Said.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    public static VoucherId Voucher(uint serial) => new(Region, serial);

    public void Dispose()
    {
        Ring.Dispose();
        _root.Dispose();
        _issuing.Dispose();
    }

    private KeyList Keys(bool isRevoked) => new(Region.Value, 3,
    [
        new IssuingKey(KeyId, SignatureSuite.P256, _issuing.ExportSubjectPublicKeyInfo(), new DateOnly(2026, 1, 1), new DateOnly(2028, 12, 31), isRevoked),
    ]);
}
