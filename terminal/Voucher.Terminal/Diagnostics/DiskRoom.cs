using System.Globalization;

namespace Voucher.Terminal.Diagnostics;

/// <summary>
/// How much room the disk of the terminal's folder has, and a little that is set aside: a terminal that is started on a full
/// disk gives it up, because even opening a journal takes some.
/// </summary>
internal sealed class DiskRoom(string homeFolder)
{
    /// <summary>Below this the pages warn.</summary>
    public const long LowBytes = 200L * 1024 * 1024;

    /// <summary>What is set aside.</summary>
    public const int SpareBytes = 1024 * 1024;

    /// <summary>With so much room there is no need to give it up.</summary>
    private const long EnoughBytes = 4L * SpareBytes;

    private string SparePath => Path.Combine(homeFolder, "spare-room");

    public long FreeBytes => new DriveInfo(Path.GetFullPath(homeFolder)).AvailableFreeSpace;

    public bool IsLow => FreeBytes < LowBytes;

    /// <summary>Before the journals are opened.</summary>
    public void GiveUpSpareIfFull()
    {
        try
        {
            if (File.Exists(SparePath) && FreeBytes < SpareBytes) File.Delete(SparePath);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Then the journals are opened without.
        }
    }

    /// <summary>Sets the spare room aside where it is not and there is enough.</summary>
    public void SetSpareAside()
    {
        try
        {
            if (File.Exists(SparePath) || FreeBytes < EnoughBytes) return;
            File.WriteAllBytes(SparePath, new byte[SpareBytes]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The room was taken by others in this moment.
        }
    }

    /// <summary>How long the disk takes to keep four kilobytes; <c>null</c> when it does not keep them at all.</summary>
    public TimeSpan? TimeToFlush(TimeProvider time)
    {
        var path = Path.Combine(homeFolder, string.Create(CultureInfo.InvariantCulture, $"flush-{Environment.ProcessId}"));
        try
        {
            var begun = time.GetTimestamp();
            using (var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose))
            {
                stream.Write(new byte[4096]);
                stream.Flush(flushToDisk: true);
            }
            return time.GetElapsedTime(begun);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
