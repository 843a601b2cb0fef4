using System.CommandLine;
using System.Globalization;

namespace Voucher.Server.Register.Places;

/// <summary>What an operator loads into a county before its first import.</summary>
public static class PlaceCommands
{
    public static IEnumerable<Command> All() =>
    [
        new("places", "Townships and villages of the county") { Load("Load 代码,名称[,启用日期] from a CSV: nine digits a township, twelve a village", (codes, content) => codes.PlacesAsync(content)) },
        new("trades", "Trades under which programmes are listed") { Load("Load 代码,名称 from a CSV: 1 to 999", (codes, content) => codes.TradesAsync(content)) },
    ];

    private static Command Load(
        string description, Func<LoadCodes, byte[], Task<(LoadCodes.Loaded? Loaded, IReadOnlyList<(int Row, string Problem)> Problems)>> load)
    {
        var file = new Argument<FileInfo>("file") { Description = "CSV in UTF-8 or GB18030" };
        var command = new Command("load", description) { file };
        command.SetAction(async (parsed, cancel) =>
        {
            var console = parsed.InvocationConfiguration;
            if (parsed.GetRequiredValue(file) is not { Exists: true, Length: <= CodeFile.LargestBytes } found)
            {
                await console.Error.WriteLineAsync($"file: not there, or larger than {CodeFile.LargestBytes} bytes");
                return 1;
            }
            await using var app = ServerComposition.Build([]);
            var (loaded, problems) = await load(app.Services.GetRequiredService<LoadCodes>(), await File.ReadAllBytesAsync(found.FullName, cancel));
            foreach (var (row, problem) in problems) await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"row {row}: {problem}"));
            if (loaded is null) return 1;
            await console.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{loaded.Added} added, {loaded.Renamed} renamed, {loaded.Unchanged} unchanged"));
            return 0;
        });
        return command;
    }
}
