namespace Voucher.Core.Tokens;

/// <summary>
/// Where each field of a token stands. Fixed offsets, big-endian, no length fields: 19 bytes of claims, then 64 bytes of
/// signature over them, r‖s.
/// </summary>
public static class TokenLayout
{
    /// <summary>High nibble of byte 0.</summary>
    public const int Version = 1;

    public const int VersionAndSuiteAt = 0;
    public const int KeyIdAt = 1;
    public const int RegionAndKindAt = 2;
    public const int SerialAt = 5;
    public const int NonceAt = 9;
    public const int ValidUntilAt = 13;
    public const int ScopeAt = 15;
    public const int HolderCheckAt = 17;
    public const int SignatureAt = 19;

    /// <summary>Bytes that are signed.</summary>
    public const int ClaimsLength = SignatureAt;
    public const int SignatureLength = 64;
    public const int Length = ClaimsLength + SignatureLength;

    /// <summary>The digits that hold 83 bytes as one big-endian integer, zero-padded.</summary>
    public const int NumberDigits = 200;

    /// <summary>The number and its two check digits: exactly the numeric capacity of QR version 5-M.</summary>
    public const int TextDigits = NumberDigits + 2;

    /// <summary>Day 0 of the valid-until field.</summary>
    public static readonly DateOnly Epoch = new(2020, 1, 1);
}
