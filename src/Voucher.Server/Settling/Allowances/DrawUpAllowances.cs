using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Institutions;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Allowances;

/// <summary>What a monthly list is asked for.</summary>
/// <param name="Month">Such as 2026-03; not of the future.</param>
/// <param name="Institution">Empty: all.</param>
/// <param name="Line">Of those that may pay allowances.</param>
public sealed record AllowanceRequest(string? Month, int? Institution, int? Line);

/// <summary>A list as it would be, with whoever is left out and why.</summary>
public sealed record DrawnUp(
    DateOnly Month, InstitutionId? Institution, AllowanceLine Line, AllowanceDraft Draft, IReadOnlyDictionary<long, AllowanceTrainee> Trainees)
{
    public int People => Draft.Entries.Select(entry => entry.Person).Distinct().Count();
    public Fen Short => Draft.Total > Line.Unreserved ? Draft.Total - Line.Unreserved : Fen.Zero;
}

/// <summary>Draws up a month's allowances from scans: to be looked at (试算), or written as a draft for the second person.</summary>
public sealed class DrawUpAllowances(
    NpgsqlDataSource database, AllowanceLineStore lines, InstitutionStore institutions, PolicyStore policies, County county, TimeProvider clock)
{
    /// <summary>Nothing is written.</summary>
    public async Task<Outcome<DrawnUp>> PreviewAsync(AllowanceRequest request)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        return await ReadAsync(request, today) switch
        {
            Outcome<Asked>.Done(var asked) => await DrawAsync(connection, null, asked, policy, today),
            Outcome<Asked>.Refused(var refusal) => refusal,
            Outcome<Asked>.BadInput(var errors) => errors.ToList(),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>The draft, for another person to approve.</summary>
    public async Task<Outcome<AllowanceListId>> RunAsync(Actor actor, AllowanceRequest request)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        var read = await ReadAsync(request, today);
        if (read is Outcome<Asked>.Refused(var refusal)) return refusal;
        if (read is Outcome<Asked>.BadInput(var errors)) return errors.ToList();
        var asked = read.OrThrow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AllowanceStore.HoldDaysAsync(connection, transaction);
        var drawn = await DrawAsync(connection, transaction, asked, policy, today);
        if (drawn.Draft.Entries.Count == 0)
            return Refusal.Under(policy, RefusalCode.NothingToAllow, MonthName(asked.Month), drawn.Draft.LeftOut.Select(left => left.Person).Distinct().Count());
        var list = await AllowanceStore.InsertListAsync(connection, transaction, county.Region, asked.Month, asked.Institution, asked.Line.Id, actor, now);
        try
        {
            await AllowanceStore.InsertAsync(connection, transaction, county.Region, [.. drawn.Draft.Entries.Select(entry => New(list, drawn, entry))]);
        }
        catch (PostgresException twice) when (twice is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: AllowanceStore.DayOnce })
        {
            return Refusal.Under(policy, RefusalCode.AllowanceDayTaken);
        }
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "allowance.draft", $"allowance-list:{list}",
            $"{MonthName(asked.Month)}: {drawn.Draft.Entries.Count} entries, {drawn.People} people, {drawn.Draft.Total.Value} fen, {drawn.Draft.LeftOut.Count} left out",
            Ground.Of(policy.RuleOf(Clause.Allowance)));
        await transaction.CommitAsync();
        return list;
    }

    public static string MonthName(DateOnly month) => month.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Asked(DateOnly Month, InstitutionId? Institution, AllowanceLine Line);

    private async Task<Outcome<Asked>> ReadAsync(AllowanceRequest request, DateOnly today)
    {
        var read = new FieldReader();
        if (!DateOnly.TryParseExact($"{request.Month}-01", "yyyy-MM-dd", out var month) || month.Year < 2016 || month > today)
            read.Fault("month", new("请选择本月或以前的月份", "Choose this month or an earlier one"));
        InstitutionId? institution = request.Institution is { } id ? new InstitutionId(id) : null;
        if (institution is { } named && await institutions.FindAsync(named) is null) read.Fault("institution", new("没有这家机构", "There is no such institution"));
        var line = (await lines.ListAsync()).FirstOrDefault(line => line.IsAllowed && line.Id.Value == request.Line);
        if (line is null) read.Fault("line", new("请选择可以列支补助的预算项目", "Choose a budget line that may pay allowances"));
        return read.Errors.Count > 0 ? read.Errors : new Asked(month, institution, line!);
    }

    private async Task<DrawnUp> DrawAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, Asked asked, Policy policy, DateOnly today)
    {
        var (from, until) = (asked.Month, asked.Month.AddMonths(1).AddDays(-1));
        var trainees = await AllowanceTraineeStore.OfMonthAsync(connection, transaction, county.Region, asked.Month, asked.Institution, asked.Line.Id, policy, today);
        var scans = await AllowanceTraineeStore.ScansAsync(connection, transaction, [.. trainees.Select(trainee => trainee.Enrolment)], from, until);
        var taken = await AllowanceTraineeStore.TakenAsync(connection, transaction, [.. trainees.Select(trainee => trainee.Person).Distinct()], from, until);
        var packs = await PacksAsync(policies, scans.Select(scan => scan.Day));
        var draft = AllowanceDraft.Of(
            [.. trainees.Select(trainee => new AllowanceCandidate(
                trainee.Enrolment, trainee.Person, trainee.Standing.Obstacles(policy.Parameters.SpotCheckRequired)))],
            scans, taken, day => packs[day]);
        return new DrawnUp(asked.Month, asked.Institution, asked.Line, draft, trainees.ToDictionary(trainee => trainee.Enrolment));
    }

    /// <summary>The pack of each day; a day that none covers has the one before, for the training was held under it.</summary>
    internal static async Task<IReadOnlyDictionary<DateOnly, Policy>> PacksAsync(PolicyStore policies, IEnumerable<DateOnly> days)
    {
        Dictionary<DateOnly, Policy> packs = [];
        foreach (var day in days.Distinct()) packs[day] = await policies.InForceOrLastAsync(day);
        return packs;
    }

    private static NewAllowance New(AllowanceListId list, DrawnUp drawn, DraftedAllowance entry)
    {
        var trainee = drawn.Trainees[entry.Enrolment];
        return new NewAllowance(list, null, entry.Kind, entry.Person, trainee.Voucher, trainee.Class, drawn.Line.Id, entry.Amount);
    }
}
