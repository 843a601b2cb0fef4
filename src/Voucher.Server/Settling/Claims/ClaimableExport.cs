using Voucher.Server.Policies;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Claims;

/// <summary>An institution's vouchers that stand in no claim: which can be claimed, and why the others cannot yet.</summary>
public sealed class ClaimableExport(ClaimReading claims, PolicyStore policies)
    : ListExport("claimable", new("可申报培训券", "Vouchers to claim"), Permission.SubmitClaim)
{
    private static readonly Columns<(Candidate Voucher, Refusal? Why)> Columns = new Columns<(Candidate Voucher, Refusal? Why)>()
        .Text("券号", "Voucher", row => row.Voucher.Voucher.ToString(), 22)
        .Text("持券人", "Holder", row => PersonName.Masked(row.Voucher.Holder), 12)
        .Text("班级", "Class", row => row.Voucher.ClassName, 24)
        .Text("项目", "Programme", row => row.Voucher.Programme, 20)
        .Tally("到课", "Attended", Unit.Sessions, row => row.Voucher.SessionsAttended)
        .Tally("全部课次", "Of", Unit.Sessions, row => row.Voucher.PlannedSessions)
        .Money("金额", "Amount", row => row.Voucher.Amount?.Value)
        .YesNo("可以申报", "Can be claimed", row => row.Why is null, 12)
        .Words("原因", "Why not", row => row.Why?.Reason, 40)
        .Words("下一步", "Next step", row => row.Why?.NextStep, 40);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (query.Actor.Institution is not { } institution) return null;
        var policy = await policies.InForceOrLastAsync(query.Today);
        var vouchers = (await claims.UnclaimedAsync(institution)).Select(voucher => (Voucher: voucher, Why: voucher.RefuseToInstitution(policy)));
        return ExportTable.Of(query, Columns, vouchers.OrderBy(row => row.Why is not null));
    }
}
