using System.Diagnostics;

namespace Voucher.Terminal.Tests.Page;

/// <summary>The page's own modules, tested by Node's test runner where they can be run without a browser.</summary>
public sealed class PageTests
{
    [Theory]
    [InlineData("camera.test.mjs")]
    [InlineData("class-fit.test.mjs")]
    [InlineData("class-picker.test.mjs")]
    [InlineData("corrections.test.mjs")]
    [InlineData("diagnostics.test.mjs")]
    [InlineData("first-step.test.mjs")]
    [InlineData("keyboard-reader.test.mjs")]
    [InlineData("offline-panel.test.mjs")]
    [InlineData("practice.test.mjs")]
    [InlineData("program.test.mjs")]
    [InlineData("repeat-filter.test.mjs")]
    [InlineData("roster.test.mjs")]
    [InlineData("scan-question.test.mjs")]
    [InlineData("signs.test.mjs")]
    [InlineData("terminal-state.test.mjs")]
    [InlineData("words.test.mjs")]
    public async Task The_pages_modules_do_what_their_tests_say(string file)
    {
        var start = new ProcessStartInfo("node", ["--test", Path.Combine(Repository(), "tests/Voucher.Terminal.Tests/Page", file)])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, output);
        // A file without a single test would pass as well.
        Assert.Matches(@"# pass [1-9]", output);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Voucher.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
