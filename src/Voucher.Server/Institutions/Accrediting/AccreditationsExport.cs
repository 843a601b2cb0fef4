using System.Globalization;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>Accreditations as their page narrows them; an institution's own people get theirs alone.</summary>
public sealed class AccreditationsExport(AccreditationStore accreditations)
    : ListExport("accreditations", new("逐年认定", "Accreditations"), Permission.ReadInstitutions)
{
    private static readonly Columns<AccreditationRecord> Columns = new Columns<AccreditationRecord>()
        .Text("机构", "Institution", row => row.Institution, 30)
        .Text("统一社会信用代码", "Uscc", row => row.Uscc.ToString(), 22)
        .Number("年度", "Year", row => row.Year)
        .YesNo("沿用", "Taken over", row => row.IsTakenOver)
        .Words("状态", "State", row => row.State.Name())
        .Words("待确认", "Waits for a second person", row => row.Proposal == AccreditationProposal.None ? null : row.Proposal.Name(), 18)
        .Text("办学许可证编号", "Licence", row => row.LicenceNo, 20)
        .Tally("申请规模", "Applied for", Unit.People, row => row.Capacity)
        .Tally("教室", "Rooms", Unit.Rooms, row => row.Rooms)
        .Tally("面积", "Area", Unit.SquareMetres, row => row.AreaM2)
        .Tally("教师", "Teachers", Unit.People, row => row.Teachers)
        .Tally("申请项目", "Programmes", Unit.Items, row => row.Programmes)
        .Moment("提交时间", "Handed in", row => row.SubmittedAt)
        .Day("勘验日期", "Inspected", row => row.InspectedOn)
        .Tally("认定规模", "Approved", Unit.People, row => row.ApprovedCapacity)
        .Day("有效期自", "Valid from", row => row.ValidFrom)
        .Day("有效期至", "Valid until", row => row.ValidUntil)
        .Day("暂停至", "Suspended until", row => row.SuspendedUntil);

    public override Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (state, year, trade) = (query.Choice<AccreditationState>("state"), query.Number("year"), query.Number("trade"));
        var (institution, waits) = (query.Number("institution"), query.Flag("waits"));
        query.Show("状态", "State", state?.Name());
        query.Show("年度", "Year", year?.ToString(CultureInfo.InvariantCulture));
        query.Show("工种编码", "Trade", trade?.ToString(CultureInfo.InvariantCulture));
        if (waits) query.Show("只看待办", "Waiting only", new Words("是", "yes"));
        var filter = new AccreditationFilter(
            query.Actor.Institution, state, year, trade, institution is { } id ? new InstitutionId(id) : null, waits, Page: 1);
        return Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of<AccreditationRecord>(
            row => row.Id, async (skip, take) => [.. (await accreditations.ListAsync(filter, take, skip)).Take(take)])));
    }
}
