namespace Voucher.Server.Spreadsheets;

/// <summary>How far a long export is. Numbers are stored: they never change meaning.</summary>
public enum ExportStatus : short
{
    Waiting = 1,
    Running = 2,
    Ready = 3,
    Failed = 4,
}

/// <summary>A long export as its maker sees it.</summary>
/// <param name="TotalRows"><c>null</c> until the rows are counted.</param>
/// <param name="Bytes">Of the file, when it is ready.</param>
public sealed record ExportJob(
    long Id, string List, string Language, ExportStatus Status, long? TotalRows, long DoneRows, long Bytes, int Parts,
    DateTimeOffset AskedAt, DateTimeOffset? FinishedAt, string? FailureZh, string? FailureEn)
{
    /// <summary>Files hold personal data: they are kept no longer than fetching takes.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Of one person, waiting or under way.</summary>
    public const int MostUnfinished = 3;

    /// <summary>Of one person in all, those that are ready included.</summary>
    public const int MostKept = 10;

    /// <summary>Begun so often without an end, it is given up.</summary>
    public const int MostAttempts = 3;

    public const long MostRows = 2_000_000;
    public const long MostBytes = 200L * 1024 * 1024;

    public bool IsUnderWay => Status is ExportStatus.Waiting or ExportStatus.Running;

    public int Percent => TotalRows is > 0 and var total ? (int)Math.Min(100, 100 * DoneRows / total) : 0;

    public Words? Failure => FailureZh is null ? null : new(FailureZh, FailureEn!);
}

/// <summary>What the worker needs of a long export.</summary>
/// <param name="FieldsSealed">They may hold a name.</param>
/// <param name="Attempts">This one included.</param>
public sealed record UnfinishedExport(long Id, string List, string Language, byte[] FieldsSealed, string Login, int Attempts);
