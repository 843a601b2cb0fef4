using System.CommandLine;
using System.Globalization;

namespace Voucher.Server.Demo;

/// <summary>Commands that make a county for trying out.</summary>
public static class DemoCommands
{
    public const string PasswordVariable = "VOUCHER_DEMO_PASSWORD";
    public const int ShortestPassword = 8;
    public const int UsualPeople = 300;

    public static Command All()
    {
        var people = People();
        var command = new Command("demo", $"Load the demo county and made-up people; {PasswordVariable} is the password of every demo log-in") { people, SpreadsheetCommand() };
        command.SetAction((parsed, cancel) => LoadAsync(parsed.GetValue(people), cancel));
        return command;
    }

    private static Option<int> People() => Checked(
        new Option<int>("--people") { Description = $"How many people; {UsualPeople} when not given", DefaultValueFactory = _ => UsualPeople },
        people => people is >= 0 and <= DemoPeople.MostPeople, $"--people must be 0 to {DemoPeople.MostPeople}.");

    private static Command SpreadsheetCommand()
    {
        var people = People();
        var bad = Checked(
            new Option<double>("--bad") { Description = "Percent of rows that are wrong on purpose" },
            percent => percent is >= 0 and <= 100, "--bad must be 0 to 100.");
        var file = Checked(
            new Option<FileInfo>("--out") { Description = "File to write, .xlsx or .csv", Required = true },
            file => file.Extension is ".xlsx" or ".csv", "--out must end in .xlsx or .csv.");
        var command = new Command("spreadsheet", "Write a 花名册 of made-up people, for trying the import") { people, bad, file };
        command.SetAction(parsed => Save(parsed.GetValue(people), parsed.GetValue(bad), parsed.GetRequiredValue(file)));
        return command;
    }

    private static Option<T> Checked<T>(Option<T> option, Predicate<T> isGood, string problem)
    {
        option.Validators.Add(result =>
        {
            try
            {
                if (result.GetValueOrDefault<T>() is { } value && !isGood(value)) result.AddError(problem);
            }
            catch (InvalidOperationException)
            {
                result.AddError(problem); // Not a value of this type at all.
            }
        });
        return option;
    }

    private static async Task<int> LoadAsync(int people, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable(PasswordVariable) is not { Length: >= ShortestPassword } password)
        {
            await Console.Error.WriteLineAsync($"{PasswordVariable} must be set, to at least {ShortestPassword} characters.");
            return 1;
        }
        await using var app = ServerComposition.Build([]);
        await app.Services.GetRequiredService<DemoCounty>().LoadAsync(password);
        var added = await app.Services.GetRequiredService<DemoRegister>().FillAsync(people, cancel);
        await app.Services.GetRequiredService<DemoMatchStore>().LoadAsync(cancel);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DemoCounty.Name}: {people} demo people, {added} of them new."));
        return 0;
    }

    private static int Save(int people, double badPercent, FileInfo file)
    {
        var spreadsheet = new DemoSpreadsheet(people, badPercent, CountyTime.DayOf(TimeProvider.System.GetUtcNow()));
        using (var stream = file.Create()) spreadsheet.Save(stream, asCsv: file.Extension == ".csv");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {people} demo people, {spreadsheet.Planted.Count} rows wrong on purpose."));
        return 0;
    }
}
