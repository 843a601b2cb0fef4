using Voucher.Core.Promises;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Promises;

/// <summary>All promises with their funnels.</summary>
public sealed class PromisesExport(PromiseCatalogue catalogue, PromiseReading reading) : ListExport("promises", new("待遇兑现", "Promises"), Permission.ReadPromises)
{
    private static readonly Columns<(Promise Promise, PromiseFunnel Funnel)> Columns = new Columns<(Promise Promise, PromiseFunnel Funnel)>()
        .Words("待遇", "Promise", row => row.Promise.Name, 30)
        .Text("依据", "Rule", row => row.Promise.Rule, 40)
        .Text("发放单位", "Paid by", row => row.Promise.Payer, 26)
        .Money("标准", "Amount", row => row.Promise.Amount)
        .Tally("符合条件", "May have it", Unit.People, row => row.Funnel.MayHave)
        .Tally("待核实", "Not known", Unit.People, row => row.Funnel.NotKnown)
        .Tally("已告知", "Told", Unit.People, row => row.Funnel.Told)
        .Tally("已申请", "Applied", Unit.People, row => row.Funnel.Applied)
        .Tally("已领取", "Received", Unit.People, row => row.Funnel.Received)
        .Money("已领金额", "Received", row => row.Funnel.Amount);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        List<(Promise, PromiseFunnel)> rows = [];
        foreach (var promise in catalogue.All) rows.Add((promise, PromiseFunnel.Of(await reading.PeopleAsync(query.Actor, promise, null))));
        return ExportTable.Of(query, Columns, rows);
    }
}

/// <summary>Who may have one promise, who was told, who received it.</summary>
public sealed class PromisePeopleExport(PromiseCatalogue catalogue, PromiseReading reading) : ListExport("promise-people", new("待遇对象", "People of a promise"), Permission.ReadPromises)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var township = query.Number("township");
        if (catalogue.Find(query.Word("key")) is not { } promise) return null;
        query.Show("待遇", "Promise", promise.Name);
        query.Show("依据", "Rule", promise.Rule);
        var columns = new Columns<JudgedPerson>()
            .Text("姓名", "Name", row => row.Person.Name, 10)
            .Text("身份证号码", "Identity number", row => row.Person.IdNumberMasked, 20)
            .Text("乡镇", "Township", row => row.Person.Township, 14)
            .Words("结论", "Verdict", row => row.Standing.Verdict.Name(), 10);
        for (var i = 0; i < promise.Conditions.Count; i++)
        {
            var at = i;
            columns.Words($"条件{at + 1}：{promise.Conditions[at].Name.Zh}", $"{at + 1}: {promise.Conditions[at].Name.En}", row => row.Standing.Conditions[at].Verdict.Name(), 20);
        }
        columns
            .Day("告知日期", "Told on", row => row.Person.ToldOn)
            .Day("申请日期", "Applied on", row => row.Person.Last(PromiseStepKind.Applied)?.On)
            .Day("领取日期", "Received on", row => row.Person.Last(PromiseStepKind.Received)?.On)
            .Money("领取金额", "Amount", row => row.Person.Last(PromiseStepKind.Received)?.Amount)
            .Text("文号", "Document", row => row.Person.Last(PromiseStepKind.Received)?.DocumentNo, 22)
            .Text("领取单位", "Recipient", row => row.Person.Last(PromiseStepKind.Received)?.Recipient, 22);
        return ExportTable.Of(query, columns, await reading.PeopleAsync(query.Actor, promise, township), promise.Name.In(query.Language));
    }
}
