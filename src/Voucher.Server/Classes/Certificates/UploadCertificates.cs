using Voucher.Server.Register.Importing;

namespace Voucher.Server.Classes.Certificates;

/// <summary>A filled-in 颁证花名册 is handed in: every fault is named by its cell, and nothing of a sheet with a fault is taken over.</summary>
public sealed class UploadCertificates(RecordCertificates record)
{
    public async Task<Outcome<int>> RunAsync(ClassId id, IFormFile? file, Actor actor, CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return Bad(new("请选择文件", "Choose a file"));
        if (file.Length > CertificateSheet.LargestFileBytes)
            return Bad(new($"文件超过 {CertificateSheet.LargestFileBytes / 1024 / 1024} MB", $"The file is larger than {CertificateSheet.LargestFileBytes / 1024 / 1024} MB"));
        var upload = await UploadedFile.ReadAsync(file, cancel);
        CertificateSheet sheet;
        try
        {
            sheet = CertificateSheet.Read(upload.Name, upload.Content);
        }
        catch (UnusableFileException unusable)
        {
            return Bad(unusable.Problem);
        }
        if (sheet.Forms.Count == 0) return Bad(new("表头下面没有填写证书编号的行", "No row below the header has a number"));
        var outcome = await record.RunAsync(id, sheet.Forms, actor, sheet.CellOf);
        return outcome is Outcome<int>.BadInput(var errors)
            ? errors.Select(error => error with { Problem = new($"{error.Field}：{error.Problem.Zh}", $"{error.Field}: {error.Problem.En}") }).ToList()
            : outcome;
    }

    private static List<FieldError> Bad(Words problem) => [new("file", problem)];
}
