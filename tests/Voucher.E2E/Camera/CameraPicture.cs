namespace Voucher.E2E.Camera;

/// <summary>One frame of <see cref="FakeCamera.Width"/> × <see cref="FakeCamera.Height"/> as a webcam delivers it.</summary>
/// <param name="Planes">Y, then U, then V, the last two at half width and height.</param>
public sealed record CameraPicture(ReadOnlyMemory<byte> Planes)
{
    public const int Bytes = FakeCamera.Width * FakeCamera.Height * 3 / 2;
}
