namespace Voucher.Server.Register.TrainingFiles;

/// <summary>A training file over HTTP: numbers and names, masked as on the page.</summary>
/// <param name="MergedEntries">Numbers of the entries that were merged into this one, as far as the asker sees them.</param>
/// <param name="MergedInto">The entry that this one was merged into, if the asker sees it.</param>
public sealed record TrainingFileAnswer(
    long Id, string Name, string IdNumberMasked, bool IsMale, int BirthYear, string? Township, string? Village, string Education,
    IReadOnlyList<string> Categories, string LabourAbility, string Employment, IReadOnlyList<int> WishTrades,
    IReadOnlyList<TrainingFileAnswer.VoucherLine> Vouchers, IReadOnlyList<TrainingFileAnswer.ClassLine> Classes,
    IReadOnlyList<TrainingFileAnswer.CheckLine> SpotChecks, IReadOnlyList<TrainingFileAnswer.HoldLine> Holds,
    IReadOnlyList<TrainingFileAnswer.MatchLine> Matches, IReadOnlyList<string> Lists, int Changes,
    IReadOnlyList<long> MergedEntries, long? MergedInto)
{
    public sealed record VoucherLine(string Number, string State, long FaceValueFen, DateOnly ValidUntil, string Batch, string? Institution);

    /// <param name="TheoryHours">Attended: checked in and out.</param>
    public sealed record ClassLine(
        long Id, string Voucher, string Name, string Programme, string Institution, DateOnly StartsOn, DateOnly EndsOn, int TheoryHours,
        int PracticeHours, int PlannedHours, int Attended, int Sessions, short? TheoryScore, short? PracticeScore, bool? HasPassed, DateTimeOffset? CompletedAt,
        string? Certificates);

    public sealed record CheckLine(long ClassId, DateTimeOffset CheckedAt, int Present, bool IsClean, string Finding);

    public sealed record HoldLine(string Voucher, string Reason, DateTimeOffset OpenedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? ReleasedAt);

    public sealed record MatchLine(string Source, DateOnly AsOf, string Difference, bool IsDismissed, bool IsReplaced);

    public static TrainingFileAnswer Of(TrainingFile file) => new(
        file.Person.Id.Value, file.Person.Name, file.Person.IdNumberMasked, file.Person.IsMale, file.Person.BirthDate.Year, file.Person.Township,
        file.Person.Village, file.Person.Education, file.Person.Categories, file.Person.LabourAbility.ToString(), file.Person.Employment.ToString(),
        file.Person.WishTrades,
        [.. file.Vouchers.Select(v => new VoucherLine(v.Id.ToString(), v.State.ToString(), v.FaceValueFen.Value, v.ValidUntil, v.Batch, v.Institution))],
        [.. file.Classes.Select(c => new ClassLine(
            c.Id.Value, c.Voucher.ToString(), c.Name, c.Programme, c.Institution, c.StartsOn, c.EndsOn, c.TheoryHours, c.PracticeHours, c.PlannedHours,
            c.Attended, c.Sessions, c.TheoryScore, c.PracticeScore, c.HasPassed, c.CompletedAt, c.Certificates))],
        [.. file.SpotChecks.Select(check => new CheckLine(check.ClassId.Value, check.CheckedAt, check.Present, check.IsClean, check.Finding))],
        [.. file.Holds.Select(hold => new HoldLine(hold.Voucher.ToString(), hold.Reason.ToString(), hold.OpenedAt, hold.ConfirmedAt, hold.ReleasedAt))],
        [.. file.Matches.Select(match => new MatchLine(match.Source.ToString(), match.AsOf, match.Difference, match.DismissedAt is not null, match.EndedAt is not null))],
        [.. file.Lists.Select(list => list.Name)], file.Person.Changes,
        [.. file.Merging.Entries.Where(entry => entry.IsSeen).Select(entry => entry.Id.Value)], file.Merging.Into?.Value);
}
