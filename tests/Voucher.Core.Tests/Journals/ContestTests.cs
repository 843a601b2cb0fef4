using Voucher.Core.Journals;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Journals;

public sealed class ContestTests(ITestOutputHelper output)
{
    private const int Sets = 120_000;
    private const int Seed = 2026_11_23;

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 4, 0, 0, TimeSpan.Zero);

    private static VoucherId Voucher(int number) => new(new RegionCode(622926), (uint)number);

    /// <summary>Classes 1 and 2 are at the same time, class 3 comes after both, class 4 spans all.</summary>
    private static EnrolmentClaim Claim(int id, int voucher, int inClass, int from, int to, ClaimRuling ruling = ClaimRuling.Open)
    {
        var (first, last) = inClass switch { 3 => (10, 14), 4 => (0, 14), _ => (0, 4) };
        var day = new DateOnly(2026, 12, 1);
        return new EnrolmentClaim(
            new Guid(id, 0, 0, new byte[8]), Voucher(voucher), new ClassId(inClass), day.AddDays(first), day.AddDays(last),
            new TimeBounds(Noon.AddMinutes(from), Noon.AddMinutes(to)), ruling);
    }

    private static ClaimStanding[] Standings(params EnrolmentClaim[] claims)
    {
        var standing = Contest.Of(claims);
        return [.. claims.Select(claim => standing[claim.Id])];
    }

    [Fact]
    public void A_single_claim_holds() => Assert.Equal([ClaimStanding.Holds], Standings(Claim(1, 1, 1, 0, 10)));

    [Fact]
    public void The_earlier_of_two_that_do_not_overlap_wins() =>
        Assert.Equal([ClaimStanding.Lost, ClaimStanding.Holds], Standings(Claim(1, 1, 1, 11, 20), Claim(2, 1, 2, 0, 10)));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 20)]
    [InlineData(20, 30)]
    [InlineData(0, 100)]
    public void Where_intervals_touch_nobody_holds(int from, int to) =>
        Assert.Equal([ClaimStanding.InConflict, ClaimStanding.InConflict], Standings(Claim(1, 1, 1, 10, 20), Claim(2, 1, 2, from, to)));

    [Fact]
    public void What_stands_online_beats_an_earlier_claim() =>
        Assert.Equal([ClaimStanding.Lost, ClaimStanding.Holds], Standings(Claim(1, 1, 1, 0, 10), Claim(2, 1, 2, 50, 50, ClaimRuling.Stands)));

    [Fact]
    public void What_the_county_upholds_wins_and_what_it_rejects_is_nobodys_rival() => Assert.Equal(
        [ClaimStanding.Lost, ClaimStanding.Holds], Standings(Claim(1, 1, 1, 0, 10, ClaimRuling.Rejected), Claim(2, 1, 2, 5, 15)));

    [Fact]
    public void Several_claims_for_one_class_agree() =>
        Assert.Equal([ClaimStanding.Holds, ClaimStanding.Holds], Standings(Claim(1, 1, 1, 0, 10), Claim(2, 1, 1, 5, 15)));

    [Fact]
    public void One_person_with_two_vouchers_sits_in_one_class_at_a_time()
    {
        Assert.Equal([ClaimStanding.Holds, ClaimStanding.Lost], Standings(Claim(1, 1, 1, 0, 10), Claim(2, 2, 2, 11, 20)));
        Assert.Equal([ClaimStanding.InConflict, ClaimStanding.InConflict], Standings(Claim(1, 1, 1, 0, 10), Claim(2, 2, 1, 5, 20)));
        Assert.Equal([ClaimStanding.Holds, ClaimStanding.Holds], Standings(Claim(1, 1, 1, 0, 10), Claim(2, 2, 3, 5, 20)));
    }

    [Fact]
    public void Who_has_lost_anyway_brings_nobody_into_conflict() => Assert.Equal(
        [ClaimStanding.Holds, ClaimStanding.Lost, ClaimStanding.Holds], Standings(Claim(1, 1, 1, 0, 10), Claim(2, 1, 2, 11, 30), Claim(3, 1, 1, 20, 40)));

    [Fact]
    public void Who_comes_after_a_conflict_waits_with_it() => Assert.Equal(
        [ClaimStanding.InConflict, ClaimStanding.InConflict, ClaimStanding.InConflict], Standings(Claim(1, 1, 1, 0, 10), Claim(2, 1, 2, 5, 15), Claim(3, 1, 3, 30, 40)));

    [Fact]
    public void The_outcome_is_a_function_of_the_set_whatever_the_order_and_however_often_each_comes() => ForSets(2, (random, claims) =>
    {
        var told = Contest.Of(claims);
        var again = claims.Concat(claims.Where(_ => random.Next(2) == 0)).ToArray();
        random.Shuffle(again);
        return Same(told, Contest.Of(again));
    });

    [Fact]
    public void No_two_competing_claims_both_hold_unless_the_county_or_the_server_said_so() => ForSets(2, (_, claims) =>
    {
        var standing = Contest.Of(claims);
        var holders = claims.Where(claim => standing[claim.Id] == ClaimStanding.Holds).ToList();
        return !holders.Exists(one => holders.Exists(other =>
            one.Id != other.Id && one.CompetesWith(other) && !(one.Ruling == ClaimRuling.Stands && other.Ruling == ClaimRuling.Stands)));
    });

    [Fact]
    public void What_stands_holds_and_what_is_rejected_has_lost_and_whoever_competes_with_what_stands_has_lost() => ForSets(2, (_, claims) =>
    {
        var standing = Contest.Of(claims);
        return claims.All(claim => claim.Ruling switch
        {
            ClaimRuling.Stands => standing[claim.Id] == ClaimStanding.Holds,
            ClaimRuling.Rejected => standing[claim.Id] == ClaimStanding.Lost,
            _ => standing[claim.Id] == ClaimStanding.Lost || !claims.Any(other => other.Ruling == ClaimRuling.Stands && other.CompetesWith(claim)),
        });
    });

    [Fact]
    public void Of_two_open_claims_the_earlier_wins_and_overlapping_ones_are_both_in_conflict() => ForSets(2, (random, claims) =>
    {
        var open = claims.Where(claim => claim.Ruling == ClaimRuling.Open).Take(2).ToArray();
        if (open.Length < 2 || !open[0].CompetesWith(open[1])) return true;
        random.Shuffle(open);
        var expected = open[0].Bounds.To < open[1].Bounds.From ? (ClaimStanding.Holds, ClaimStanding.Lost)
            : open[1].Bounds.To < open[0].Bounds.From ? (ClaimStanding.Lost, ClaimStanding.Holds)
            : (ClaimStanding.InConflict, ClaimStanding.InConflict);
        var standing = Contest.Of(open);
        return (standing[open[0].Id], standing[open[1].Id]) == expected;
    });

    [Fact]
    public void A_claim_is_in_conflict_only_with_another_one_that_is() => ForSets(2, (_, claims) =>
    {
        var standing = Contest.Of(claims);
        return claims.Where(claim => standing[claim.Id] == ClaimStanding.InConflict)
            .All(claim => claims.Any(other => other.CompetesWith(claim) && standing[other.Id] == ClaimStanding.InConflict));
    });

    [Fact]
    public void Nobody_has_lost_without_somebody_who_holds_or_a_ruling() => ForSets(2, (_, claims) =>
    {
        var standing = Contest.Of(claims);
        return claims.Where(claim => claim.Ruling == ClaimRuling.Open && standing[claim.Id] == ClaimStanding.Lost)
            .All(claim => claims.Any(other => other.CompetesWith(claim) && standing[other.Id] == ClaimStanding.Holds));
    });

    /// <summary>Whoever delays an upload learns the server's time later: nobody gains by it.</summary>
    [Fact]
    public void Delay_makes_no_other_claim_win_each_standing_stays_or_becomes_a_conflict() => ForSets(2, (random, claims) =>
    {
        var before = Contest.Of(claims);
        var delayed = random.Next(claims.Length);
        var after = Contest.Of(claims.Select((claim, i) => i != delayed || claim.Ruling != ClaimRuling.Open ? claim
            : claim with { Bounds = claim.Bounds with { To = claim.Bounds.To.AddMinutes(random.Next(1, 60)) } }));
        return before.All(one => after[one.Key] == one.Value || after[one.Key] == ClaimStanding.InConflict);
    });

    private void ForSets(int vouchers, Func<Random, EnrolmentClaim[], bool> holds)
    {
        var random = new Random(Seed);
        var met = new Dictionary<ClaimStanding, int>();
        for (var set = 0; set < Sets; set++)
        {
            var claims = AnySet(random, vouchers);
            if (set % 10 == 0) Count(met, claims);
            if (!holds(random, claims)) Assert.Fail($"seed {Seed}, set {set}:\n{string.Join('\n', claims.Select(claim => $"{claim} {Contest.Of(claims)[claim.Id]}"))}");
        }
        output.WriteLine($"seed {Seed}: {Sets:N0} sets; {string.Join(", ", met.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value:N0}"))}");
        Assert.All(Enum.GetValues<ClaimStanding>(), standing => Assert.True(met.GetValueOrDefault(standing) > Sets / 200, $"{standing}: {met.GetValueOrDefault(standing)}"));
    }

    private static void Count(Dictionary<ClaimStanding, int> met, EnrolmentClaim[] claims)
    {
        foreach (var (_, standing) in Contest.Of(claims)) met[standing] = met.GetValueOrDefault(standing) + 1;
    }

    private static EnrolmentClaim[] AnySet(Random random, int vouchers) =>
        [.. Enumerable.Range(1, random.Next(1, 7)).Select(id =>
        {
            var from = random.Next(60);
            var ruling = random.Next(12) switch { 0 => ClaimRuling.Stands, 1 => ClaimRuling.Rejected, _ => ClaimRuling.Open };
            return Claim(id, random.Next(1, vouchers + 1), random.Next(1, 5), from, from + random.Next(25), ruling);
        })];

    private static bool Same(IReadOnlyDictionary<Guid, ClaimStanding> one, IReadOnlyDictionary<Guid, ClaimStanding> other) =>
        one.Count == other.Count && one.All(pair => other[pair.Key] == pair.Value);
}
