namespace Voucher.Server.Register;

/// <summary>
/// What an institution is shown of its own trainees: whom it trains, not how they live. Page, API, export and training file all
/// go through here, and so do the filters: what is hidden cannot be asked for one by one either.
/// </summary>
public static class TraineeView
{
    private static readonly Words NotForInstitutions = new("本单位看不到这一项，不能按它筛选", "Not shown to an institution, so nothing can be filtered by it");

    public static bool SeesHouseholds(this Actor actor) => actor.May(Permission.ReadHouseholds);

    public static PersonSheet For(this PersonSheet person, Actor actor) => actor.SeesHouseholds() ? person : person with
    {
        CategoryText = "", HouseholdPlace = "", HouseholdKind = "", PledgedEmployer = "", HouseholdNumber = null, HouseholdId = null,
        Relation = "", LabourAbility = LabourAbility.NotStated, Employment = EmploymentState.NotStated, WishText = "", Village = null,
    };

    public static PersonLine For(this PersonLine person, Actor actor) => actor.SeesHouseholds() ? person : person with
    {
        CategoryText = "", Employment = EmploymentState.NotStated, Village = null,
    };

    /// <summary>The filter without what the actor may not ask for.</summary>
    public static PeopleFilter For(this PeopleFilter filter, Actor actor) => actor.SeesHouseholds() ? filter : new(filter.TownshipCode, NamePrefix: filter.NamePrefix);

    /// <summary>Whether a filter asks for what the actor is not shown.</summary>
    public static Words? ProblemOf(object? asked, Actor actor) => asked is null or "" || actor.SeesHouseholds() ? null : NotForInstitutions;
}
