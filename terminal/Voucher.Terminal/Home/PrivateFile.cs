namespace Voucher.Terminal.Home;

/// <summary>Files that only the terminal's own account may read: mode 0600 from their first byte, replaced as a whole.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes to a neighbour, flushes it to the disk, renames, and flushes the name: a power cut leaves the old file or the
    /// new one, and once this has returned the new one.
    /// </summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var beside = BesideOf(path);
        File.Delete(beside);
        using (var stream = new FileStream(beside, OptionsForNew()))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        Disk.Rename(beside, path);
    }

    /// <summary>Where a new content lies until it is whole; a power cut may leave one behind.</summary>
    public static string BesideOf(string path) => path + ".new";

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

    /// <summary>Does so with every file of a folder, if there is one, and removes it.</summary>
    public static void WipeFolder(string path)
    {
        if (!Directory.Exists(path)) return;
        foreach (var file in Directory.GetFiles(path, "*", SearchOption.AllDirectories)) Wipe(file);
        Directory.Delete(path, recursive: true);
    }

    /// <summary>The folder is there, by its name, also after a power cut.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        if (Path.GetDirectoryName(path) is { } parent) Disk.FlushNames(parent);
    }

    private static FileStreamOptions OptionsForNew()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
