using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Settings;

/// <summary><c>check-settings [FILE]</c>: reads a settings file as the terminal would, names every mistake, and changes nothing.</summary>
internal static class CheckSettingsCommand
{
    public const string Name = "check-settings";

    /// <returns>0 when the file can be used; 1 when it cannot or is not there.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        var file = args is [var given] ? given : Path.Combine(HomeFolder(), TerminalSettings.FileName);
        output.WriteLine(file);
        if (!File.Exists(file))
        {
            output.WriteLine("  没有这个文件 There is no such file");
            return 1;
        }
        if (TerminalSettings.Parse(File.ReadAllText(file)) is not Outcome<TerminalSettings>.BadInput(var errors))
        {
            output.WriteLine("  正确 right");
            return 0;
        }
        foreach (var error in errors) output.WriteLine($"  {error.Field}: {error.Problem.Zh} {error.Problem.En}");
        return 1;
    }

    private static string HomeFolder() => TerminalHome.FolderFrom(new ConfigurationBuilder().AddEnvironmentVariables().Build());
}
