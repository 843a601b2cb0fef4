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

    /// <summary>The same for each authority, whatever the machine's clock says: no clock before is right.</summary>
    public static readonly DateTimeOffset AuthorityFrom = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The last second that certificates write with two digits of the year, which every tablet understands.</summary>
    public static readonly DateTimeOffset AuthorityUntil = new(2049, 12, 31, 23, 59, 59, TimeSpan.Zero);
}
