using Voucher.Core.Settling;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Allowances;

/// <summary>
/// What of an approved claim line goes to its trainee, where the pack lets the institution's subsidy bear an allowance (text 002,
/// 三（二）: 从培训机构培训补贴中列支).
/// </summary>
public sealed class ClaimAllowances
{
    private readonly IReadOnlyDictionary<ClaimLineId, IReadOnlyList<NewAllowance>> _ofLine;

    private ClaimAllowances(IReadOnlyDictionary<ClaimLineId, IReadOnlyList<NewAllowance>> ofLine) => _ofLine = ofLine;

    private sealed record EnrolmentRow(VoucherId Voucher, long Enrolment, PersonId Person, ClassId Class);

    /// <summary>What the line's trainee gets; at most the line's amount.</summary>
    public Fen Of(ClaimLineId line) =>
        _ofLine.GetValueOrDefault(line, []).Aggregate(Fen.Zero, (sum, allowance) => sum + allowance.Amount.Amount);

    /// <summary>For the lines of a claim whose vouchers are locked: days of their trainings that no list has, at the rates of their days.</summary>
    public static async Task<ClaimAllowances> DueAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PolicyStore policies, IReadOnlyCollection<LockedLine> lines)
    {
        var enrolments = (await connection.QueryAsync<EnrolmentRow>("""
            select n.voucher_id as voucher, n.id as enrolment, coalesce(p.merged_into, p.id) as person, n.class_id as class
            from enrolment n join person p on p.id = n.person_id
            where n.voucher_id = any(@vouchers) and n.is_active order by n.id
            """, new { vouchers = lines.Select(line => line.Voucher.Value).ToArray() }, transaction)).ToDictionary(row => row.Voucher);
        var scans = await AllowanceTraineeStore.ScansAsync(
            connection, transaction, [.. enrolments.Values.Select(row => row.Enrolment)], DateOnly.MinValue, DateOnly.MaxValue);
        var packs = await DrawUpAllowances.PacksAsync(policies, scans.Select(scan => scan.Day));
        if (!packs.Values.Any(pack => AllowanceKinds.All.Any(kind => Bears(pack, kind)))) return new(new Dictionary<ClaimLineId, IReadOnlyList<NewAllowance>>());
        await AllowanceStore.HoldDaysAsync(connection, transaction);
        var taken = await AllowanceTraineeStore.TakenAsync(
            connection, transaction, [.. enrolments.Values.Select(row => row.Person).Distinct()], DateOnly.MinValue, DateOnly.MaxValue);
        var days = AttendedDays.Of(scans).ToLookup(day => day.Enrolment);
        return new(lines.ToDictionary(line => line.Id, line => OfLine(line, enrolments[line.Voucher], days, taken, packs)));
    }

    /// <summary>Writes the allowances with their days, and what is owed to the trainees.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, County county, DateTimeOffset now)
    {
        List<NewAllowance> all = [.. _ofLine.Values.SelectMany(allowances => allowances)];
        if (all.Count == 0) return;
        await PayableStore.OfAllowancesAsync(connection, transaction, await AllowanceStore.InsertAsync(connection, transaction, county.Region, all), now);
    }

    private static IReadOnlyList<NewAllowance> OfLine(
        LockedLine line, EnrolmentRow enrolment, ILookup<long, AttendedDay> days, HashSet<(PersonId, AllowanceKind, DateOnly)> taken,
        IReadOnlyDictionary<DateOnly, Policy> packs)
    {
        var due = from kind in AllowanceKinds.All
                  let open = AllowanceDays.Due(
                      days[enrolment.Enrolment].Select(day => day.Day).Where(day => !taken.Contains((enrolment.Person, kind, day))),
                      kind, AllowanceSource.InstitutionSubsidy, day => packs[day])
                  where open.Count > 0
                  select (kind, AllowanceAmount.Of(open));
        return
        [
            .. SubsidyAllowances.Within(line.Amount.Value, due).Select(allowance => new NewAllowance(
                null, line.Id, allowance.Kind, enrolment.Person, line.Voucher, enrolment.Class, line.BudgetLine, allowance.Amount)),
        ];
    }

    private static bool Bears(Policy pack, AllowanceKind kind) =>
        pack.Parameters.TermsOf(kind) is { Source: AllowanceSource.InstitutionSubsidy } terms && terms.PerDay > Fen.Zero;
}
