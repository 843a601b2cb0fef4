using Voucher.Server.Api;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Matching;

/// <summary>
/// The register as a file for another office to match with: masked, or with full numbers where somebody says why, which the
/// trail keeps.
/// </summary>
public sealed class OutgoingRegister(OutgoingStore people, PersonalData personalData, TimeProvider clock)
{
    public const string FileName = "送比对名单.xlsx";

    /// <param name="isFull">With whole numbers; then the reason is needed.</param>
    public async Task<Outcome<StreamedSheet>> RunAsync(Actor actor, int? township, bool isFull, string? reason)
    {
        if (isFull && string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        var read = new FieldReader();
        var why = isFull ? PlainReason.Read(read, reason) : "";
        if (read.Errors.Count > 0) return read.Errors;
        var (count, now) = (await people.CountAsync(township), clock.GetUtcNow());
        await people.NoteAsync(actor.Account, isFull ? $"full numbers, {count} people: {why}" : $"masked, {count} people", now);
        return StreamedSheet.Of(FileName, "送比对名单", "zh", ColumnsOf(isFull), RowsAsync(township), ("截至", SheetCell.OfMoment(now)), ("人数", SheetCell.OfCount(count)));
    }

    private Columns<(OutgoingPerson Person, int Number)> ColumnsOf(bool isFull) => new Columns<(OutgoingPerson Person, int Number)>()
        .Number("序号", "No.", row => row.Number)
        .Text("姓名", "Name", row => row.Person.Name, 12)
        .Text("性别", "Sex", row => row.Person.IsMale ? "男" : "女", 8)
        .Text("身份证号码", "Identity number", row => isFull ? personalData.Open(row.Person.IdNumberSealed) : row.Person.IdNumberMasked, 22)
        .Text("乡镇", "Township", row => row.Person.Township, 14);

    private async IAsyncEnumerable<(OutgoingPerson Person, int Number)> RowsAsync(int? township)
    {
        var number = 0;
        for (var last = new PersonId(0); ;)
        {
            var page = await people.AfterAsync(last, township, PagedRows.PageSize);
            foreach (var person in page) yield return (person, ++number);
            if (page.Count < PagedRows.PageSize) yield break;
            last = page[^1].Id;
        }
    }
}
