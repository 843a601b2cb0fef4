namespace Voucher.Server.Register.Importing;

/// <summary>Every bound on what a clerk may upload.</summary>
public static class UploadLimits
{
    public const int LargestFileBytes = 20 * 1024 * 1024;

    /// <summary>Of the request; larger than the file's, so that a file somewhat too large gets a sentence and not a cut line.</summary>
    public const int LargestRequestBytes = 3 * LargestFileBytes;

    public const int MostRows = 100_000;

    /// <summary>All parts of a workbook together: 100,000 full rows take about 90 MB.</summary>
    public const long LargestUnpackedBytes = 150L * 1024 * 1024;

    public const int MostParts = 1000;
    public const int MostMergedRanges = 10_000;

    /// <summary>Excel's own bounds on a sheet.</summary>
    public const int LastSheetRow = 1_048_576;
    public const int LastSheetColumn = 16_384;

    /// <summary>Excel's own bound on a cell, in characters; a longer one in a CSV is a quotation mark that never closes.</summary>
    public const int LongestCell = 32_767;

    /// <summary>The header stands within the first rows and columns.</summary>
    public const int HeaderWithinRows = 10;
    public const int HeaderWithinColumns = 64;

    public const int LongestFileName = 200;
    public const int LongestListName = 40;

    /// <summary>An upload that no clerk has started for so long is dropped.</summary>
    public static readonly TimeSpan WaitForClerk = TimeSpan.FromDays(7);

    /// <summary>Rows that are written in one transaction; what a crash can cost.</summary>
    public const int ChunkRows = 500;
}
