using System.Security.Cryptography;
using Voucher.Core;
using Voucher.Core.OfflineLists;
using Voucher.Core.People;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Tests.Server;

/// <summary>A county's keys, for tests: a root, one issuing key, a binding key, and vouchers signed by them.</summary>
internal sealed class County : IDisposable
{
    public static readonly RegionCode Region = new(622926);
    public const string HolderNumber = "11010519491231002X";
    public const string StrangerNumber = "440524188001010014";
    public const byte KeyId = 7;

    private readonly ECDsa _root = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _issuing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private uint _serial = 100;

    public byte[] BindingKey { get; } = RandomNumberGenerator.GetBytes(HolderCheck.BindingKeyLength);

    public byte[] RootPublicKey => _root.ExportSubjectPublicKeyInfo();

    public int KeyListVersion { get; set; } = 1;

    public DateOnly KeyValidFrom { get; set; } = new(2020, 1, 1);

    public SignedKeyList KeyList() => KeyListSignedBy(_root);

    public SignedKeyList KeyListSignedBy(ECDsa root) =>
        new KeyList(Region.Value, KeyListVersion,
        [
            new IssuingKey(KeyId, SignatureSuite.P256, _issuing.ExportSubjectPublicKeyInfo(), KeyValidFrom, new DateOnly(2030, 1, 1), Revoked: false),
        ]).SignWith(root);

    public TerminalSetup Setup(int terminalId, long lastSequence) => new(
        terminalId, "前台1号", Region.Value, "东乡族自治县", "东乡县职业技术学校", RootPublicKey, KeyList(), BindingKey,
        [OfficeClass()],
        lastSequence, Limits, Cases: []);

    /// <summary>What the county lets a terminal do by itself.</summary>
    public OfflineLimits Limits { get; set; } = new(24, 72, 7, 30, EnrolmentOpensDaysBefore: 60, EnrolmentClosesDaysAfter: 60, SessionMarginMinutes: 60);

    /// <summary>A class that runs around now, with a session that is on now, whatever the time is.</summary>
    private static TerminalClass OfficeClass()
    {
        var today = CountyTime.DayOf(TimeProvider.System.GetUtcNow());
        ClassTime[] allDay = [.. Enumerable.Range(-1, 10).Select(day => new ClassTime(100 + day, today.AddDays(day), new TimeOnly(0, 0), new TimeOnly(23, 59)))];
        return new TerminalClass(31, "电工1班", "电工", today.AddDays(-20), today.AddDays(20), 40, 12, ["09:00–11:30"], ProgrammeCode: 1001, TradeCode: 3, allDay);
    }

    /// <summary>Signed by the issuing key.</summary>
    public SignedStatusList Sign(StatusList list) => new(
        list, KeyId, _issuing.SignData(list.Said.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    /// <summary>The digits of a new voucher of <see cref="HolderNumber"/>.</summary>
    public string NewVoucher() => Sign(_issuing, Region);

    /// <summary>A genuine voucher, signed by a key that is on no list that the terminal has had.</summary>
    public string VoucherOfNewKey() => Sign(_issuing, Region, KeyId + 1);

    /// <summary>What the county says beside vouchers, signed with its issuing key.</summary>
    public byte[] Say(byte[] said) => _issuing.SignData(said, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public string ForgedVoucher()
    {
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(forger, Region);
    }

    public string VoucherOfOtherRegion() => Sign(_issuing, new RegionCode(231200));

    public void Dispose()
    {
        _root.Dispose();
        _issuing.Dispose();
    }

    private string Sign(ECDsa key, RegionCode region, byte keyId = KeyId)
    {
        // The signer must not dispose the county's key, so it is not disposed either.
        var signer = new TokenSigner(keyId, key);
        var voucher = new VoucherId(region, Interlocked.Increment(ref _serial));
        var holder = HolderCheck.Of(IdNumber.Parse(HolderNumber), BindingKey);
        return signer.Sign(new TokenClaims(
            SignatureSuite.P256, keyId, voucher, VoucherKind.General, Nonce: 12345, new DateOnly(2027, 6, 30), VoucherScope.Any, holder)).ToDigits();
    }
}
