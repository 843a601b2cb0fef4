using System.Globalization;
using System.Text;

namespace Voucher.E2E.Camera;

/// <summary>
/// The webcam of a kiosk's browser: Chromium plays a y4m file in a loop. The file holds one frame, at a fixed place, and
/// Chromium reads it anew each time; so what lies before the camera changes by overwriting the frame while it plays.
/// </summary>
public sealed class FakeCamera : IDisposable
{
    public const int Width = 1280;
    public const int Height = 720;

    /// <summary>Half the pace of a real one spares the test machine's processors.</summary>
    private const int SparingPace = 15;

    private static readonly byte[] FrameMark = "FRAME\n"u8.ToArray();

    private readonly byte[] _header;
    private readonly FileStream _file;
    private readonly CameraPicture _emptyDesk;

    /// <param name="framesPerSecond">A real one gives 30.</param>
    public FakeCamera(string folder, CameraPicture emptyDesk, int framesPerSecond = SparingPace)
    {
        _header = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"YUV4MPEG2 W{Width} H{Height} F{framesPerSecond}:1 Ip A1:1 C420\n"));
        Path = System.IO.Path.Combine(folder, $"camera-{Guid.NewGuid():N}.y4m");
        _emptyDesk = emptyDesk;
        _file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _file.Write([.. _header, .. FrameMark]);
        TakeAway();
    }

    /// <summary>What <c>--use-file-for-fake-video-capture</c> takes.</summary>
    public string Path { get; }

    public void Show(CameraPicture picture)
    {
        _file.Position = _header.Length + FrameMark.Length;
        _file.Write(picture.Planes.Span);
        _file.Flush();
    }

    public void TakeAway() => Show(_emptyDesk);

    public void Dispose() => _file.Dispose();
}
