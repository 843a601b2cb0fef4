using System.IO.Compression;

namespace Voucher.Server.Register.Importing;

/// <summary>Looks at a workbook from outside before any parser does: what it really is, and how large it unpacks.</summary>
public static class XlsxGuard
{
    private static readonly Words Damaged = new("文件已损坏，无法打开", "The file is damaged and cannot be opened");

    /// <exception cref="UnusableFileException">Not a workbook, damaged, or larger than allowed when unpacked.</exception>
    public static void Check(byte[] content)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
            if (zip.GetEntry("xl/workbook.xml") is null)
                throw new UnusableFileException(new("不是 .xlsx 工作簿", "Not an .xlsx workbook"));
            CheckSize(zip);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw new UnusableFileException(Damaged);
        }
    }

    /// <summary>Declared sizes first, because they cost nothing; then the real ones, because declarations lie.</summary>
    private static void CheckSize(ZipArchive zip)
    {
        if (zip.Entries.Count > UploadLimits.MostParts || zip.Entries.Sum(entry => entry.Length) > UploadLimits.LargestUnpackedBytes)
            throw TooLarge();
        var buffer = new byte[81_920];
        var unpacked = 0L;
        foreach (var entry in zip.Entries)
        {
            using var part = entry.Open();
            for (int read; (read = part.Read(buffer)) > 0;)
                if ((unpacked += read) > UploadLimits.LargestUnpackedBytes) throw TooLarge();
        }
    }

    private static UnusableFileException TooLarge() => new(new(
        $"文件解压后超过 {UploadLimits.LargestUnpackedBytes / 1024 / 1024} MB，请分成几个文件",
        $"The file unpacks to more than {UploadLimits.LargestUnpackedBytes / 1024 / 1024} MB; split it"));
}
