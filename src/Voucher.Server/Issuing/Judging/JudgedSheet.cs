using Voucher.Core.Issuing;
using Voucher.Server.Portal;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Issuing.Judging;

/// <summary>The list behind a dry run as a spreadsheet: who gets a voucher, or who does not and why; masked.</summary>
public static class JudgedSheet
{
    public static StreamedSheet Of(IAsyncEnumerable<JudgedPerson> people, JudgedFilter filter, Policy policy, int total, DateTimeOffset now)
    {
        var language = Speech.Language;
        string Say(string zh, string en) => new Words(zh, en).In(language);
        var columns = new Columns<JudgedPerson>()
            .Text("姓名", "Name", row => row.Name, 12)
            .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 22)
            .Text("乡镇", "Township", row => row.Township, 14)
            .Text("村", "Village", row => row.Village, 14)
            .Text("户口所在地", "Household", row => row.HouseholdPlace, 26);
        if (!filter.Eligible)
        {
            columns.Text("不发的原因", "Why not", row => string.Join('；', row.Reasons.Select(reason => reason.Name(policy.Parameters).In(language))), 40)
                .Text("依据", "Rests on", row => row.Reasons.FirstOrDefault() is var first && first != default ? policy.RuleOf(first.ClauseOf()).ToString() : null, 40);
        }
        var name = filter.Eligible ? Say("试算发券名单", "Who gets a voucher") : Say("试算不发名单", "Who gets none");
        return StreamedSheet.Of(
            $"{name} {CountyTime.ToLocal(now):yyyyMMdd-HHmm}.xlsx", name, language, columns, people,
            (Say("人数", "People"), SheetCell.OfCount(total)),
            (Say("不发的原因", "Why not"), SheetCell.OfText(filter.Reason?.Name(policy.Parameters).In(language))),
            (Say("截至", "As of"), SheetCell.OfMoment(now)));
    }
}
