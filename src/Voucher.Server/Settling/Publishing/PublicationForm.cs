using Voucher.Server.Api;

namespace Voucher.Server.Settling.Publishing;

/// <summary>What the clerk gives for a list that is put up.</summary>
/// <param name="InstitutionId">All of one institution; with <paramref name="ClaimId"/> empty.</param>
/// <param name="ClaimId">All of one claim; neither: all that wait.</param>
/// <param name="From">Today, when left out; at most <see cref="LongestAhead"/> days ahead.</param>
/// <param name="WorkingDays">At least what the pack says; that, when left out.</param>
public sealed record PublicationForm(
    int? InstitutionId, long? ClaimId, string? Heading, DateOnly? From, int? WorkingDays, string? Phone, string? Place)
{
    public const int LongestHeading = 60;
    public const int LongestPhone = 30;
    public const int LongestPlace = 60;
    public const int MostWorkingDays = 30;

    /// <summary>Days.</summary>
    public const int LongestAhead = 30;

    /// <summary>Lines of one list; what is left over goes on the next.</summary>
    public const int MostLines = 5_000;

    /// <summary>Where the pack wants no publication and one is made all the same.</summary>
    private const int UsualWorkingDays = 5;

    public (PublicationForm Read, List<FieldError> Errors) Check(DateOnly today, int packDays)
    {
        var read = new FieldReader();
        var shortest = Math.Max(packDays, 1);
        var form = this with
        {
            Heading = read.Text("heading", Heading, LongestHeading),
            Phone = read.Text("phone", Phone, LongestPhone),
            Place = read.Text("place", Place, LongestPlace),
            From = From is null ? today : read.Day("from", From),
            WorkingDays = WorkingDays is null ? Math.Max(packDays, packDays > 0 ? 1 : UsualWorkingDays) : read.Number("workingDays", WorkingDays, shortest, MostWorkingDays),
        };
        if (read.IsClean("from") && (form.From < today || form.From > today.AddDays(LongestAhead)))
            read.Fault("from", new($"从今天起 {LongestAhead} 天之内", $"From today to {LongestAhead} days ahead"));
        if (InstitutionId is not null && ClaimId is not null)
            read.Fault("claimId", new("按机构或按申报单选一种", "Choose an institution or a claim, not both"));
        return (form, read.Errors);
    }
}
