namespace Voucher.Server.Register.Importing;

/// <summary>A spreadsheet as it came in: its name made harmless, its bytes in memory only.</summary>
public sealed record UploadedFile(string Name, byte[] Content)
{
    /// <summary>What is wrong before a byte of it is read; <c>null</c> when it may be read.</summary>
    public static FieldError? ProblemOf(IFormFile? file) =>
        file is null ? new("file", new("请选择文件", "Choose a file"))
        : file.Length > UploadLimits.LargestFileBytes ? new("file", RegisterFile.TooLarge().Problem)
        : null;

    public static async Task<UploadedFile> ReadAsync(IFormFile file, CancellationToken cancel)
    {
        var content = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, cancel);
        return new(NameOf(file), content);
    }

    /// <summary>Without folders (some browsers send them), invisible characters and excess length; the ending is kept.</summary>
    private static string NameOf(IFormFile file)
    {
        var name = new Cell(file.FileName[(file.FileName.LastIndexOfAny(['/', '\\']) + 1)..]).Clean() ?? "?" + Path.GetExtension(file.FileName);
        var ending = Path.GetExtension(name) is { Length: <= 10 } usual ? usual : "";
        var longest = UploadLimits.LongestFileName - ending.Length;
        var stem = Path.GetFileNameWithoutExtension(name);
        if (stem.Length > longest) stem = stem[..(char.IsHighSurrogate(stem[longest - 1]) ? longest - 1 : longest)];
        return stem.Length + ending.Length == 0 ? "?" : stem + ending;
    }
}
