using Voucher.Server.Api;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>The county enters a year's holidays, or corrects them. One person is enough: the trail says who.</summary>
public sealed class SaveHolidays(NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, int? year, string? text)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var wanted = read.Number("year", year, HolidayText.FirstYear, HolidayText.LastYear);
        var content = read.Text("text", text, HolidayText.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        if (HolidayText.Read(wanted, content) is not Outcome<HolidayYear>.Done(var holidays))
            return ((Outcome<HolidayYear>.BadInput)HolidayText.Read(wanted, content)).Errors.ToList();
        return await SaveAsync(actor, holidays);
    }

    /// <summary>Of a file; the year is the file's.</summary>
    public async Task<Outcome<int>> ImportAsync(Actor actor, IFormFile? file, CancellationToken cancel)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        if (UploadedFile.ProblemOf(file) is { } wrong) return new List<FieldError> { wrong };
        if (file!.Length > HolidayFile.LargestBytes)
            return (List<FieldError>)[new("file", new($"文件超过 {HolidayFile.LargestBytes / 1024} KB", $"The file is larger than {HolidayFile.LargestBytes / 1024} KB"))];
        switch (HolidayFile.Read(await UploadedFile.ReadAsync(file, cancel)))
        {
            case Outcome<HolidayYear>.Done(var year):
                await SaveAsync(actor, year);
                return year.Year;
            case Outcome<HolidayYear>.BadInput bad: return bad.Errors.ToList();
            default: throw new InvalidOperationException("A file of holidays is read or bad.");
        }
    }

    private async Task<Outcome<Nothing>> SaveAsync(Actor actor, HolidayYear holidays)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        await HolidayStore.SaveAsync(connection, transaction, holidays, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "holidays.save", $"year:{holidays.Year}", $"{holidays.Off.Count} days off, {holidays.MadeUp.Count} made up", ground: holidays.Notice);
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
