using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Claims;

/// <summary>
/// An institution's vouchers that are not settled: which can be claimed, and everything that holds the others back; narrowed as the
/// page is, and as long as the list is.
/// </summary>
public sealed class ClaimableExport(ReadClaimable claimable)
    : ListExport("claimable", new("可申报培训券", "Vouchers to claim"), Permission.SubmitClaim)
{
    private static readonly Columns<JudgedVoucher> Columns = new Columns<JudgedVoucher>()
        .Text("券号", "Voucher", row => row.Candidate.Voucher.ToString(), 22)
        .Text("持券人", "Holder", row => PersonName.Masked(row.Candidate.Holder), 12)
        .Text("班级", "Class", row => row.Candidate.Facts.ClassName, 24)
        .Text("项目", "Programme", row => row.Candidate.Facts.Programme, 20)
        .Tally("到课", "Attended", Unit.Sessions, row => row.Candidate.Facts.SessionsAttended)
        .Tally("全部课次", "Of", Unit.Sessions, row => row.Candidate.Facts.PlannedSessions)
        .Number("理论课时", "Theory", row => row.Candidate.Facts.Scanned.Theory, Unit.Hours, 14)
        .Number("实操课时", "Practice", row => row.Candidate.Facts.Scanned.Practice, Unit.Hours, 14)
        .Number("计划课时", "Planned", row => row.Candidate.Facts.Planned.Total, Unit.Hours, 14)
        .YesNo("考核合格", "Passed", row => row.Candidate.Facts.HasPassed, 12)
        .Text("证书编号", "Certificate", row => row.Candidate.Certificate?.Number, 22)
        .Money("金额", "Amount", row => row.Amount?.Value)
        .Words("算式", "Arithmetic", row => row.Amount?.Arithmetic, 50)
        .YesNo("可以申报", "Can be claimed", row => row.IsReady, 12)
        .Words("原因", "Why not", row => Joined(row, why => why.Reason), 60)
        .Words("下一步", "Next step", row => Joined(row, why => why.NextStep), 60)
        .Text("依据", "Rule", row => string.Join('；', row.Why.Select(why => why.Rule?.ToString()).OfType<string>().Distinct()), 40);

    private static Words? Joined(JudgedVoucher row, Func<Refusal, Words> of) => row.Why.Count == 0
        ? null
        : new(string.Join(' ', row.Why.Select(why => of(why).Zh)), string.Join(' ', row.Why.Select(why => of(why).En)));

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (query.Actor.Institution is not { } institution) return null;
        var (classId, reason) = (query.Code("class"), query.Number("reason"));
        if (query.Errors.Count > 0) return null;
        var found = await claimable.OfAsync(institution);
        if (found.Classes.FirstOrDefault(one => one.Id.Value == classId) is { } known) query.Show("班级", "Class", known.Name);
        if (reason is { } code) query.Show("原因", "Reason", ((RefusalCode)code).ShortName());
        return ExportTable.Of(query, Columns, found.Where(classId, reason));
    }
}
