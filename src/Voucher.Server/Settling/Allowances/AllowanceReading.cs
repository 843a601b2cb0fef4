using Voucher.Core.Settling;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Allowances;

/// <summary>A monthly list with its figures. Money is split by where it stands; what was cancelled is in no sum.</summary>
public sealed record AllowanceListSummary(
    AllowanceListId Id, DateOnly Month, string? Institution, BudgetLineId LineId, string Line, string Source, AllowanceListState State,
    int People, int Days, Fen Total, Fen OpenFen, Fen InPaymentFen, Fen PaidFen, int Cancelled,
    string DraftedBy, DateTimeOffset DraftedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt, string? CancelledBy, DateTimeOffset? CancelledAt, string? CancelReason,
    string? Rule);

/// <summary>One entry of a list, or one allowance of a person.</summary>
/// <param name="PayableState">1 open, 2 in a payment, 3 paid; <c>null</c> while the list is a draft.</param>
/// <param name="List"><c>null</c>: out of the institution's subsidy, with the claim.</param>
public sealed record AllowanceEntry(
    AllowanceId Id, AllowanceListId? List, ClaimId? Claim, string Institution, string ClassName, PersonId Person, string Holder, string IdNumberMasked,
    AllowanceKind Kind, AllowanceAmount Amount, int? PayableState, string? Bank, string? AccountMasked, bool IsShared,
    string? CancelReason, string? CancelledBy, DateTimeOffset? CancelledAt)
{
    public bool IsOpen => CancelReason is null && PayableState == 1;

    public Words State => this switch
    {
        { CancelReason: not null } => new("已作废", "Cancelled"),
        { PayableState: null } => new("待审批", "Drafted"),
        { PayableState: 1 } => new("待支付", "To be paid"),
        { PayableState: 2 } => new("支付中", "With the bank"),
        { PayableState: 3 } => new("已支付", "Paid"),
        _ => new("已冲回", "Reversed"),
    };
}

/// <summary>What a month's lists come to, for the bars.</summary>
public sealed record AllowanceMonth(DateOnly Month, Fen Drafted, Fen Open, Fen InPayment, Fen Paid)
{
    public Fen Total => Drafted + Open + InPayment + Paid;
}

/// <summary>Reads lists of allowances; accounts are masked.</summary>
public sealed class AllowanceReading(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    private sealed record ListRow(
        AllowanceListId Id, DateOnly Month, string? Institution, BudgetLineId LineId, string Line, string Source, int Status, PolicyId? PolicyId,
        int People, int Days, Fen Total, Fen OpenFen, Fen InPaymentFen, Fen PaidFen, int Open, int InPayment, int Paid, int Cancelled,
        string DraftedBy, DateTimeOffset DraftedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt, string? CancelledBy, DateTimeOffset? CancelledAt, string? CancelReason);

    private sealed record EntryRow(
        AllowanceId Id, AllowanceListId? List, ClaimId? Claim, string Institution, string ClassName, PersonId Person, string Holder, string IdNumberMasked,
        int Kind, Fen AmountFen, int? PayableState, string? Bank, string? AccountMasked, bool? IsShared,
        string? CancelReason, string? CancelledBy, DateTimeOffset? CancelledAt, Array DayList, Array Rates, Array Policies);

    private const string SelectLists = $"""
        select s.id, s.month, i.name as institution, b.id as line_id, b.name as line, f.name as source, s.status::int as status, s.policy_id,
               t.*, d.name as drafted_by, s.drafted_at, a2.name as approved_by, s.approved_at, c.name as cancelled_by, s.cancelled_at, s.cancel_reason
        from allowance_list s
        join budget_line b on b.id = s.budget_line_id
        join fund_source f on f.id = b.fund_source_id
        left join institution i on i.id = s.institution_id
        join staff d on d.id = s.drafted_by_staff
        left join staff a2 on a2.id = s.approved_by_staff
        left join staff c on c.id = s.cancelled_by_staff
        cross join lateral (
            select (count(distinct a.person_id) filter (where a.cancelled_at is null))::int as people,
                   coalesce(sum(a.days) filter (where a.cancelled_at is null), 0)::int as days,
                   coalesce(sum(a.amount_fen) filter (where a.cancelled_at is null), 0)::bigint as total,
                   coalesce(sum(a.amount_fen) filter (where {AllowanceStore.IsOpen}), 0)::bigint as open_fen,
                   coalesce(sum(a.amount_fen) filter (where a.cancelled_at is null and y.state = 2), 0)::bigint as in_payment_fen,
                   coalesce(sum(a.amount_fen) filter (where a.cancelled_at is null and y.state = 3), 0)::bigint as paid_fen,
                   {AllowanceStore.Tally}
            from allowance a {AllowanceStore.JoinPayable}
            where a.list_id = s.id) t
        """;

    private const string SelectEntries = $"""
        select a.id, a.list_id as list, cl.claim_id as claim, i.name as institution, c.name as class_name, a.person_id as person, x.name as holder, x.id_number_masked,
               a.kind::int as kind, a.amount_fen,
               (select k.state::int from payable k where k.allowance_id = a.id order by k.id desc limit 1) as payable_state,
               u.bank, u.account_masked, u.is_shared, a.cancel_reason, s.name as cancelled_by, a.cancelled_at,
               (select array_agg(d.day order by d.day) from allowance_day d where d.allowance_id = a.id) as day_list,
               (select array_agg(d.rate_fen order by d.day) from allowance_day d where d.allowance_id = a.id) as rates,
               (select array_agg(d.policy_id order by d.day) from allowance_day d where d.allowance_id = a.id) as policies
        from allowance a
        join person x on x.id = a.person_id
        join training_class c on c.id = a.class_id
        join institution i on i.id = c.institution_id
        left join claim_line cl on cl.id = a.claim_line_id
        left join staff s on s.id = a.cancelled_by_staff
        {PersonAccountStore.UsableOfPerson}
        """;

    /// <summary>Newest month first.</summary>
    public async Task<IReadOnlyList<AllowanceListSummary>> ListAsync(int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ListRow>(
            $"{SelectLists} where s.region = @Region order by s.month desc, s.id desc offset @skip limit @most", new { county.Region, skip, most });
        return [.. await Task.WhenAll(rows.Select(ReadAsync))];
    }

    public async Task<AllowanceListSummary?> FindAsync(AllowanceListId list)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<ListRow>($"{SelectLists} where s.region = @Region and s.id = @list", new { county.Region, list });
        return row is null ? null : await ReadAsync(row);
    }

    /// <summary>By institution, class and entry.</summary>
    public Task<IReadOnlyList<AllowanceEntry>> EntriesAsync(AllowanceListId list) => EntriesAsync("a.list_id = @list order by i.id, c.id, a.id", new { list = list.Value, today = Today });

    /// <summary>All that a person got or is to get, newest first; also under an entry that was merged into theirs.</summary>
    public Task<IReadOnlyList<AllowanceEntry>> OfPersonAsync(PersonId person) => EntriesAsync(
        "(a.person_id = @person or a.person_id in (select e.id from person e where e.merged_into = @person)) order by a.id desc limit 200",
        new { person = person.Value, today = Today });

    /// <summary>Of the last twelve months that have lists, oldest first.</summary>
    public async Task<IReadOnlyList<AllowanceMonth>> MonthsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<AllowanceMonth>($"""
            select s.month,
                   coalesce(sum(a.amount_fen) filter (where s.status = 1), 0)::bigint as drafted,
                   coalesce(sum(a.amount_fen) filter (where y.state = 1), 0)::bigint as open,
                   coalesce(sum(a.amount_fen) filter (where y.state = 2), 0)::bigint as in_payment,
                   coalesce(sum(a.amount_fen) filter (where y.state = 3), 0)::bigint as paid
            from allowance_list s
            join allowance a on a.list_id = s.id and a.cancelled_at is null
            {AllowanceStore.JoinPayable}
            where s.region = @Region and s.status <> 3
            group by s.month order by s.month desc limit 12
            """, new { county.Region });
        return [.. rows.Reverse()];
    }

    /// <summary>The rules of the days on the entries, each once, as cited.</summary>
    public async Task<IReadOnlyList<string>> RulesAsync(IEnumerable<AllowanceEntry> entries)
    {
        List<string> rules = [];
        foreach (var id in entries.SelectMany(entry => entry.Amount.Days).Select(day => day.Policy).Distinct())
            rules.Add((await policies.GetAsync(id)).RuleOf(Clause.Allowance).ToString());
        return rules;
    }

    private DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    private async Task<IReadOnlyList<AllowanceEntry>> EntriesAsync(string where, object parameters)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. (await connection.QueryAsync<EntryRow>($"{SelectEntries} where {where}", parameters)).Select(Read)];
    }

    private async Task<AllowanceListSummary> ReadAsync(ListRow row)
    {
        var rule = row.PolicyId is { } policy ? (await policies.GetAsync(policy)).RuleOf(Clause.Allowance).ToString() : null;
        return new(
            row.Id, row.Month, row.Institution, row.LineId, row.Line, row.Source,
            AllowanceStore.ListOf(row.Status, row.Open, row.InPayment, row.Paid, row.Cancelled).State,
            row.People, row.Days, row.Total, row.OpenFen, row.InPaymentFen, row.PaidFen, row.Cancelled,
            row.DraftedBy, row.DraftedAt, row.ApprovedBy, row.ApprovedAt, row.CancelledBy, row.CancelledAt, row.CancelReason, rule);
    }

    private static AllowanceEntry Read(EntryRow row) => new(
        row.Id, row.List, row.Claim, row.Institution, row.ClassName, row.Person, row.Holder, row.IdNumberMasked, (AllowanceKind)row.Kind,
        new AllowanceAmount([.. row.DayList.Cast<object>().Select((day, at) => new AllowanceDay(day is DateOnly known ? known : DateOnly.FromDateTime((DateTime)day), new Fen((long)row.Rates.GetValue(at)!), new PolicyId((int)row.Policies.GetValue(at)!)))], row.AmountFen),
        row.PayableState, row.Bank, row.AccountMasked, row.IsShared ?? false, row.CancelReason, row.CancelledBy, row.CancelledAt);
}
