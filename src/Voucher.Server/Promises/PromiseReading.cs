using Voucher.Core.Promises;
using Voucher.Server.Register;

namespace Voucher.Server.Promises;

/// <summary>One person of a list, judged.</summary>
public sealed record JudgedPerson(PromisePerson Person, PromiseStanding Standing);

/// <summary>From who may have it to who has it. "May have" are those who meet every condition; whoever received it is among them or is a finding.</summary>
public sealed record PromiseFunnel(int Looked, int MayHave, int NotKnown, int Told, int Applied, int Received, Fen Amount)
{
    public static PromiseFunnel Of(IReadOnlyCollection<JudgedPerson> people)
    {
        int With(PromiseStepKind kind) => people.Count(each => each.Person.Last(kind) is not null);
        return new(
            people.Count, people.Count(each => each.Standing.Verdict == PromiseVerdict.Met), people.Count(each => each.Standing.Verdict == PromiseVerdict.NotKnown),
            people.Count(each => each.Person.ToldOn is not null), With(PromiseStepKind.Applied), With(PromiseStepKind.Received),
            people.SelectMany(each => each.Person.Steps).Aggregate(Fen.Zero, (sum, step) => sum + (step.Amount ?? Fen.Zero)));
    }
}

/// <summary>Reads people for a promise, and judges each purely from what is on record.</summary>
public sealed class PromiseReading(PromiseStore store, TimeProvider clock)
{
    public async Task<IReadOnlyList<JudgedPerson>> PeopleAsync(Actor actor, Promise promise, int? township, PersonId? only = null)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        return [.. (await store.PeopleAsync(promise, RegisterScope.Of(actor), township, only)).Select(person => new JudgedPerson(person, PromiseStanding.Of(promise, person.Facts, today)))];
    }
}
