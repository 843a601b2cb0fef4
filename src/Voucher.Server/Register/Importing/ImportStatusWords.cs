namespace Voucher.Server.Register.Importing;

/// <summary>How the stages of an import are called and coloured.</summary>
public static class ImportStatusWords
{
    public static Words Name(this ImportStatus status) => status switch
    {
        ImportStatus.Waiting => new("等待中", "Waiting"),
        ImportStatus.Running => new("导入中", "Running"),
        ImportStatus.Finished => new("已完成", "Finished"),
        ImportStatus.Failed => new("失败", "Failed"),
        ImportStatus.Columns => new("待确认列", "Columns to confirm"),
        ImportStatus.Checking => new("试算中", "Dry run"),
        ImportStatus.Checked => new("待开始", "To be started"),
        ImportStatus.Discarded => new("已放弃", "Discarded"),
        ImportStatus.Undoing => new("撤销中", "Being undone"),
        ImportStatus.Undone => new("已撤销", "Undone"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
    };

    public static string Colour(this ImportStatus status) => status switch
    {
        ImportStatus.Finished => "bg-green-lt",
        ImportStatus.Failed => "bg-red-lt",
        ImportStatus.Columns or ImportStatus.Checked => "bg-orange-lt",
        ImportStatus.Discarded or ImportStatus.Undone => "bg-secondary-lt",
        _ => "bg-blue-lt",
    };
}
