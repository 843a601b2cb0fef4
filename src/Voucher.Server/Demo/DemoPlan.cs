using Voucher.Core.Planning;
using Voucher.Server.Planning;

namespace Voucher.Server.Demo;

/// <summary>
/// The plan of text 004: 54,115 people in three years, 18,039 + 18,038 + 18,038. The text leaves the split over townships and
/// departments to the county; the one here is made up. The years begin with the year of loading, so that there is progress to see.
/// </summary>
public static class DemoPlan
{
    public const string DocumentNo = "东县府办发〔2020〕57号";
    public const string Title = "东乡县劳动力培训三年行动任务（示例分解，年度自装入之年起）";

    private static readonly int[] Years = [18_039, 18_038, 18_038];

    /// <summary>Departments that text 004, 四（二） names, each with a made-up share in a hundred; the first takes what is left.</summary>
    private static readonly (string Name, int Percent)[] Departments =
    [
        ("县人社局", 0), ("县教育局", 6), ("县农业农村局", 14), ("县职校", 12), ("团县委", 4), ("县妇联", 8), ("县商务局", 5), ("县园林绿化中心", 2), ("县林草中心", 3),
    ];

    /// <summary>Parents before their parts, numbered from −1 downwards.</summary>
    public static IReadOnlyList<Target> Targets(int firstYear)
    {
        List<Target> targets = [Root()];
        for (var i = 0; i < Years.Length; i++)
        {
            var year = Add(targets, targets[0], TargetSplit.Year, Years[i], target => target with { Year = firstYear + i });
            var departments = Departments.Select(department => Years[i] * department.Percent / 100).ToArray();
            departments[0] = Years[i] - departments.Sum();
            for (var d = 0; d < departments.Length; d++)
                Add(targets, year, TargetSplit.Department, departments[d], target => target with { Department = Departments[d].Name });
            AddTownships(targets, year);
        }
        return targets;
    }

    /// <summary>Towns get twice what townships get; the seat, 锁南镇, what is left, and is divided further by trade.</summary>
    private static void AddTownships(List<Target> targets, Target year)
    {
        var places = DemoPlaces.Townships;
        var weights = places.Select(place => place.Name.EndsWith('镇') ? 2 : 1).ToArray();
        var people = weights.Select(weight => year.People * weight / weights.Sum()).ToArray();
        people[0] += year.People - people.Sum();
        for (var t = 0; t < people.Length; t++)
        {
            var township = Add(targets, year, TargetSplit.Township, people[t], target => target with { Township = places[t].Code });
            if (t > 0) continue;
            var trades = DemoMenu.Trades;
            for (var i = 0; i < trades.Count; i++)
                Add(targets, township, TargetSplit.Programme, (people[t] / trades.Count) + (i == 0 ? people[t] % trades.Count : 0), target => target with { Scope = trades[i].Code });
        }
    }

    private static Target Root() => new(new(-1), null, TargetSplit.Whole, null, null, null, null, null, "", Years.Sum());

    private static Target Add(List<Target> targets, Target above, TargetSplit split, int people, Func<Target, Target> name)
    {
        var target = name(new Target(new(-1 - targets.Count), above.Id, split, null, null, null, null, null, "", people));
        targets.Add(target);
        return target;
    }

    /// <summary>Drafted by one demo person and approved by another; a county that has the document already keeps what it has.</summary>
    public static async Task LoadAsync(NpgsqlDataSource database, County county, Actor clerk, Actor approver, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        var isThere = await connection.ExecuteScalarAsync<bool>("select exists (select from plan where document_no = @DocumentNo)", new { DocumentNo });
        if (isThere) return;
        await using var transaction = await connection.BeginTransactionAsync();
        var year = CountyTime.DayOf(now).Year;
        var plans = new PlanStore(database, county);
        var plan = (await plans.InsertAsync(connection, transaction, DocumentNo, Title, year, year + Years.Length - 1, clerk, now))!.Value;
        await TargetStore.InsertAsync(connection, transaction, plan, Targets(year));
        await plans.ApproveAsync(connection, transaction, (await plans.LockAsync(connection, transaction, plan))!, approver, now);
        await transaction.CommitAsync();
    }
}
