using Voucher.Server.Register.Changes;
using Voucher.Server.Register.Lists;

namespace Voucher.Server.Register.TrainingFiles;

/// <summary>Draws up a person's training file as far as the asker may see it.</summary>
public sealed class ReadTrainingFile(PersonStore people, TrainingFileStore parts, ListStore lists, ChangeStore changes)
{
    /// <summary><c>null</c> when the asker sees no such person.</summary>
    public async Task<TrainingFile?> OfAsync(PersonId id, Actor actor)
    {
        var scope = RegisterScope.Of(actor);
        if (await people.GetAsync(scope, id) is not { } person) return null;
        var isCounty = actor.May(Permission.ReadWholeRegister);
        var isAuthority = actor.May(Permission.ReadHouseholds);
        return new TrainingFile(
            person.For(actor), await people.MergingAsync(scope, person),
            await parts.VouchersAsync(scope, id), await parts.ClassesAsync(scope, id), await parts.SpotChecksAsync(scope, id),
            isCounty ? await parts.HoldsAsync(scope, id) : [],
            isCounty ? await parts.MatchesAsync(scope, id) : [],
            isAuthority ? await lists.OfPersonAsync(id) : [],
            isAuthority ? await changes.OfPersonAsync(id, page: 1, ChangesShown) : []);
    }

    /// <summary>The newest; the rest is on a page of its own.</summary>
    private const int ChangesShown = 20;
}
