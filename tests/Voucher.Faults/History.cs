using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Voucher.Faults;

/// <summary>One scan as a terminal knows it: what it meant to send, and what it was answered.</summary>
/// <param name="Round">In which it was first sent.</param>
public sealed record SentScan(int Terminal, ScanRequest Request, string Voucher, int Round)
{
    private ScanAnswer? _answer;

    /// <summary>The first final answer; <c>null</c> while there is none.</summary>
    public ScanAnswer? Answer => Volatile.Read(ref _answer);

    /// <returns>The answer that stands: this one if it is the first.</returns>
    public ScanAnswer Answered(ScanAnswer answer) => Interlocked.CompareExchange(ref _answer, answer, null) ?? answer;
}

/// <summary>
/// What the terminals' side knows, written before a scan is sent and after it is answered, and flushed to the disk before
/// anybody goes on: the word that the server is held to.
/// </summary>
public sealed class History : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly FileStream _file;
    private readonly Channel<(byte[] Line, TaskCompletionSource Flushed)> _lines = Channel.CreateUnbounded<(byte[], TaskCompletionSource)>();
    private readonly ConcurrentDictionary<Guid, SentScan> _scans = new();
    private readonly Task _writing;

    public History(string path)
    {
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _writing = WriteAsync();
    }

    public ICollection<SentScan> Scans => _scans.Values;

    public int Acknowledged => _scans.Values.Count(scan => scan.Answer is not null);

    public SentScan? Find(Guid id) => _scans.GetValueOrDefault(id);

    public async Task<SentScan> MeanAsync(SentScan scan)
    {
        _scans[scan.Request.ScanId] = scan;
        await KeepAsync(new { round = scan.Round, terminal = scan.Terminal, voucher = scan.Voucher, sends = scan.Request with { Digits = null } });
        return scan;
    }

    /// <returns>The answer that stands for this scan, whatever came now.</returns>
    public async Task<ScanAnswer> HearAsync(SentScan scan, ScanAnswer answer)
    {
        await KeepAsync(new { terminal = scan.Terminal, hears = answer });
        return scan.Answered(answer);
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
        await _file.DisposeAsync();
    }

    private async Task KeepAsync<T>(T entry)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _lines.Writer.WriteAsync((Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Json) + "\n"), flushed));
        await flushed.Task;
    }

    /// <summary>Whatever waits is written and flushed together.</summary>
    private async Task WriteAsync()
    {
        List<TaskCompletionSource> written = [];
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var next))
            {
                await _file.WriteAsync(next.Line);
                written.Add(next.Flushed);
            }
            _file.Flush(flushToDisk: true);
            written.ForEach(flushed => flushed.SetResult());
            written.Clear();
        }
    }
}
