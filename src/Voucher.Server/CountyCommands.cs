using System.CommandLine;

namespace Voucher.Server;

/// <summary>Says which county a database serves.</summary>
public static class CountyCommands
{
    public const int LongestName = 40;
    public const int LongestPhone = 30;

    public static Command All() => new("county", "The county that the database serves") { Set() };

    private static Command Set()
    {
        var region = new Option<string>("--region") { Description = "Six digits of GB/T 2260", Required = true };
        var name = new Option<string>("--name") { Description = "As printed on vouchers", Required = true };
        var phone = new Option<string>("--phone") { Description = "Where a desk calls about a voucher that is held", DefaultValueFactory = _ => "" };
        var command = new Command("set", "Set the county of a new database, or rename it; its region never changes") { region, name, phone };
        command.SetAction(async (parsed, _) =>
        {
            var problem = await SetAsync(parsed.GetRequiredValue(region), parsed.GetRequiredValue(name).Trim(), parsed.GetRequiredValue(phone).Trim());
            if (problem is null) return 0;
            await parsed.InvocationConfiguration.Error.WriteLineAsync(problem);
            return 1;
        });
        return command;
    }

    /// <summary>Returns what is wrong, or <c>null</c> when it is done.</summary>
    private static async Task<string?> SetAsync(string typed, string name, string phone)
    {
        if (!RegionCode.TryParse(typed, out var region)) return "region: six digits of GB/T 2260 are needed";
        if (name.Length is 0 or > LongestName) return $"name: 1 to {LongestName} characters are needed";
        if (phone.Length > LongestPhone) return $"phone: at most {LongestPhone} characters";
        await using var app = ServerComposition.Build([]);
        return await County.SetAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), new County(region, name, phone))
            ? null
            : "region: the database already serves another county";
    }
}
