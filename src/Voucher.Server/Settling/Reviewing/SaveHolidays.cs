using Voucher.Server.Api;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>The county enters a year's holidays, or corrects them. One person is enough: the trail says who.</summary>
public sealed class SaveHolidays(NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, int? year, string? text)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var wanted = read.Number("year", year, 2016, 2100);
        var content = read.Text("text", text, HolidayText.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        if (HolidayText.Read(wanted, content) is not Outcome<HolidayYear>.Done(var holidays))
            return ((Outcome<HolidayYear>.BadInput)HolidayText.Read(wanted, content)).Errors.ToList();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        await HolidayStore.SaveAsync(connection, transaction, holidays, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "holidays.save", $"year:{wanted}", $"{holidays.Off.Count} days off, {holidays.MadeUp.Count} made up");
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
