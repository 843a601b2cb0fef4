using Voucher.Terminal.Logs;

namespace Voucher.Terminal.Tests.Running;

public sealed class RollingFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-logs-").FullName;

    private string FilePath => Path.Combine(_folder, "terminal.log");

    private string[] Files => [.. Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    [Fact]
    public void The_newest_lines_are_kept_and_the_size_is_bounded()
    {
        using (var file = new RollingFile(FilePath, () => (3, 1_000)))
            for (var i = 0; i < 500; i++)
                file.Write($"line {i:D4} of the log");
        Assert.Equal(["terminal.1.log", "terminal.2.log", "terminal.log"], Files);
        Assert.All(Directory.GetFiles(_folder), path => Assert.InRange(new FileInfo(path).Length, 1, 1_000));
        Assert.EndsWith("line 0499 of the log\n", File.ReadAllText(FilePath), StringComparison.Ordinal);
        var kept = File.ReadAllLines(Path.Combine(_folder, "terminal.2.log")).Concat(File.ReadAllLines(Path.Combine(_folder, "terminal.1.log"))).Concat(File.ReadAllLines(FilePath)).ToList();
        Assert.Equal(Enumerable.Range(500 - kept.Count, kept.Count).Select(i => $"line {i:D4} of the log"), kept);
    }

    [Fact]
    public void Fewer_files_are_kept_from_the_next_roll_when_the_limit_is_lowered()
    {
        var files = 5;
        using var file = new RollingFile(FilePath, () => (files, 200));
        for (var i = 0; i < 100; i++) file.Write("a line of thirty characters …");
        Assert.Equal(5, Files.Length);
        files = 2;
        for (var i = 0; i < 20; i++) file.Write("a line of thirty characters …");
        Assert.Equal(["terminal.1.log", "terminal.log"], Files);
        files = 1;
        for (var i = 0; i < 20; i++) file.Write("a line of thirty characters …");
        Assert.Equal(["terminal.log"], Files);
    }

    [Fact]
    public void A_log_goes_on_after_a_restart()
    {
        using (var file = new RollingFile(FilePath, () => (2, 1_000))) file.Write("before");
        using (var file = new RollingFile(FilePath, () => (2, 1_000))) file.Write("after");
        Assert.Equal(["before", "after"], File.ReadAllLines(FilePath));
    }

    [Fact]
    public void A_disk_that_takes_nothing_does_not_stop_the_program()
    {
        Directory.CreateDirectory(FilePath);
        using var file = new RollingFile(FilePath, () => (2, 1_000));
        file.Write("nowhere");
        Directory.Delete(FilePath);
        file.Write("here");
        Assert.Equal(["here"], File.ReadAllLines(FilePath));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
