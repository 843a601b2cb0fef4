using System.Globalization;

namespace Voucher.Server.Register.Places;

/// <summary>An operator gives a county its townships and villages, or its trades, from a file: all of it or nothing.</summary>
public sealed class LoadCodes(NpgsqlDataSource database, County county, TimeProvider clock)
{
    /// <summary>How many codes were added, got another name, or stood so already.</summary>
    public sealed record Loaded(int Added, int Renamed, int Unchanged);

    public async Task<(Loaded? Loaded, IReadOnlyList<(int Row, string Problem)> Problems)> PlacesAsync(byte[] content)
    {
        var wanted = $"nine digits of a township or twelve of a village, beginning with {county.Region}";
        var file = CodeFile.Read(content, text => PlaceCode.TryParse(text, out var code) && code.Region == county.Region, wanted);
        if (file.Problems.Count > 0) return (null, file.Problems);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (loaded, problems) = (new Loaded(0, 0, 0), new List<(int, string)>());
        foreach (var line in file.Lines.OrderBy(line => line.Code.Length)) // A township before its villages.
            loaded = await PutAsync(connection, transaction, line, loaded, problems);
        if (problems.Count > 0) return (null, problems);
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), null, "place.load", $"county:{county.Region}", $"+{loaded.Added} ~{loaded.Renamed}",
            Ground.Command);
        await transaction.CommitAsync();
        return (loaded, []);
    }

    private async Task<Loaded> PutAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CodeLine line, Loaded loaded, List<(int, string)> problems)
    {
        var code = new PlaceCode(long.Parse(line.Code, CultureInfo.InvariantCulture));
        var known = await PlaceStore.LockAsync(connection, transaction, county.Region, code);
        if (known is { IsInForce: false }) problems.Add((line.Row, "this code has ended"));
        else if (code.IsVillage && await PlaceStore.LockAsync(connection, transaction, county.Region, new PlaceCode(code.Township)) is not { IsInForce: true })
            problems.Add((line.Row, "the township of its first nine digits is not there"));
        else if (await PlaceStore.IsNameTakenAsync(connection, transaction, county.Region, code, line.Name)) problems.Add((line.Row, "another place beside it has this name"));
        else if (known is null)
        {
            await PlaceStore.AddAsync(connection, transaction, county.Region, code, line.Name, line.From ?? FirstDay);
            return loaded with { Added = loaded.Added + 1 };
        }
        else if (known.Name != line.Name)
        {
            await PlaceStore.RenameAsync(connection, transaction, code, line.Name);
            return loaded with { Renamed = loaded.Renamed + 1 };
        }
        return loaded with { Unchanged = loaded.Unchanged + 1 };
    }

    /// <summary>Of codes whose file says no date: as far back as the standard goes.</summary>
    private static readonly DateOnly FirstDay = new(1949, 10, 1);

    public async Task<(Loaded? Loaded, IReadOnlyList<(int Row, string Problem)> Problems)> TradesAsync(byte[] content)
    {
        var file = CodeFile.Read(content, text => text.Length is 1 or 2 or 3 && text.All(char.IsAsciiDigit) && text.Any(digit => digit != '0'), "1 to 999");
        if (file.Problems.Count > 0) return (null, file.Problems);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await TradeCodeStore.TakenNamesAsync(connection, transaction, file.Lines) is { Count: > 0 } taken)
            return (null, [.. taken.Select(line => (line.Row, "another trade has this name"))]);
        var loaded = await TradeCodeStore.PutAsync(connection, transaction, file.Lines);
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), null, "trade.load", $"county:{county.Region}", $"+{loaded.Added} ~{loaded.Renamed}",
            Ground.Command);
        await transaction.CommitAsync();
        return (loaded, []);
    }
}
