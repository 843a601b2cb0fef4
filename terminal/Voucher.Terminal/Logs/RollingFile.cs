using System.Globalization;
using System.Text;

namespace Voucher.Terminal.Logs;

/// <summary>A text file of bounded size with a bounded number of older ones beside it: name.log, name.1.log, name.2.log …, the oldest last.</summary>
/// <param name="path">Of the newest, ending in <c>.log</c>.</param>
internal sealed class RollingFile(string path, Func<(int Files, long Bytes)> limits) : IDisposable
{
    private readonly Lock _gate = new();
    private FileStream? _stream;

    /// <summary>Writes one line. A disk that takes nothing takes no log either: the terminal goes on.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            try
            {
                var bytes = Encoding.UTF8.GetBytes(line + '\n');
                var (files, most) = limits();
                _stream ??= Open();
                if (_stream.Length > 0 && _stream.Length + bytes.Length > most) Roll(files);
                _stream.Write(bytes);
                _stream.Flush();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Close();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate) Close();
    }

    private FileStream Open()
    {
        Home.PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private void Roll(int files)
    {
        Close();
        var older = Directory.GetFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}.*.log");
        foreach (var beyond in older.Where(file => NumberOf(file) is not { } number || number >= files - 1)) File.Delete(beyond);
        for (var number = files - 2; number >= 0; number--)
            if (File.Exists(Numbered(number)))
                File.Move(Numbered(number), Numbered(number + 1), overwrite: true);
        if (files == 1) File.Delete(path);
        _stream = Open();
    }

    private string Numbered(int number) => number == 0 ? path : Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $"{number}.log"));

    private static int? NumberOf(string file) =>
        int.TryParse(Path.GetExtension(Path.GetFileNameWithoutExtension(file)).TrimStart('.'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private void Close()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // What it still held finds no room.
        }
        _stream = null;
    }
}
