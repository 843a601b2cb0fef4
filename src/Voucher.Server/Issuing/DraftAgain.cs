namespace Voucher.Server.Issuing;

/// <summary>The form of a new batch as it begins when a batch that came to nothing is drafted again.</summary>
public static class DraftAgain
{
    /// <summary>Whether the batch came to nothing, or not to all it was to be.</summary>
    public static bool IsFor(Batch batch) => batch.Status is BatchStatus.Refused or BatchStatus.Cancelled or BatchStatus.Stopped;

    /// <summary>
    /// The same fields and the same choice. Where people were named, those people, by the number of the batch: a pasted list is kept
    /// nowhere, so it could not be pasted again. Days that are over, or longer than the rules now allow, give way; a choice that is no
    /// longer offered does not, and the page says what has become of it (<see cref="PastChoices"/>).
    /// </summary>
    /// <param name="validityDays">How long a voucher is valid at most.</param>
    public static NewBatchModel.BatchForm Form(Batch old, PeopleSelection chosen, DateOnly today, int validityDays)
    {
        var from = old.ValidFrom > today ? old.ValidFrom : today;
        var latest = from.AddDays(validityDays - 1);
        return new()
        {
            Name = old.Name, Kind = old.Kind.ToString(), Scope = old.Scope.Code, FaceValue = old.FaceValueFen.ToString(), BudgetLine = old.BudgetLineId.Value,
            ValidFrom = from, ValidUntil = old.ValidUntil >= from && old.ValidUntil <= latest ? old.ValidUntil : latest,
            OfBatch = chosen.People.Count > 0 || chosen.OfBatch is not null ? old.Id.Value : null,
            Everyone = chosen.Everyone, Townships = [.. chosen.Townships], Villages = [.. chosen.Villages], Categories = [.. chosen.Categories],
            Lists = [.. chosen.Lists], Employment = [.. chosen.Employment.Select(state => state.ToString())], Wishes = [.. chosen.Wishes],
            OnDemandList = chosen.OnDemandList,
        };
    }
}
