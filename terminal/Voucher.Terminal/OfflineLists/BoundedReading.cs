namespace Voucher.Terminal.OfflineLists;

internal static class BoundedReading
{
    /// <summary>All that a stream holds; <c>null</c> when that is more than so many bytes. Takes memory for what has come, not for what was announced.</summary>
    public static async Task<byte[]?> Read(Stream stream, int most, CancellationToken stop)
    {
        using var read = new MemoryStream();
        var chunk = new byte[64 * 1024];
        while (await stream.ReadAsync(chunk, stop) is var length and > 0)
        {
            if (read.Length + length > most) return null;
            read.Write(chunk, 0, length);
        }
        return read.ToArray();
    }
}
