namespace Voucher.Server.Classes;

/// <summary>
/// Who sees a trainee's name in full: the county, and the manager of the institution that teaches them (for the roster,
/// the attendance book and the record of results). The front desk needs only enough to recognise a person.
/// </summary>
public static class TraineeName
{
    public static string For(Actor actor, Trainee trainee) =>
        actor.IsCounty || actor.May(Permission.RecordAssessment) ? trainee.Name : PersonName.Masked(trainee.Name);
}
