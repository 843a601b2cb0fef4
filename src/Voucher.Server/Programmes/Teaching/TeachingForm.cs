using System.Text;
using Voucher.Server.Api;

namespace Voucher.Server.Programmes.Teaching;

/// <summary>What is handed in for approval: text, a PDF, or both.</summary>
/// <param name="Kind">Plan, Syllabus or Textbook.</param>
/// <param name="Title">1–80 characters, as on the document; for a textbook with publisher and edition.</param>
/// <param name="Body">The text, at most 20,000 characters; may be left out when there is a file.</param>
public sealed record TeachingForm(string? Kind, string? Title, string? Body)
{
    public const int LongestTitle = 80;
    public const int LongestBody = 20_000;

    public static readonly TeachingForm Empty = new(null, null, null);

    public (TeachingEntry Entry, List<FieldError> Errors) Read(TeachingFile? file, FieldError? fileProblem)
    {
        var read = new FieldReader();
        if (!Array.Exists(Enum.GetNames<TeachingKind>(), name => name == Kind)) read.Fault("kind", new("请选择材料类型", "Choose Plan, Syllabus or Textbook"));
        var title = read.Text("title", Title, LongestTitle);
        var body = read.Text("body", Body?.ReplaceLineEndings("\n"), LongestBody, isOptional: true);
        if (fileProblem is not null) read.Fault(fileProblem.Field, fileProblem.Problem);
        else if (body.Length == 0 && file is null) read.Fault("body", new("请填写正文，或上传 PDF", "Write the text, or send a PDF"));
        return (new TeachingEntry(read.IsClean("kind") ? Enum.Parse<TeachingKind>(Kind!) : TeachingKind.Plan, title, body, file), read.Errors);
    }
}

/// <summary>A form that was read.</summary>
public sealed record TeachingEntry(TeachingKind Kind, string Title, string Body, TeachingFile? File);

/// <summary>A PDF as it was sent.</summary>
public sealed record TeachingFile(string Name, byte[] Content)
{
    public const int LargestBytes = 10 * 1_048_576;

    /// <summary>The file and the form's other fields.</summary>
    public const int LargestRequestBytes = LargestBytes + 262_144;

    public const int LongestName = 100;

    /// <summary>Reads an upload; whatever its name and type say, only what begins as a PDF does is one.</summary>
    public static async Task<(TeachingFile? File, FieldError? Problem)> ReadAsync(IFormFile? upload, CancellationToken cancel)
    {
        if (upload is null || upload.Length == 0) return (null, null);
        if (upload.Length > LargestBytes) return (null, new("file", new("文件最大 10 MB", "A file has at most 10 MB")));
        using var content = new MemoryStream((int)upload.Length);
        await upload.CopyToAsync(content, cancel);
        var bytes = content.ToArray();
        if (!bytes.AsSpan().StartsWith("%PDF-"u8)) return (null, new("file", new("只接受 PDF 文件", "Only PDF files are taken")));
        return (new TeachingFile(NameOf(upload.FileName), bytes), null);
    }

    /// <summary>The last part of a path, without what a file system or a header could trip over, always ending in .pdf.</summary>
    private static string NameOf(string given)
    {
        var last = given[(given.LastIndexOfAny(['/', '\\']) + 1)..];
        var plain = string.Concat(last.EnumerateRunes().Where(rune => Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '-' or '_' or '.' or '（' or '）').Take(LongestName - 4));
        return Path.GetFileNameWithoutExtension(plain) is { Length: > 0 } stem ? $"{stem}.pdf" : "document.pdf";
    }
}
