using Voucher.Core.Planning;
using Voucher.Server.Api;

namespace Voucher.Server.Reporting.ProgressReports;

/// <summary>What the sender adds to the figures.</summary>
public sealed record ReportWords(string Recipient, int? Certificates, int? Employed, string Note)
{
    public const int LongestRecipient = 60;
    public const int LongestNote = 2_000;
    public const int MostPeople = 10_000_000;
}

/// <summary>报送: the figures of a period that is over are frozen and marked as sent, once.</summary>
public sealed class SendReport(NpgsqlDataSource database, ReportCalendar calendar, ProgressReportStore reports, TimeProvider clock)
{
    /// <param name="first">First day of the period.</param>
    /// <param name="certificates">Certificates of skill, where known.</param>
    /// <param name="employed">People in work after training, where known.</param>
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, DateOnly first, string? recipient, string? certificates, string? employed, string? note)
    {
        var read = new FieldReader();
        var words = new ReportWords(
            read.Text("recipient", recipient, ReportWords.LongestRecipient),
            read.OptionalNumber("certificates", certificates, 0, ReportWords.MostPeople),
            read.OptionalNumber("employed", employed, 0, ReportWords.MostPeople),
            read.Text("note", note?.ReplaceLineEndings(" "), ReportWords.LongestNote, isOptional: true));
        if (read.Errors.Count > 0) return read.Errors;
        if (first.Year is < 2016 or > 2100 || (await calendar.OfYearAsync(first.Year)).Where(each => each.First == first).ToList() is not [var period])
            return Refusal.Of(RefusalCode.NotFound);
        var policy = await calendar.PolicyOfAsync(first);
        if (!period.IsOverOn(calendar.Today)) return Refusal.Under(policy, RefusalCode.ReportNotOver, CountyTime.Show(period.Last));
        return await SendAsync(actor, period, policy, words);
    }

    private async Task<Outcome<Nothing>> SendAsync(Actor actor, ReportPeriod period, Policy policy, ReportWords words)
    {
        var now = clock.GetUtcNow();
        var figures = await calendar.CountAsync(period);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!await reports.AddAsync(connection, transaction, period, policy, figures, words, actor, now)) return await SaySentAsync(policy, period);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "report.send", $"report:{period.First:O}", $"{figures.Trained} trained, {figures.Passed} passed, {figures.Paid} yuan",
            Ground.Under(Permission.SendReport));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private async Task<Refusal> SaySentAsync(Policy policy, ReportPeriod period)
    {
        var sent = (await reports.SentAsync(period.First, period.First)).Single();
        return Refusal.Under(policy, RefusalCode.ReportAlreadySent, sent.SentBy, CountyTime.Show(sent.SentAt));
    }
}
