using System.Diagnostics;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Running;

/// <summary>The folder that is carried to a front desk.</summary>
public sealed class PublishTests(ITestOutputHelper output)
{
    private const int NoRuntime = 3;

    [Fact]
    public async Task The_published_folder_starts_with_one_command_on_a_machine_that_has_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The folder for Linux starts on Linux.");
        var folder = Directory.CreateTempSubdirectory("voucher-publish-").FullName;
        try
        {
            var (status, said) = await Run("--only", "linux-x64", "--check", "--out", folder);
            output.WriteLine(said);
            var isBuildMachine = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
            if (status == NoRuntime && !isBuildMachine) Assert.Skip("The .NET runtime packs cannot be restored here.");
            Assert.True(status == 0, said);
            Assert.Contains("started in ", said, StringComparison.Ordinal);
            var made = Path.Combine(folder, "voucher-terminal-linux-x64");
            Assert.All(new[] { "VERSION", "start.sh", "install.sh", "voucher-terminal.service", "README.txt" }, name => Assert.True(File.Exists(Path.Combine(made, name)), name));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Status, string Said)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(RepositoryRoot.PathTo("scripts", "publish-terminal"), arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}
