using Voucher.Core.Promises;
using Voucher.Server.Register;

namespace Voucher.Server.Promises;

/// <summary>A step on record.</summary>
public sealed record RecordedStep(
    long Id, string Promise, PersonId Person, int Year, PromiseStepKind Kind, DateOnly On, PromiseTelling How, Fen? Amount, string Recipient, string DocumentNo,
    string RecordedBy, DateTimeOffset RecordedAt, string? AnnulReason);

/// <summary>One person with what is on record for a promise.</summary>
/// <param name="CardOn">When a policy card (明白卡) was handed over with a voucher, by the delivery record.</param>
/// <param name="Steps">Of the promise, without what was annulled, oldest first.</param>
public sealed record PromisePerson(
    PersonId Id, string Name, string IdNumberMasked, string? Township, PromiseFacts Facts, DateOnly? CardOn, IReadOnlyList<RecordedStep> Steps)
{
    public RecordedStep? Last(PromiseStepKind kind) => Steps.LastOrDefault(step => step.Kind == kind);
    public DateOnly? ToldOn => Last(PromiseStepKind.Told)?.On ?? CardOn;
}

/// <summary>Reads and writes facts and steps. Whose people an actor sees, <see cref="RegisterScope"/> says.</summary>
public sealed class PromiseStore(NpgsqlDataSource database, County county)
{
    /// <summary>People of one promise who are looked at; beyond this a township must be chosen.</summary>
    public const int MostPeople = 20_000;

    private sealed record PersonRow(PersonId Id, string Name, string IdNumberMasked, string? Township, bool? IsRegistered, Array Categories, DateOnly? CardOn);

    private sealed record FactRow(PersonId Person, int Kind, bool Holds, DateOnly? Since, DateOnly? Until, string Note, string DocumentNo);

    private sealed record StepRow(
        long Id, string Promise, PersonId Person, int Year, int Step, DateOnly DoneOn, int How, Fen? AmountFen, string Recipient, string DocumentNo,
        string RecordedBy, DateTimeOffset RecordedAt, string? AnnulReason);

    /// <summary>Everybody of whom something is on record for the promise, or whose employment says to look, by township and name.</summary>
    public async Task<IReadOnlyList<PromisePerson>> PeopleAsync(Promise promise, RegisterScope scope, int? township, PersonId? only = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        var kinds = promise.Conditions.Where(condition => condition.Fact is not null).Select(condition => (short)condition.Fact!.Value).ToArray();
        var rows = (await connection.QueryAsync<PersonRow>($"""
            select p.id, p.name, p.id_number_masked, t.name as township, h.is_registered, p.categories,
                   (select min((d.at at time zone 'Asia/Shanghai')::date) from delivery d join voucher v on v.id = d.voucher_id where v.person_id in {KnownAs.Row} and d.items & 1 = 1) as card_on
            from person p
            left join township t on t.code = p.township_code
            left join household h on h.region = p.region and h.number = p.household_number
            where {RegisterScope.OfPeople} and p.withdrawn_at is null and (@township::int is null or p.township_code = @township)
              and case when @only::bigint is not null then p.id = @only
                  else p.employment = @employment
                    or exists (select from promise_fact f where f.person_id = p.id and f.kind = any(@kinds))
                    or exists (select from promise_step s where s.person_id = p.id and s.promise = @Key and s.annulled_at is null)
                    or exists (select from person e join promise_fact f on f.person_id = e.id where e.merged_into = p.id and f.kind = any(@kinds))
                    or exists (select from person e join promise_step s on s.person_id = e.id where e.merged_into = p.id and s.promise = @Key and s.annulled_at is null) end
            order by t.name nulls last, p.name, p.id limit @MostPeople
            """,
            new
            {
                county.Region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution, township, only = only?.Value, kinds, promise.Key, MostPeople,
                employment = (short?)promise.Employment ?? -1,
            })).ToList();
        var ids = rows.Select(row => row.Id.Value).ToArray();
        var facts = (await connection.QueryAsync<FactRow>("""
            select distinct on (coalesce(e.merged_into, e.id), f.kind)
                   coalesce(e.merged_into, e.id) as person, f.kind::int as kind, f.holds, f.since, f.until, f.note, f.document_no
            from person e join promise_fact f on f.person_id = e.id
            where e.id = any(@ids) or e.merged_into = any(@ids) order by coalesce(e.merged_into, e.id), f.kind, f.id desc
            """, new { ids })).ToLookup(row => row.Person);
        var steps = (await StepsAsync(connection, null, ids, promise.Key)).Where(step => step.AnnulReason is null).ToLookup(step => step.Person);
        return [.. rows.Select(row => new PromisePerson(
            row.Id, row.Name, row.IdNumberMasked, row.Township,
            new PromiseFacts(row.IsRegistered, [.. row.Categories.Cast<string>()], [.. facts[row.Id].Select(fact => new PromiseFact((PromiseFactKind)fact.Kind, fact.Holds, fact.Since, fact.Until, fact.Note, fact.DocumentNo))]),
            row.CardOn, [.. steps[row.Id]]))];
    }

    /// <summary>Of all promises, annulled ones too, oldest first.</summary>
    public async Task<IReadOnlyList<RecordedStep>> StepsOfPersonAsync(PersonId person)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await StepsAsync(connection, null, [person.Value], null);
    }

    /// <summary>Steps of the people, and of entries that were merged into theirs: whoever was two entries has received what either has.</summary>
    public static async Task<IReadOnlyList<RecordedStep>> StepsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, long[] people, string? promise) =>
        [.. (await connection.QueryAsync<StepRow>("""
            select s.id, s.promise, coalesce(e.merged_into, e.id) as person, s.year, s.step::int as step, s.done_on, s.how::int as how, s.amount_fen, s.recipient, s.document_no,
                   f.name as recorded_by, s.recorded_at, s.annul_reason
            from person e join promise_step s on s.person_id = e.id join staff f on f.id = s.recorded_by_staff
            where (e.id = any(@people) or e.merged_into = any(@people)) and (@promise::text is null or s.promise = @promise) order by s.done_on, s.id
            """, new { people, promise }, transaction)).Select(row => new RecordedStep(
                row.Id, row.Promise, row.Person, row.Year, (PromiseStepKind)row.Step, row.DoneOn, (PromiseTelling)row.How, row.AmountFen, row.Recipient, row.DocumentNo,
                row.RecordedBy, row.RecordedAt, row.AnnulReason))];

    /// <summary>
    /// Until the transaction ends nobody else records anything of the person, and nobody merges them into another entry.
    /// False when they have left the register, or were merged, in the meantime.
    /// </summary>
    public static Task<bool> HoldPersonAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId person) =>
        connection.QuerySingleAsync<bool>("select withdrawn_at is null from person where id = @person for no key update", new { person }, transaction);

    public static Task AddFactAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PersonId person, PromiseFact fact, Actor actor, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into promise_fact (region, person_id, kind, holds, since, until, note, document_no, recorded_by, recorded_by_staff, recorded_at)
            values (@region, @person, @kind, @Holds, @Since, @Until, @Note, @DocumentNo, @Account, @Staff, @now)
            """, new { region, person, kind = (short)fact.Kind, fact.Holds, fact.Since, fact.Until, fact.Note, fact.DocumentNo, actor.Account, actor.Staff, now }, transaction);

    /// <summary>False when the step is on record already: the unique index has the last word.</summary>
    public static async Task<bool> AddStepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, Promise promise, PersonId person, NewStep step, Actor actor, DateTimeOffset now) =>
        await connection.ExecuteAsync("""
            insert into promise_step (region, promise, version, person_id, year, step, done_on, how, amount_fen, recipient, document_no, recorded_by, recorded_by_staff, recorded_at)
            values (@region, @Key, @Version, @person, @Year, @kind, @On, @how, @amount, @Recipient, @DocumentNo, @Account, @Staff, @now)
            on conflict do nothing
            """,
            new
            {
                region, promise.Key, promise.Version, person, step.Year, kind = (short)step.Step.Kind, step.Step.On, how = (short)step.How, amount = step.Step.Amount?.Value,
                step.Recipient, step.DocumentNo, actor.Account, actor.Staff, now,
            }, transaction) == 1;

    public static async Task<bool> AnnulAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long step, string reason, Actor actor, DateTimeOffset now) =>
        await connection.ExecuteAsync("""
            update promise_step set annulled_by_staff = @Staff, annulled_at = @now, annul_reason = @reason where id = @step and region = @region and annulled_at is null
            """, new { step, region, reason, actor.Staff, now }, transaction) == 1;

    /// <summary>The person with the number, wherever in the county; entries that were merged lead to the one they are now.</summary>
    public static Task<PersonId?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, RegionCode region, byte[] numberHash) =>
        connection.QuerySingleOrDefaultAsync<PersonId?>(
            "select coalesce(merged_into, id) from person where region = @region and id_number_hash = @numberHash", new { region, numberHash }, transaction);
}
