using System.Globalization;
using Voucher.Server.Api;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Matching;

/// <summary>
/// The register as a file for another office to match with: masked, or with full numbers where somebody says why, which the
/// trail keeps.
/// </summary>
public sealed class OutgoingRegister(OutgoingStore people, PersonalData personalData, TimeProvider clock)
{
    private const int PageRows = 5_000;
    private static readonly string[] Header = ["序号", "姓名", "性别", "身份证号码", "乡镇"];

    /// <param name="isFull">With whole numbers; then the reason is needed.</param>
    public async Task<Outcome<MemoryStream>> RunAsync(Actor actor, int? township, bool isFull, string? reason)
    {
        if (isFull && string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        var read = new FieldReader();
        var why = isFull ? PlainReason.Read(read, reason) : "";
        if (read.Errors.Count > 0) return read.Errors;
        var rows = await RowsAsync(township, isFull);
        await people.NoteAsync(actor.Account, isFull ? $"full numbers, {rows.Count} people: {why}" : $"masked, {rows.Count} people", clock.GetUtcNow());
        var file = new MemoryStream();
        TextSheet.Write(file, "送比对名单", Header.Length, [Header, .. rows]);
        file.Position = 0;
        return file;
    }

    private async Task<List<string[]>> RowsAsync(int? township, bool isFull)
    {
        List<string[]> rows = [];
        for (var last = new PersonId(0); ;)
        {
            var page = await people.AfterAsync(last, township, PageRows);
            rows.AddRange(page.Select((person, at) => Row(person, rows.Count + at + 1, isFull)));
            if (page.Count < PageRows) return rows;
            last = page[^1].Id;
        }
    }

    private string[] Row(OutgoingPerson person, int number, bool isFull) =>
    [
        number.ToString(CultureInfo.InvariantCulture), person.Name, person.IsMale ? "男" : "女",
        isFull ? personalData.Open(person.IdNumberSealed) : person.IdNumberMasked, person.Township ?? "",
    ];
}
