using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Lists;

/// <summary>Every list with how many the reader sees of it; who is on one is the register's own export.</summary>
public sealed class ListsExport(ListStore lists, PersonStore people) : ListExport("lists", new("名单", "Lists"), Permission.ReadHouseholds)
{
    private sealed record Row(Words Name, Words Kind, int? Year, Words Definition, int People);

    private static readonly Columns<Row> Columns = new Columns<Row>()
        .Words("名单", "List", row => row.Name, 26)
        .Words("种类", "Kind", row => row.Kind)
        .Number("年度", "Year", row => row.Year)
        .Words("哪些人列入", "Who belongs on it", row => row.Definition, 50)
        .Tally("人数", "People", Unit.People, row => row.People);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var scope = RegisterScope.Of(query.Actor);
        List<Row> rows = [];
        foreach (var list in DerivedLists.All)
            rows.Add(new(list.Name(), new("自动生成", "Derived"), null, list.Definition(), (await people.PageAsync(scope, new(Derived: list), 1, 1)).Total));
        rows.AddRange((await lists.AllAsync(scope)).InOrder()
            .Select(list => new Row(new(list.Name, list.Name), list.Kind.Name(), list.Year, new(list.Definition, list.Definition), list.People)));
        return ExportTable.Of(query, Columns, rows);
    }
}
