namespace Voucher.Terminal.Lan;

/// <summary>Limits of what a tablet on the local network may do.</summary>
internal static class LanLimits
{
    /// <summary>Tablets that are let in at one time.</summary>
    public const int MostTablets = 4;

    public const int CodeDigits = 6;
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);

    /// <summary>After so many wrong ones the code is worth nothing, and somebody at the PC has to ask for another.</summary>
    public const int WrongCodes = 5;

    public const int LongestName = 20;

    /// <summary>Of the tablet's secret.</summary>
    public const int SecretBytes = 32;

    /// <summary>The tablet shows its cookie for so long.</summary>
    public static readonly TimeSpan CookieLife = TimeSpan.FromDays(365);

    public static readonly TimeSpan CertificateLife = TimeSpan.FromDays(365);
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    public static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(5 * 365);
}
