using Voucher.Core.People;
using Voucher.Core.Regions;
using Voucher.Server.Register;

namespace Voucher.Server.Tests.Register;

public sealed class PersonStatementTests
{
    private static readonly IdNumber Number = IdNumber.Parse("11010519491231002X");

    private static readonly PersonRecord Known = new(Number, "马小梅", "初中", "15400000001", 622_926_100, "", "", "", ["妇女"])
    {
        HouseholdNumber = "H1", Relation = "户主", LabourAbility = LabourAbility.Usual, Village = new PlaceCode(622_926_100_201),
        Employment = EmploymentState.Farming, WishTrades = [1, 4],
    };

    private static readonly PersonStatement Silent = new(Number, "马小梅", null, null, SaysTownship: false, null, null, null, null, null);

    [Fact]
    public void A_source_that_says_nothing_of_a_field_leaves_it() => Assert.Empty(PersonFieldText.Differences(Known, Silent.Over(Known)));

    [Fact]
    public void A_village_says_its_township()
    {
        var moved = (Silent with { SaysVillage = true, Village = new PlaceCode(622_926_101_203) }).Over(Known);
        Assert.Equal((622_926_101, 622_926_101_203), (moved.Township!.Value, moved.Village!.Value.Value));
    }

    [Fact]
    public void Who_moves_to_another_township_leaves_the_village()
    {
        var moved = (Silent with { SaysTownship = true, Township = 622_926_102 }).Over(Known);
        Assert.Equal([PersonField.Township, PersonField.Village], PersonFieldText.Differences(Known, moved));
        Assert.Null(moved.Village);
    }

    [Fact]
    public void An_empty_field_empties()
    {
        var emptied = (Silent with { HouseholdNumber = "", LabourAbility = LabourAbility.NotStated, WishTrades = [], Phone = "" }).Over(Known);
        Assert.Equal(
            [PersonField.Phone, PersonField.HouseholdNumber, PersonField.LabourAbility, PersonField.WishTrades],
            PersonFieldText.Differences(Known, emptied));
    }

    /// <summary>What undoing an import rests on.</summary>
    [Fact]
    public void Every_difference_can_be_put_back_from_its_text()
    {
        var other = (Silent with
        {
            Name = "马梅", Education = "高中", Phone = "15400000002", HouseholdPlace = "河滩", HouseholdKind = "非农", PledgedEmployer = "厂",
            Categories = ["青年", "残疾"], HouseholdNumber = "H2", Relation = "子女", LabourAbility = LabourAbility.Weak, SaysVillage = true,
            Village = new PlaceCode(622_926_101_203), Employment = EmploymentState.AwayAtWork, WishTrades = [8],
        }).Over(Known);
        var fields = PersonFieldText.Differences(Known, other).ToList();
        // First appearance, lists and leaving the register are no fields of the record.
        PersonField[] others = [PersonField.Created, PersonField.List, PersonField.Standing];
        Assert.Equal(Enum.GetValues<PersonField>().Except(others).Order(), fields.Order());
        var back = fields.Aggregate(other, (person, field) => PersonFieldText.Put(person, field, PersonFieldText.Of(Known, field)));
        Assert.Equal(Known.ContentText(), back.ContentText());
        Assert.NotEqual(Known.ContentText(), other.ContentText());
    }

    [Fact]
    public void People_written_before_the_newer_fields_are_still_recognised() =>
        Assert.Equal(
            "马小梅\u001f初中\u001f\u001f\u001f\u001f\u001f\u001f妇女",
            (Silent with { Education = "初中", Categories = ["妇女"] }).Over(null).ContentText());
}
