namespace Voucher.Terminal.Scanning;

/// <summary>Limits of what the page may ask.</summary>
internal static class ScanLimits
{
    /// <summary>Longest text of a code that is looked at; a longer one is no voucher whatever it says.</summary>
    public const int LongestDigits = 512;

    /// <summary>Twelve digits, with room for blanks and hyphens between them.</summary>
    public const int LongestShortCode = 24;

    /// <summary>Eighteen characters, with room for blanks around them.</summary>
    public const int LongestIdNumber = 32;

    /// <summary>How long the screen waits for the server before it says that the scan is saved.</summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(4);

    /// <summary>For so long after a scan was made this terminal may say by itself what will become of it.</summary>
    public static readonly TimeSpan JudgedWithin = TimeSpan.FromSeconds(30);

    /// <summary>How many late refusals a page that opens is told; those beyond come when these have been seen and it opens again.</summary>
    public const int MostUnseenRefusals = 200;

    /// <summary>How many of the latest scans the page may see.</summary>
    public const int RecentScans = 10;
}
