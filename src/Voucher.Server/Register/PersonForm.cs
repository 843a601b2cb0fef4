using Voucher.Server.Api;

namespace Voucher.Server.Register;

/// <summary>What a clerk corrects of a person by hand, as typed. The identity number is not among it.</summary>
/// <param name="Phone">A new one; empty leaves the one on record, which is never shown in full.</param>
/// <param name="DropPhone">The person has no phone any more.</param>
/// <param name="Village">Twelve digits; says the township too.</param>
/// <param name="Categories">Separated by 、 or a comma.</param>
/// <param name="LabourAbility">A name of <see cref="Core.People.LabourAbility"/>.</param>
/// <param name="Employment">A name of <see cref="EmploymentState"/>.</param>
/// <param name="Changes">How many changes the person had had when the form was opened: what came since is not overwritten unseen.</param>
public sealed record PersonForm(
    string? Name, string? Education, string? Phone, bool? DropPhone, int? Township, long? Village, string? HouseholdPlace, string? HouseholdKind,
    string? PledgedEmployer, string? Categories, string? HouseholdNumber, string? Relation, string? LabourAbility, string? Employment,
    int[]? WishTrades, string? Reason, int? Changes = null)
{
    public static readonly PersonForm Empty = new(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    public static PersonForm Of(PersonRecord person, int changes) => new(
        person.Name, person.Education, Phone: null, DropPhone: false, person.Township, person.Village?.Value, person.HouseholdPlace, person.HouseholdKind,
        person.PledgedEmployer, string.Join('、', person.Categories), person.HouseholdNumber, person.Relation,
        person.LabourAbility.ToString(), person.Employment.ToString(), [.. person.WishTrades], Reason: null, changes);

    /// <summary>The statement that the form makes of the holder of the number; whether places and trades are there is for the store to say.</summary>
    public PersonStatement Read(IdNumber number, FieldReader read)
    {
        var name = Importing.PersonNames.Normalise(read.Text("name", Name, PersonName.LongestLength));
        if (read.IsClean("name") && !Importing.PersonNames.IsName(name)) read.Fault("name", new("含有数字或符号", "Holds digits or symbols"));
        var phone = DropPhone == true ? "" : string.IsNullOrWhiteSpace(Phone) ? null : PhoneNumber.Read(read.Text("phone", Phone, 30, isOptional: true));
        if (phone is null && !string.IsNullOrWhiteSpace(Phone) && read.IsClean("phone"))
            read.Fault("phone", new("不是11位手机号，也不是带区号的固定电话", "Neither a mobile number of 11 digits nor a landline with its area code"));
        if (Township is < 0) read.Fault("township", new("请选择乡镇", "Choose a township"));
        var household = read.Text("householdNumber", HouseholdNumber, PersonRecord.LongestHouseholdNumber, isOptional: true);
        return new PersonStatement(
            number, name, read.Text("education", Education, PersonRecord.LongestEducation, isOptional: true), phone, SaysTownship: true, Township,
            read.Text("householdPlace", HouseholdPlace, PersonRecord.LongestHouseholdPlace, isOptional: true),
            read.Text("householdKind", HouseholdKind, PersonRecord.LongestHouseholdKind, isOptional: true),
            read.Text("pledgedEmployer", PledgedEmployer, PersonRecord.LongestPledgedEmployer, isOptional: true),
            ReadCategories(read))
        {
            HouseholdNumber = household, Relation = read.Text("relation", Relation, PersonRecord.LongestRelation, isOptional: true),
            LabourAbility = Choice<LabourAbility>(read, "labourAbility", LabourAbility), Employment = Choice<EmploymentState>(read, "employment", Employment),
            SaysVillage = true, Village = ReadVillage(read), WishTrades = Wishes.Read(read, WishTrades),
        };
    }

    private string[] ReadCategories(FieldReader read)
    {
        var text = read.Text("categories", Categories, PersonRecord.MostCategories * (PersonRecord.LongestCategory + 1), isOptional: true);
        var categories = CategoryNames.Split(text).Distinct(StringComparer.Ordinal).ToArray();
        if (categories.Length > PersonRecord.MostCategories || categories.Any(category => category.EnumerateRunes().Count() > PersonRecord.LongestCategory))
            read.Fault("categories", new($"最多 {PersonRecord.MostCategories} 类，每类最多 {PersonRecord.LongestCategory} 字", $"At most {PersonRecord.MostCategories}, of {PersonRecord.LongestCategory} characters each"));
        if (text.Any(char.IsControl)) read.Fault("categories", new("含有不可用的字符", "Contains characters that cannot be used"));
        return categories;
    }

    private PlaceCode? ReadVillage(FieldReader read)
    {
        if (Village is not { } typed || typed == 0) return null;
        if (PlaceCode.IsPossible(typed) && new PlaceCode(typed) is { IsVillage: true } village && (Township is null || Township == village.Township)) return village;
        read.Fault("village", new("不是所选乡镇的村", "Not a village of the township"));
        return null;
    }

    private static T Choice<T>(FieldReader read, string field, string? typed) where T : struct, Enum
    {
        if (string.IsNullOrEmpty(typed)) return default;
        foreach (var value in Enum.GetValues<T>())
            if (value.ToString() == typed) return value;
        read.Fault(field, new("请从列表中选择", "Choose from the list"));
        return default;
    }
}
