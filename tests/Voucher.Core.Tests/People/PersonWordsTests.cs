using Voucher.Core.People;

namespace Voucher.Core.Tests.People;

public sealed class PersonWordsTests
{
    [Fact]
    public void Every_labour_ability_is_read_back_from_its_own_name() =>
        Assert.All(LabourAbilities.All.Skip(1), ability => Assert.Equal(ability, LabourAbilities.Read(ability.Name().Zh)));

    [Fact]
    public void Every_employment_state_is_read_back_from_its_own_name() =>
        Assert.All(EmploymentStates.All.Skip(1), state => Assert.Equal(state, EmploymentStates.Read(state.Name().Zh)));

    [Theory]
    [InlineData("", LabourAbility.NotStated)]
    [InlineData(" 普通 ", LabourAbility.Usual)]
    [InlineData("半劳动力", LabourAbility.Weak)]
    [InlineData("有一点", null)]
    public void What_people_write_of_labour_ability_is_understood_or_refused(string text, LabourAbility? ability) =>
        Assert.Equal(ability, LabourAbilities.Read(text));

    [Theory]
    [InlineData("", EmploymentState.NotStated)]
    [InlineData("公益岗位", EmploymentState.WelfarePost)]
    [InlineData("转移就业", EmploymentState.AwayAtWork)]
    [InlineData("退休", null)]
    public void What_people_write_of_employment_is_understood_or_refused(string text, EmploymentState? state) =>
        Assert.Equal(state, EmploymentStates.Read(text));

    [Fact]
    public void Every_field_of_the_history_has_a_name_in_both_languages() =>
        Assert.All(Enum.GetValues<PersonField>(), field => Assert.NotEqual("", field.Name().Zh + field.Name().En));
}
