using Voucher.Core.Promises;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Register;

namespace Voucher.Server.Promises;

/// <summary>A step with what is written down of it.</summary>
/// <param name="Year">Of a yearly promise; 0 otherwise.</param>
/// <param name="Recipient">Who got the money where it is not the person.</param>
public sealed record NewStep(int Year, PromiseStep Step, PromiseTelling How, string Recipient, string DocumentNo);

/// <summary>A step as typed; amounts in yuan.</summary>
public sealed record StepForm(string? Step, int? Year, DateOnly? On, string? How, string? Amount, string? Recipient, string? DocumentNo);

/// <summary>A fact as typed.</summary>
public sealed record FactForm(string? Kind, bool Holds, DateOnly? Since, DateOnly? Until, string? Note, string? DocumentNo);

/// <summary>A clerk records facts, who was told, who applied, who received; and annuls a wrong entry with a reason. Nothing is paid here.</summary>
public sealed class RecordPromises(
    NpgsqlDataSource database, PromiseCatalogue catalogue, PromiseStore store, PolicyStore policies, County county, TimeProvider clock)
{
    public const int LongestDocumentNo = 60;
    public const int LongestRecipient = 60;
    public const int LongestNote = 100;
    public const int LongestReason = 200;

    /// <summary>People told at once, from one list.</summary>
    public const int MostAtOnce = 500;

    public async Task<Outcome<Nothing>> FactAsync(Actor actor, string? key, PersonId person, FactForm form)
    {
        var read = new FieldReader();
        var kind = OneOf<PromiseFactKind>(read, "kind", form.Kind);
        var since = form.Since is null ? (DateOnly?)null : read.Day("since", form.Since);
        var until = form.Until is null ? (DateOnly?)null : read.Day("until", form.Until);
        var note = read.Text("note", form.Note, LongestNote, isOptional: true);
        var document = read.Text("documentNo", form.DocumentNo, LongestDocumentNo);
        if (until is not null && (since is null || until < since)) read.Fault("until", new("不能早于起始日", "Must not be before the first day"));
        if (read.Errors.Count > 0) return read.Errors;
        if (catalogue.Find(key) is not { } promise || await OneAsync(actor, promise, person) is null) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PromiseStore.AddFactAsync(connection, transaction, county.Region, person, new PromiseFact(kind, form.Holds, since, until, note, document), actor, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "promise.fact", $"person:{person}", $"{kind} {form.Holds} {document}", document);
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    public async Task<Outcome<Nothing>> StepAsync(Actor actor, string? key, PersonId person, StepForm form)
    {
        if (catalogue.Find(key) is not { } promise || await OneAsync(actor, promise, person) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var (step, errors) = Read(promise, form, CountyTime.DayOf(now));
        if (errors.Count > 0) return errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await WriteAsync(connection, transaction, actor, promise, known, step!, now) is { } refusal) return refusal;
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    /// <summary>Everybody chosen was told on one day in one way; who was told before is passed over.</summary>
    /// <returns>How many were told now.</returns>
    public async Task<Outcome<int>> TellAsync(Actor actor, string? key, IReadOnlyCollection<long>? people, DateOnly? on, string? how)
    {
        if (catalogue.Find(key) is not { } promise) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var (step, errors) = Read(promise, new StepForm(nameof(PromiseStepKind.Told), CountyTime.DayOf(now).Year, on, how, null, null, null), CountyTime.DayOf(now));
        if (people is null or { Count: 0 or > MostAtOnce }) errors.Add(new("people", new($"请选择 1 至 {MostAtOnce} 人", $"Choose 1 to {MostAtOnce} people")));
        if (errors.Count > 0) return errors;
        var chosen = people!.ToHashSet();
        var known = (await store.PeopleAsync(promise, RegisterScope.Of(actor), null)).Where(person => chosen.Contains(person.Id.Value)).OrderBy(person => person.Id.Value);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var told = 0;
        foreach (var person in known)
            if (await PromiseStore.AddStepAsync(connection, transaction, county.Region, promise, person.Id, step!, actor, now)) told++;
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "promise.tell", $"promise:{promise.Key}", $"{told} people, {step!.How}",
            Ground.Under(Permission.RecordPromises));
        await transaction.CommitAsync();
        return told;
    }

    public async Task<Outcome<Nothing>> AnnulAsync(Actor actor, long step, string? reason)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, LongestReason);
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!await PromiseStore.AnnulAsync(connection, transaction, county.Region, step, why, actor, now)) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "promise.annul", $"promise-step:{step}", "", why);
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    /// <summary>One step within a transaction: the person's lock, the decision, the row, the trail.</summary>
    internal async Task<Refusal?> WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, Promise promise, PromisePerson person, NewStep step, DateTimeOffset now)
    {
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        if (!await PromiseStore.HoldPersonAsync(connection, transaction, person.Id)) return Refusal.Of(RefusalCode.NotFound);
        var before = (await PromiseStore.StepsAsync(connection, transaction, [person.Id.Value], promise.Key))
            .Where(earlier => earlier.AnnulReason is null && earlier.Kind == PromiseStepKind.Received && earlier.Year == step.Year)
            .Select(earlier => new PromiseReceipt(earlier.On, earlier.DocumentNo)).FirstOrDefault();
        var standing = PromiseStanding.Of(promise, person.Facts, CountyTime.DayOf(now));
        if (PromiseSteps.Refuse(promise, standing, before, step.Step, policy) is { } refusal) return refusal;
        // Told or applied a second time changes nothing.
        if (!await PromiseStore.AddStepAsync(connection, transaction, county.Region, promise, person.Id, step, actor, now)) return null;
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "promise.step", $"promise:{promise.Key}",
            $"person {person.Id}, {step.Step.Kind}{(step.Step.Amount is { } amount ? $", {amount.Value} fen" : "")}",
            Ground.Given(step.DocumentNo, Permission.RecordPromises));
        return null;
    }

    internal async Task<PromisePerson?> OneAsync(Actor actor, Promise promise, PersonId person) =>
        (await store.PeopleAsync(promise, RegisterScope.Of(actor), null, person)).SingleOrDefault();

    internal static (NewStep? Step, List<FieldError> Errors) Read(Promise promise, StepForm form, DateOnly today)
    {
        var read = new FieldReader();
        var kind = OneOf<PromiseStepKind>(read, "step", form.Step);
        var on = read.Day("on", form.On);
        if (read.IsClean("on") && on > today) read.Fault("on", new("不能晚于今天", "Not after today"));
        var year = promise.IsYearly ? read.Number("year", form.Year, 2016, 2100) : 0;
        var how = kind == PromiseStepKind.Told ? OneOf<PromiseTelling>(read, "how", form.How) : PromiseTelling.None;
        if (kind == PromiseStepKind.Told && read.IsClean("how") && how == PromiseTelling.None) read.Fault("how", new("请选择告知方式", "Choose how"));
        Fen? amount = null;
        if (kind == PromiseStepKind.Received)
        {
            if (Fen.TryParseYuan(form.Amount, out var typed) && typed > Fen.Zero) amount = typed;
            else read.Fault("amount", new("请填写金额（元）", "Give the amount in yuan"));
        }
        var document = read.Text("documentNo", form.DocumentNo, LongestDocumentNo, isOptional: kind != PromiseStepKind.Received);
        var recipient = read.Text("recipient", form.Recipient, LongestRecipient, isOptional: kind != PromiseStepKind.Received || !promise.ToEmployer);
        return read.Errors.Count > 0 ? (null, read.Errors) : (new NewStep(year, new PromiseStep(kind, on, amount), how, recipient, document), read.Errors);
    }

    private static T OneOf<T>(FieldReader read, string field, string? given) where T : struct, Enum
    {
        foreach (var choice in Enum.GetValues<T>())
            if (choice.ToString() == given) return choice;
        read.Fault(field, new("请选择一项", "Choose one"));
        return default;
    }
}
