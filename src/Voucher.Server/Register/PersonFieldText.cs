using System.Globalization;

namespace Voucher.Server.Register;

/// <summary>
/// Each field of a person as the text that the change history keeps: to compare two records, to show what was changed, and to
/// put an earlier value back.
/// </summary>
public static class PersonFieldText
{
    /// <summary>What the record says in the field, as the history writes it; a phone in full.</summary>
    public static string Of(PersonRecord person, PersonField field) => field switch
    {
        PersonField.Name => person.Name,
        PersonField.Education => person.Education,
        PersonField.Phone => person.Phone,
        PersonField.Township => $"{person.Township}",
        PersonField.HouseholdPlace => person.HouseholdPlace,
        PersonField.HouseholdKind => person.HouseholdKind,
        PersonField.PledgedEmployer => person.PledgedEmployer,
        PersonField.Categories => CategoryList.Join(person.Categories.Order(StringComparer.Ordinal)),
        PersonField.HouseholdNumber => person.HouseholdNumber,
        PersonField.Relation => person.Relation,
        PersonField.LabourAbility => $"{person.LabourAbility:D}",
        PersonField.Village => $"{person.Village}",
        PersonField.Employment => $"{person.Employment:D}",
        PersonField.WishTrades => string.Join(',', person.WishTrades.Order()),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "No field of the record."),
    };

    /// <summary>The record with the field as the text says.</summary>
    public static PersonRecord Put(PersonRecord person, PersonField field, string text) => field switch
    {
        PersonField.Name => person with { Name = text },
        PersonField.Education => person with { Education = text },
        PersonField.Phone => person with { Phone = text },
        PersonField.Township => person with { Township = text.Length == 0 ? null : Number(text) },
        PersonField.HouseholdPlace => person with { HouseholdPlace = text },
        PersonField.HouseholdKind => person with { HouseholdKind = text },
        PersonField.PledgedEmployer => person with { PledgedEmployer = text },
        PersonField.Categories => person with { Categories = CategoryList.Split(text) },
        PersonField.HouseholdNumber => person with { HouseholdNumber = text },
        PersonField.Relation => person with { Relation = text },
        PersonField.LabourAbility => person with { LabourAbility = (LabourAbility)Number(text) },
        PersonField.Village => person with { Village = PlaceCode.TryParse(text, out var village) ? village : null },
        PersonField.Employment => person with { Employment = (EmploymentState)Number(text) },
        PersonField.WishTrades => person with { WishTrades = TradeList.Split(text) },
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "No field of the record."),
    };

    /// <summary>Fields in which the two differ.</summary>
    public static IEnumerable<PersonField> Differences(PersonRecord before, PersonRecord after) =>
        OfRecord.Where(field => Of(before, field) != Of(after, field));

    private static readonly PersonField[] OfRecord =
        [.. Enum.GetValues<PersonField>().Where(field => field is not (PersonField.Created or PersonField.List))];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Several trades as one text, as they travel from the table's array.</summary>
public static class TradeList
{
    public static int[] Split(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(code => int.Parse(code, CultureInfo.InvariantCulture))];
}
