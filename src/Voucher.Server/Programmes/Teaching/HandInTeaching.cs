namespace Voucher.Server.Programmes.Teaching;

/// <summary>
/// A clerk, or the manager of an institution that may teach the programme, hands in a plan, syllabus or textbook. Every handing in is a
/// version of its own, so that what a class was taught by can be looked up for ever.
/// </summary>
public sealed class HandInTeaching(NpgsqlDataSource database, ProgrammeStore programmes, TeachingStore store, TimeProvider clock)
{
    public async Task<Outcome<TeachingDocumentId>> RunAsync(
        ProgrammeId id, TeachingForm form, TeachingFile? file, FieldError? fileProblem, Actor actor)
    {
        if (await programmes.FindAsync(id) is null) return Refusal.Of(RefusalCode.NotFound);
        if (actor.Institution is { } own && (await programmes.TeachersAsync(id)).All(teacher => teacher.Id != own)) return Refusal.Of(RefusalCode.NotAllowed);
        var (entry, errors) = form.Read(file, fileProblem);
        if (errors.Count > 0) return errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (document, version) = await store.AddAsync(connection, transaction, id, actor.Institution, entry, actor.Account, now);
        var what = file is null ? "text" : $"pdf of {file.Content.Length} bytes";
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "teaching.hand-in", $"programme:{id}", $"document:{document}, {entry.Kind} version {version}, {what}",
            Ground.Under(Permission.HandInTeaching));
        await transaction.CommitAsync();
        return new TeachingDocumentId(document, version);
    }
}

/// <summary>A document that was handed in.</summary>
public sealed record TeachingDocumentId(int Id, int Version);
