using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Claims;

/// <summary>The lines of one claim with what each rests on; names are masked as on the page.</summary>
public sealed class ClaimLinesExport(ClaimReading claims) : ListExport("claim-lines", new("申报明细", "Lines of a claim"), Permission.ReadClaims)
{
    private static readonly Columns<ClaimLineDetail> Columns = new Columns<ClaimLineDetail>()
        .Text("券号", "Voucher", row => row.Voucher.ToString(), 22)
        .Text("持券人", "Holder", row => row.Holder, 12)
        .Text("班级", "Class", row => row.Evidence.ClassName, 24)
        .Text("项目", "Programme", row => row.Evidence.Programme, 20)
        .Tally("到课", "Attended", Unit.Sessions, row => row.Evidence.SessionsAttended)
        .Tally("全部课次", "Of", Unit.Sessions, row => row.Evidence.PlannedSessions)
        .YesNo("考核合格", "Passed assessment", row => row.Evidence.HasPassed, 12)
        .Moment("结业时间", "Completed", row => row.Evidence.CompletedAt)
        .Moment("抽查时间", "Spot check", row => row.Evidence.SpotCheckedAt)
        .YesNo("抽查无问题", "Spot check clean", row => row.Evidence.SpotCheckIsClean, 14)
        .Number("理论课时", "Theory", row => row.Evidence.AttendedHours?.Theory, Unit.Hours, 14)
        .Number("实操课时", "Practice", row => row.Evidence.AttendedHours?.Practice, Unit.Hours, 14)
        .Number("计划课时", "Planned", row => row.Evidence.PlannedHours?.Total, Unit.Hours, 14)
        .Text("证书编号", "Certificate", row => row.Evidence.CertificateNumber, 22)
        .Money("面值", "Face value", row => row.Amount.FaceValue)
        .Money("标准", "Rate", row => row.Amount.Rate)
        .Money("金额", "Amount", row => row.Amount.Value)
        .Words("算式", "Arithmetic", row => row.Amount.Arithmetic, 50)
        .Text("机构说明", "Note", row => row.Note, 30)
        .Text("预算项目", "Budget line", row => row.BudgetLine, 30)
        .Words("状态", "State", row => row.State.Name(), 12)
        .Words("结论", "Verdict", row => row.Verdict?.Name(), 10)
        .Text("审核人", "Reviewed by", row => row.ReviewedBy, 12)
        .Moment("审核时间", "Reviewed", row => row.ReviewedAt)
        .Text("理由", "Reason", row => row.Reason, 30);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await claims.FindAsync(query.Actor, new ClaimId(query.Id("claim"))) is not { } claim) return null;
        query.Show("申报单", "Claim", $"{claim.Summary.Id}");
        query.Show("机构", "Institution", claim.Summary.Institution);
        return ExportTable.Of(query, Columns, claim.Lines, $"{claim.Summary.Id}");
    }
}
