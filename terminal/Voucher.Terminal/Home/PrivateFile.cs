namespace Voucher.Terminal.Home;

/// <summary>Files that only the terminal's own account may read: mode 0600 from their first byte, replaced as a whole.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes to a neighbour, flushes it to the disk, then renames: a power cut leaves the old file or the new one.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var beside = path + ".new";
        File.Delete(beside);
        using (var stream = new FileStream(beside, OptionsForNew()))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Overwrites the file with zeros, flushes it to the disk and removes it.</summary>
    public static void Wipe(string path)
    {
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            Span<byte> zeros = stackalloc byte[4096];
            zeros.Clear();
            for (var left = stream.Length; left > 0; left -= zeros.Length) stream.Write(zeros[..(int)Math.Min(left, zeros.Length)]);
            stream.Flush(flushToDisk: true);
        }
        File.Delete(path);
    }

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static FileStreamOptions OptionsForNew()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
