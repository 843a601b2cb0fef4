using System.Globalization;
using Voucher.Server.Api;

namespace Voucher.Server.Register.Households;

/// <summary>A clerk plans for a household (一户一策): what it is after, measures with who and until when, and which are done.</summary>
public sealed class PlanHousehold(NpgsqlDataSource database, County county, TimeProvider clock)
{
    /// <param name="Responsible">Who sees to it.</param>
    public sealed record NewMeasure(string? Text, string? Responsible, DateOnly? DueOn);

    public Task<Outcome<Nothing>> SaveAsync(long household, string? plan, bool isRegistered, Actor actor)
    {
        var read = new FieldReader();
        var text = read.Text("plan", plan, HouseholdLine.LongestPlan, isOptional: true);
        return RunAsync(household, read, "household.plan", actor, async (connection, transaction) =>
        {
            await HouseholdPlanStore.SaveAsync(connection, transaction, household, text, isRegistered, clock.GetUtcNow());
            return Nothing.Value;
        });
    }

    public Task<Outcome<Nothing>> AddMeasureAsync(long household, NewMeasure wish, Actor actor)
    {
        var read = new FieldReader();
        var text = read.Text("text", wish.Text, HouseholdMeasure.LongestText);
        var responsible = read.Text("responsible", wish.Responsible, HouseholdMeasure.LongestResponsible);
        var dueOn = read.Day("dueOn", wish.DueOn);
        return RunAsync(household, read, "household.measure", actor, async (connection, transaction) =>
        {
            if (await HouseholdPlanStore.CountMeasuresAsync(connection, transaction, household) >= HouseholdMeasure.MostOfHousehold)
                return new List<FieldError> { new("text", new($"每户最多 {HouseholdMeasure.MostOfHousehold} 条措施", $"At most {HouseholdMeasure.MostOfHousehold} measures a household")) };
            await HouseholdPlanStore.AddMeasureAsync(connection, transaction, household, text, responsible, dueOn, actor.Account, clock.GetUtcNow());
            return Nothing.Value;
        });
    }

    public Task<Outcome<Nothing>> FinishMeasureAsync(long household, long measure, Actor actor) =>
        RunAsync(household, new FieldReader(), "household.measure-done", actor, async (connection, transaction) =>
            await HouseholdPlanStore.FinishMeasureAsync(connection, transaction, household, measure, CountyTime.DayOf(clock.GetUtcNow()), actor.Account)
                ? Nothing.Value
                : Refusal.Of(RefusalCode.NotFound));

    private async Task<Outcome<Nothing>> RunAsync(
        long household, FieldReader read, string deed, Actor actor, Func<NpgsqlConnection, NpgsqlTransaction, Task<Outcome<Nothing>>> write)
    {
        if (!actor.May(Permission.EditRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        if (read.Errors.Count > 0) return read.Errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!await HouseholdPlanStore.LockAsync(connection, transaction, county.Region, household)) return Refusal.Of(RefusalCode.NotFound);
        var outcome = await write(connection, transaction);
        if (outcome is not Outcome<Nothing>.Done) return outcome;
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, deed, string.Create(CultureInfo.InvariantCulture, $"household:{household}"), "",
            Ground.Under(Permission.EditRegister));
        await transaction.CommitAsync();
        return outcome;
    }
}
