namespace Voucher.Server.Spreadsheets;

/// <summary>
/// Takes what a workbook writes and gives it out in parts, so that a file of any size passes through little memory: the
/// caller takes a part whenever one is full.
/// </summary>
public sealed class PartStream : Stream
{
    public const int PartBytes = 256 * 1024;

    private readonly MemoryStream _waiting = new();

    /// <summary>Bytes written so far.</summary>
    public long Written { get; private set; }

    public bool HasFullPart => _waiting.Length >= PartBytes;

    /// <summary>Everything that waits; empty when nothing does.</summary>
    public byte[] Take()
    {
        var part = _waiting.ToArray();
        _waiting.SetLength(0);
        return part;
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _waiting.Write(buffer);
        Written += buffer.Length;
    }

    public override void Flush()
    {
        // Parts are taken, not pushed.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _waiting.Dispose();
        base.Dispose(disposing);
    }
}
