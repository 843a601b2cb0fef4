using Voucher.Terminal.Home;

namespace Voucher.Terminal.Tests.OfflineLists;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("voucher-lists-test-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Of this folder's machine: the same secret each time.</summary>
    public DiskSeal NewSeal() => new(System.Text.Encoding.UTF8.GetBytes(Path.PadRight(DiskSeal.ShortestSecret)));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

internal sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
