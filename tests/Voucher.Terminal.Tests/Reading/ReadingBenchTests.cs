using System.Diagnostics;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Reading;

/// <summary>
/// What reads codes from the camera, run by Node on drawn pictures of real vouchers, and a short run of the reading bench, which
/// fails when a wrong text comes out or less than half of what the best plain decoder misses is read.
/// </summary>
public sealed class ReadingBenchTests
{
    private const string Bench = "scripts/bench-reading";

    [Theory]
    [InlineData("code-kind.test.mjs")]
    [InlineData("frame-reader.test.mjs")]
    [InlineData("soft-symbol.test.mjs")]
    public async Task The_reading_modules_do_what_their_tests_say(string file)
    {
        Requires.Program("zbarimg");
        await RunAsync(RepositoryRoot.PathTo(Bench), "--prepare");
        var output = await RunAsync("node", "--test", RepositoryRoot.PathTo("tests", "Voucher.Terminal.Tests", "Reading", file));
        // A file without a single test would pass as well.
        Assert.Matches(@"# pass [1-9]", output);
    }

    [Fact]
    public async Task Of_what_the_best_plain_decoder_misses_at_least_half_is_read_within_ten_frames_and_nothing_wrong()
    {
        Requires.Program("zbarimg");
        var output = await RunAsync(RepositoryRoot.PathTo(Bench), "--quick");
        Assert.Contains("Wrong texts: ours 0;", output, StringComparison.Ordinal);
        Assert.Matches(@"it misses [1-9]\d* of 24", output);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{output}\n{await complaints}");
        return output;
    }
}
