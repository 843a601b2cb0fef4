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
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
    };

    public static string Colour(this ImportStatus status) => status switch
    {
        ImportStatus.Finished => "bg-green-lt",
        ImportStatus.Failed => "bg-red-lt",
        _ => "bg-blue-lt",
    };
}
