using Voucher.Server.Api;
using Voucher.Server.Programmes;

namespace Voucher.Server.Institutions.Marking;

/// <summary>A mark as typed.</summary>
/// <param name="Kind">KeySchool, KeyMajor, Helped or College.</param>
/// <param name="TradeCode">Needed for a key major.</param>
/// <param name="DocumentNo">文号, at most 60 characters.</param>
/// <param name="Helper">The helping school; with <paramref name="HelpedFrom"/> and <paramref name="HelpedUntil"/> for help only.</param>
public sealed record MarkForm(
    string? Kind, int? Year, int? TradeCode, string? DocumentNo, DateOnly? PublishedOn, string? Helper, DateOnly? HelpedFrom, DateOnly? HelpedUntil)
{
    public const int LongestDocumentNo = 60;
    public const int LongestHelper = 60;

    public static readonly MarkForm Empty = new(null, null, null, null, null, null, null, null);

    public (MarkEntry Entry, List<FieldError> Errors) Read(IReadOnlyList<Trade> trades)
    {
        var read = new FieldReader();
        var kind = ReadKind(read);
        var isHelp = kind == MarkKind.Helped;
        if (kind == MarkKind.KeyMajor && TradeCode is null) read.Fault("tradeCode", new("请选择专业（工种）", "Choose the trade"));
        if (TradeCode is { } code && trades.All(trade => trade.Code != code)) read.Fault("tradeCode", new("没有这个工种", "There is no such trade"));
        var entry = new MarkEntry(
            kind, read.Number("year", Year, 2016, 2100), kind is MarkKind.KeySchool or MarkKind.College ? null : TradeCode, read.Text("documentNo", DocumentNo, LongestDocumentNo),
            isHelp || PublishedOn is null ? null : read.Day("publishedOn", PublishedOn),
            isHelp ? read.Text("helper", Helper, LongestHelper) : "",
            isHelp ? read.Day("helpedFrom", HelpedFrom) : null, isHelp ? read.Day("helpedUntil", HelpedUntil) : null);
        if (read.Errors.Count == 0 && entry.HelpedUntil < entry.HelpedFrom) read.Fault("helpedUntil", new("不能早于起始日", "Must not be before the first day"));
        return (entry, read.Errors);
    }

    private MarkKind ReadKind(FieldReader read)
    {
        if (Enum.GetNames<MarkKind>().Contains(Kind, StringComparer.Ordinal)) return Enum.Parse<MarkKind>(Kind!);
        read.Fault("kind", new("请选择类别", "Choose the kind"));
        return MarkKind.KeySchool;
    }
}

/// <summary>A mark that was read.</summary>
public sealed record MarkEntry(
    MarkKind Kind, int Year, int? TradeCode, string DocumentNo, DateOnly? PublishedOn, string Helper, DateOnly? HelpedFrom, DateOnly? HelpedUntil);

/// <summary>A clerk records a mark, or ends it with a reason.</summary>
public sealed class MarkInstitution(NpgsqlDataSource database, MarkStore marks, InstitutionStore institutions, ProgrammeStore programmes, TimeProvider clock)
{
    public async Task<Outcome<int>> AddAsync(InstitutionId institution, MarkForm form, Actor actor)
    {
        var (entry, errors) = form.Read(await programmes.TradesAsync());
        if (errors.Count > 0) return errors;
        if (await institutions.FindAsync(institution) is null) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await marks.AddAsync(connection, transaction, institution, entry, actor.Staff, now) is not { } id)
            return new List<FieldError> { new("kind", new("本机构该年已有这个标记", "The institution has this mark already")) };
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "institution.mark", $"institution:{institution}", $"mark:{id} {entry.Kind} {entry.Year} {entry.DocumentNo}",
            entry.DocumentNo);
        await transaction.CommitAsync();
        return id;
    }

    public async Task<Outcome<Nothing>> EndAsync(int id, string? reason, Actor actor)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await marks.EndAsync(connection, transaction, id, why, actor.Staff, now) is not { } institution) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "institution.unmark", $"institution:{institution}", $"mark:{id}", why);
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
