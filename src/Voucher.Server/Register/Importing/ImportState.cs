namespace Voucher.Server.Register.Importing;

/// <summary>Numbers are stored: they never change meaning.</summary>
public enum ImportStatus
{
    Waiting = 1,
    Running = 2,
    Finished = 3,

    /// <summary>As a whole.</summary>
    Failed = 4,

    /// <summary>A clerk has to say what the file's columns are.</summary>
    Columns = 5,

    /// <summary>Dry run.</summary>
    Checking = 6,

    /// <summary>The dry run is over; a clerk has to start the import.</summary>
    Checked = 7,

    Discarded = 8,
    Undoing = 9,
    Undone = 10,
}

/// <summary>One import as lists and its page show it.</summary>
/// <param name="Bad">Rows, not errors.</param>
/// <param name="ToReview">Rows that a person has to look at.</param>
public sealed record ImportState(
    long Id, string FileName, string? ListName, ImportStatus Status, int TotalRows, int DoneRows, int Added, int Changed, int Unchanged,
    int Bad, int ToReview, string? FailureZh, string? FailureEn, string NotesZh, string NotesEn, string CreatedBy, DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt, string? UndoneBy, DateTimeOffset? UndoneAt, string? UndoReason)
{
    /// <summary>Nobody and nothing works on it any more.</summary>
    public bool IsOver => Status is ImportStatus.Finished or ImportStatus.Failed or ImportStatus.Discarded or ImportStatus.Undone;

    /// <summary>A clerk has the next word.</summary>
    public bool WaitsForClerk => Status is ImportStatus.Columns or ImportStatus.Checked;

    public bool CanBeUndone => Status is ImportStatus.Finished or ImportStatus.Failed && Added + Changed > 0;

    public Words? Failure => FailureZh is null ? null : new(FailureZh, FailureEn!);
}

/// <summary>What a clerk decides on before an import starts.</summary>
public sealed record ImportPlan(FileScreen Screen, ColumnChoice Choice, ImportPreview? Preview);

/// <summary>What the worker needs of an import that is not over.</summary>
/// <param name="Screen">How its header was found; none of an upload from before columns were asked about.</param>
public sealed record UnfinishedImport(
    long Id, string FileName, byte[] Content, int? ListId, int DoneRows, AccountId CreatedBy, string? Screen = null, string? Columns = null);

/// <summary>One problem of one row, as it is kept.</summary>
public sealed record ImportError(int RowNumber, string ColumnName, string ReasonZh, string ReasonEn)
{
    public Words Reason => new(ReasonZh, ReasonEn);
}

/// <summary>What one chunk of rows came to.</summary>
public sealed record ChunkResult(int Rows, WrittenPeople People, int BadRows, int ToReview, IReadOnlyList<(int Row, RowProblem Problem)> Errors);

/// <summary>An upload as it is taken in.</summary>
/// <param name="Content">Sealed.</param>
public sealed record NewImport(string FileName, byte[] FileHash, byte[] Content, string? List, int TotalRows, Words Notes)
{
    public ImportStatus Status { get; init; } = ImportStatus.Waiting;
    public FileScreen? Screen { get; init; }
    public ColumnChoice? Choice { get; init; }
}
