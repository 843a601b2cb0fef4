namespace Voucher.Server.Journals.Conflicts;

/// <summary>A case under its lock.</summary>
/// <param name="Claims">How many claims it has now.</param>
public sealed record LockedConflict(
    VoucherId VoucherId, VoucherState State, DateTimeOffset? ProposedAt, StaffId? ProposedStaff, Guid? ProposedScan, DateTimeOffset? DecidedAt,
    ConflictOutcome? Outcome, int Claims)
{
    /// <summary>The state that stands against the step, or <c>null</c> when it may be taken.</summary>
    /// <param name="seen">How many claims the person has seen: nobody decides on what came since.</param>
    public Words? Against(ConflictStepKind step, int seen)
    {
        if (DecidedAt is not null) return Outcome!.Value.Name();
        if (step == ConflictStepKind.Proposed && ProposedAt is not null) return new("已有人提出意见，等另一人裁定", "proposed already, a second person decides");
        if (step != ConflictStepKind.Proposed && ProposedAt is null) return new("还没有人提出意见", "nobody has proposed yet");
        return step != ConflictStepKind.SentBack && seen != Claims ? new($"又有报到加入本案，现共 {Claims} 处", $"claims have come since, {Claims} now") : null;
    }
}

/// <summary>Writes what persons say of cases.</summary>
public static class ConflictDecisionStore
{
    private sealed record Row(
        VoucherId VoucherId, VoucherState State, DateTimeOffset? ProposedAt, StaffId? ProposedStaff, Guid? ProposedScan, DateTimeOffset? DecidedAt,
        ConflictOutcome? Outcome);

    /// <summary>The person whose vouchers the case is about; <c>null</c> when this county has no such case.</summary>
    public static Task<PersonId?> PersonAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id) =>
        connection.QuerySingleOrDefaultAsync<PersonId?>("""
            select v.person_id from conflict_case k join voucher v on v.id = k.voucher_id where k.id = @id and k.region = @region
            """, new { id, region }, transaction);

    /// <summary>The person's vouchers first, as the merge locks them; then the case.</summary>
    public static async Task<LockedConflict> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId person, long id)
    {
        await connection.ExecuteAsync("select id from voucher where person_id = @person order by id for update", new { person }, transaction);
        await connection.ExecuteAsync("select id from conflict_case where id = @id for update", new { id }, transaction);
        var row = await connection.QuerySingleAsync<Row>("""
            select k.voucher_id, v.state, k.proposed_at, k.proposed_staff, k.proposed_scan, k.decided_at, k.outcome
            from conflict_case k join voucher v on v.id = k.voucher_id where k.id = @id
            """, new { id }, transaction);
        var claims = await connection.ExecuteScalarAsync<int>("select count(*)::int from conflict_claim where case_id = @id", new { id }, transaction);
        return new LockedConflict(row.VoucherId, row.State, row.ProposedAt, row.ProposedStaff, row.ProposedScan, row.DecidedAt, row.Outcome, claims);
    }

    /// <summary>Whether the scan is a claim of the case, for its own voucher.</summary>
    public static Task<bool> IsClaimAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long id, VoucherId voucher, Guid scan) =>
        connection.ExecuteScalarAsync<bool>("""
            select exists (select from conflict_claim c join offline_scan o on o.scan_id = c.scan_id where c.case_id = @id and c.scan_id = @scan and o.voucher_id = @voucher)
            """, new { id, voucher, scan }, transaction);

    public static Task ProposeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long id, Guid? upheld, string reason, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync($"""
            update conflict_case set proposed_by = @Account, proposed_staff = @Staff, proposed_at = @now, proposed_scan = @upheld, proposed_reason = @reason where id = @id;
            {AddStep}
            """, new { id, kind = (short)ConflictStepKind.Proposed, upheld, reason, by.Account, by.Staff, now }, transaction);

    public static Task SendBackAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long id, string reason, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync($"""
            update conflict_case set proposed_by = null, proposed_staff = null, proposed_at = null, proposed_scan = null, proposed_reason = null where id = @id;
            {AddStep}
            """, new { id, kind = (short)ConflictStepKind.SentBack, upheld = (Guid?)null, reason, by.Account, by.Staff, now }, transaction);

    /// <summary>
    /// Decides the case as it was proposed, and rules on every claim of its voucher. Several desks may have claimed the upheld
    /// class; they say the same, and are upheld together. Claims of other vouchers stay open: what is ruled here decides them too.
    /// </summary>
    public static Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long id, LockedConflict found, string reason, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync($"""
            update conflict_case set decided_by = @Account, decided_staff = @Staff, decided_at = @now, decided_reason = @reason, upheld_scan = @upheld, outcome = @outcome where id = @id;
            update offline_scan o
            set ruling = case when o.class_id = (select u.class_id from offline_scan u where u.scan_id = @upheld) then 1 else 2 end
            where o.voucher_id = @VoucherId and o.is_claim and o.ruling = 0
              and o.person_id = (select person_id from voucher where id = @VoucherId);
            {AddStep}
            """,
            new
            {
                id, found.VoucherId, kind = (short)ConflictStepKind.Decided, upheld = found.ProposedScan, reason, by.Account, by.Staff, now,
                outcome = (short)(found.ProposedScan is null ? ConflictOutcome.NoneUpheld : ConflictOutcome.Upheld),
            }, transaction);

    /// <summary>A voucher that went out of use while it was contested is contested by nobody any more.</summary>
    public static Task EndConflictAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId voucher) =>
        connection.ExecuteAsync("update voucher set in_conflict = false where id = @voucher and in_conflict and state > 4", new { voucher }, transaction);

    /// <summary>The institutions at whose desks the case is known.</summary>
    public static async Task<IReadOnlyList<InstitutionId>> InstitutionsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long id) =>
        [.. await connection.QueryAsync<InstitutionId>("""
            select distinct o.institution_id from conflict_claim c join offline_scan o on o.scan_id = c.scan_id where c.case_id = @id
            """, new { id }, transaction)];

    private const string AddStep = """
        insert into conflict_step (case_id, number, kind, upheld_scan, reason, done_by, done_by_staff, done_at)
        select @id, 1 + count(*), @kind, @upheld, @reason, @Account, @Staff, @now from conflict_step where case_id = @id;
        """;
}

/// <summary>A voucher that was approved for payment and is in conflict.</summary>
public sealed record ContestedLine(VoucherId Voucher, long CaseId, bool IsOpen)
{
    private string CaseNumber => Core.Journals.ConflictCase.NumberOf(CaseId);

    /// <summary>Why the claim cannot be paid, and what to do about it.</summary>
    public Refusal Refuse(Policy policy) => Refusal.Under(policy, RefusalCode.VoucherInConflict) with
    {
        NextStep = IsOpen
            ? new($"券 {Voucher} 在争议 {CaseNumber} 中，裁定前不能支付。请到“报到争议”办理。", $"Voucher {Voucher} is in case {CaseNumber} and cannot be paid before it is decided; see “Conflicts”.")
            : new($"券 {Voucher} 已由争议 {CaseNumber} 裁定归另一处，不得支付。请与审批人核对后另案处理。", $"Case {CaseNumber} gave voucher {Voucher} to another place: it must not be paid. Settle it with the approver."),
    };
}
