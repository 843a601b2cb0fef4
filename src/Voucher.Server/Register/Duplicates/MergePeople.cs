using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register.Duplicates;

/// <summary>
/// Two entries of the register become one person. Whoever holds a voucher stays; else who was there first. The other leaves the
/// register and points to them; lists and wishes move, and what the one lacks is taken from the other. Vouchers stay with
/// whom they were issued to: the paper is bound to that number.
/// </summary>
public sealed class MergePeople(PersonWriter writer, County county)
{
    public async Task<Refusal?> RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId one, PersonId other, ChangeCause cause, DateTimeOffset now)
    {
        var sides = await DecisionStore.LockSidesAsync(connection, transaction, county.Region, one, other, CountyTime.DayOf(now));
        if (sides.Count != 2 || sides.Any(side => side.IsGone)) return Refusal.Of(RefusalCode.DuplicateWrongStep, new Words("其中一人已不在登记册", "one of them has left the register"));
        if (sides.All(side => side.Live > 0)) return Refusal.Of(RefusalCode.BothHoldVouchers);
        var stays = sides.OrderByDescending(side => side.Live).ThenByDescending(side => side.Vouchers).ThenBy(side => side.Id.Value).First().Id;
        var leaves = sides.Single(side => side.Id != stays).Id;
        var known = (await PersonRowStore.LockAsync(connection, transaction, county.Region, [leaves])).Select(writer.Open).Single();
        await writer.AmendAsync(connection, transaction, [stays], (_, person) => Join(person, known), cause, now);
        await DecisionStore.MoveListsAsync(connection, transaction, leaves, stays);
        await DecisionStore.CopyHitsAsync(connection, transaction, leaves, stays);
        await DecisionStore.FollowAsync(connection, transaction, leaves, stays);
        await DepartureStore.WithdrawAsync(connection, transaction, county.Region, [leaves], stays, cause, now);
        return null;
    }

    /// <summary>The first, with the wishes and categories of both, and what only the second knows.</summary>
    public static PersonRecord Join(PersonRecord first, PersonRecord second) => first with
    {
        Education = Or(first.Education, second.Education),
        Phone = Or(first.Phone, second.Phone),
        HouseholdPlace = Or(first.HouseholdPlace, second.HouseholdPlace),
        HouseholdKind = Or(first.HouseholdKind, second.HouseholdKind),
        PledgedEmployer = Or(first.PledgedEmployer, second.PledgedEmployer),
        HouseholdNumber = Or(first.HouseholdNumber, second.HouseholdNumber),
        Relation = Or(first.Relation, second.Relation),
        Township = first.Township ?? second.Township,
        Village = first.Village ?? (second.Village?.Township == (first.Township ?? second.Township) ? second.Village : null),
        LabourAbility = first.LabourAbility == LabourAbility.NotStated ? second.LabourAbility : first.LabourAbility,
        Employment = first.Employment == EmploymentState.NotStated ? second.Employment : first.Employment,
        Categories = [.. first.Categories.Union(second.Categories, StringComparer.Ordinal).Take(PersonRecord.MostCategories)],
        WishTrades = [.. first.WishTrades.Union(second.WishTrades).Take(PersonRecord.MostWishes).Order()],
    };

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
