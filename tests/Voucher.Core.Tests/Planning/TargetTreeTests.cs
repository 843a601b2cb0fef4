using Voucher.Core.Planning;

namespace Voucher.Core.Tests.Planning;

public sealed class TargetTreeTests
{
    private static Target Node(long id, long? parent, TargetSplit split, int people, int? year = null, string? department = null, int? township = null, int? scope = null, string? item = null) =>
        new(new(id), parent is { } above ? new TargetId(above) : null, split, year, department, township, scope, item, "", people);

    /// <summary>Text 004: 54,115 = 18,039 + 18,038 + 18,038.</summary>
    [Fact]
    public void The_three_years_of_text_004_come_to_54115()
    {
        var tree = new TargetTree([Node(1, null, TargetSplit.Whole, 54_115), Node(2, 1, TargetSplit.Year, 18_039, 2020), Node(3, 1, TargetSplit.Year, 18_038, 2021), Node(4, 1, TargetSplit.Year, 18_038, 2022)]);
        Assert.Empty(tree.Differences());
    }

    [Fact]
    public void A_year_is_the_part_of_the_whole_and_not_that_of_its_departments_again()
    {
        var tree = new TargetTree([
            Node(1, null, TargetSplit.Whole, 100), Node(2, 1, TargetSplit.Year, 60, 2020), Node(3, 1, TargetSplit.Year, 40, 2021),
            Node(4, 1, TargetSplit.Department, 100, department: "县人社局"), Node(5, 4, TargetSplit.Year, 60, 2020), Node(6, 4, TargetSplit.Year, 40, 2021)]);
        Assert.Equal(2, tree.OfYear(2020, isOnlyYear: false)!.Id.Value);
        Assert.Null(tree.OfYear(2022, isOnlyYear: false));
        Assert.Equal(7, new TargetTree([Node(7, null, TargetSplit.Whole, 5)]).OfYear(2020, isOnlyYear: true)!.Id.Value);
    }

    [Fact]
    public void A_sum_that_differs_is_named_with_both_figures_at_the_level_where_it_differs()
    {
        var tree = new TargetTree([
            Node(1, null, TargetSplit.Whole, 100), Node(2, 1, TargetSplit.Year, 60, 2020), Node(3, 1, TargetSplit.Year, 40, 2021),
            Node(4, 2, TargetSplit.Township, 30, township: 622926100), Node(5, 2, TargetSplit.Township, 29, township: 622926101)]);
        var difference = Assert.Single(tree.Differences());
        Assert.Equal((2, TargetSplit.Township, 60, 59), (difference.Target.Id.Value, difference.Split, difference.Stated, difference.Sum));
    }

    [Fact]
    public void Each_way_of_dividing_one_target_sums_to_it_by_itself()
    {
        Target[] nodes = [
            Node(1, null, TargetSplit.Whole, 100),
            Node(2, 1, TargetSplit.Department, 70, department: "县人社局"), Node(3, 1, TargetSplit.Department, 30, department: "县妇联"),
            Node(4, 1, TargetSplit.Township, 100, township: 622926100)];
        Assert.Empty(new TargetTree(nodes).Differences());
        nodes[3] = nodes[3] with { People = 30 };
        Assert.Equal(TargetSplit.Township, Assert.Single(new TargetTree(nodes).Differences()).Split);
    }

    [Fact]
    public void A_target_is_about_all_that_stands_above_it()
    {
        var tree = new TargetTree([
            Node(1, null, TargetSplit.Whole, 9), Node(2, 1, TargetSplit.Year, 9, 2020), Node(3, 2, TargetSplit.Department, 9, department: "县妇联"),
            Node(4, 3, TargetSplit.Township, 9, township: 622926100), Node(5, 4, TargetSplit.Programme, 9, scope: 1014)]);
        Assert.Equal(new TargetPlace(2020, "县妇联", 622926100, 1014), tree.PlaceOf(tree.Find(new(5))!));
        Assert.Equal([1L, 2, 3, 4, 5], tree.PathTo(tree.Find(new(5))!).Select(step => step.Id.Value));
    }

    [Fact]
    public void An_action_without_a_programme_is_not_counted_by_vouchers_nor_is_anything_under_it()
    {
        var tree = new TargetTree([
            Node(1, null, TargetSplit.Whole, 9), Node(2, 1, TargetSplit.Item, 5, item: "雨露计划"), Node(3, 1, TargetSplit.Item, 4, item: "创业培训", scope: 6),
            Node(4, 2, TargetSplit.Township, 5, township: 622926100)]);
        Assert.Equal([false, true, false], new[] { 2, 3, 4 }.Select(id => tree.PlaceOf(tree.Find(new(id))!).IsOwnCount));
    }

    [Fact]
    public void Two_wholes_and_a_target_in_the_air_are_no_tree()
    {
        Assert.Throws<ArgumentException>(() => new TargetTree([Node(1, null, TargetSplit.Whole, 1), Node(2, null, TargetSplit.Whole, 1)]));
        Assert.Throws<ArgumentException>(() => new TargetTree([Node(1, null, TargetSplit.Whole, 1), Node(2, 7, TargetSplit.Year, 1, 2020)]));
        Assert.Throws<ArgumentException>(() => new TargetTree([]));
    }

    /// <summary>Random trees whose parents are made of their parts add up; one figure moved anywhere is named exactly where it shows.</summary>
    [Fact]
    public void A_tree_built_from_its_leaves_adds_up_until_any_one_figure_moves()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var nodes = Grow(random);
            Assert.Empty(new TargetTree(nodes).Differences());
            var moved = random.Next(nodes.Count);
            nodes[moved] = nodes[moved] with { People = nodes[moved].People + 1 };
            var tree = new TargetTree(nodes);
            var target = nodes[moved];
            var expected = tree.SplitsOf(target).Select(split => (target.Id, split))
                .Concat(target.Parent is { } parent ? [(parent, target.Split)] : Array.Empty<(TargetId, TargetSplit)>());
            Assert.Equal(expected.ToHashSet(), tree.Differences().Select(difference => (difference.Target.Id, difference.Split)).ToHashSet());
        }
    }

    private static List<Target> Grow(Random random)
    {
        List<Target> nodes = [Node(1, null, TargetSplit.Whole, 0)];
        for (var i = 0; i < nodes.Count && nodes.Count < 60; i++)
        {
            foreach (var split in new[] { TargetSplit.Year, TargetSplit.Township })
            {
                if (random.Next(3) == 0) continue;
                for (var part = random.Next(1, 4); part > 0; part--)
                    nodes.Add(Node(nodes.Count + 1, nodes[i].Id.Value, split, 0, split == TargetSplit.Year ? 2020 + part : null, township: split == TargetSplit.Township ? 622926100 + part : null));
            }
        }
        // From the top down: a target is drawn, then shared out among the parts of each of its ways.
        nodes[0] = nodes[0] with { People = random.Next(1_000) };
        for (var i = 0; i < nodes.Count; i++)
            foreach (var way in nodes.Where(node => node.Parent == nodes[i].Id).GroupBy(node => node.Split).ToList())
            {
                var left = nodes[i].People;
                var parts = way.ToList();
                for (var p = 0; p < parts.Count; p++)
                {
                    var share = p == parts.Count - 1 ? left : random.Next(left + 1);
                    left -= share;
                    nodes[nodes.IndexOf(parts[p])] = parts[p] with { People = share };
                }
            }
        return nodes;
    }
}
