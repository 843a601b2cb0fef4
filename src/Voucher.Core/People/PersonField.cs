namespace Voucher.Core.People;

/// <summary>What of a person the change history tells. Numbers are stored: they never change meaning.</summary>
public enum PersonField : short
{
    /// <summary>The first appearance in the register, whatever it brought.</summary>
    Created = 1,

    Name = 2,
    Education = 3,
    Phone = 4,
    Township = 5,
    HouseholdPlace = 6,
    HouseholdKind = 7,
    PledgedEmployer = 8,
    Categories = 9,
    HouseholdNumber = 10,
    Relation = 11,
    LabourAbility = 12,
    Village = 13,
    Employment = 14,
    WishTrades = 15,

    /// <summary>Put on a list by hand, or taken off it.</summary>
    List = 16,
}

public static class PersonFields
{
    public static Words Name(this PersonField field) => field switch
    {
        PersonField.Created => new("登记", "Registered"),
        PersonField.Name => new("姓名", "Name"),
        PersonField.Education => new("学历", "Education"),
        PersonField.Phone => new("联系电话", "Phone"),
        PersonField.Township => new("乡镇", "Township"),
        PersonField.HouseholdPlace => new("户口所在地", "Household place"),
        PersonField.HouseholdKind => new("户口性质", "Kind of household"),
        PersonField.PledgedEmployer => new("就业安排承诺单位", "Pledged employer"),
        PersonField.Categories => new("人员类别", "Categories"),
        PersonField.HouseholdNumber => new("户编号", "Household number"),
        PersonField.Relation => new("与户主关系", "Relation to the head"),
        PersonField.LabourAbility => new("劳动能力", "Labour ability"),
        PersonField.Village => new("村", "Village"),
        PersonField.Employment => new("就业状态", "Employment"),
        PersonField.WishTrades => new("培训意愿", "Wishes"),
        PersonField.List => new("名单", "List"),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "Unknown field."),
    };
}
