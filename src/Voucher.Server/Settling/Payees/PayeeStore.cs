namespace Voucher.Server.Settling.Payees;

/// <summary>
/// Reads and writes payee accounts. An account is usable from its day on until the day of the next verified one: which one is in
/// use is derived from the days, so that at every moment there is at most one. One that was replaced never comes back, not even when
/// the one after it is ended: that would be a change of account by one person.
/// </summary>
public static class PayeeStore
{
    /// <summary>The last guard against two open proposals for one payee.</summary>
    public const string OneProposal = "payee_account_one_proposal";

    private const long LockNumber = 0x7061796565; // "payee"

    private const string OfOwner = "(a.institution_id = @institution::int or a.person_id = @person::bigint)";

    /// <summary>For an account <c>a</c> on <c>@day</c>: verified, its day has come, not ended, and no later one has come into use.</summary>
    internal const string IsInUse = """
        a.usable_from <= @day and a.ended_at is null
        and not exists (select from replaced_payee_account k where k.payee_account_id = a.id and k.replaced_from <= @day)
        """;

    private sealed record UsableRow(
        InstitutionId? InstitutionId, PersonId? PersonId, int Id, string HolderName, string Bank, byte[] AccountSealed, string AccountMasked,
        StaffId? ProposedBy, StaffId? VerifiedBy);

    public sealed record Locked(int Id, InstitutionId? InstitutionId, PersonId? PersonId, StaffId? ProposedByStaff, bool IsVerified, bool IsEnded, byte[] AccountSealed, string AccountMasked)
    {
        public PayeeOwner Owner => new(InstitutionId, PersonId);
    }

    /// <summary>The account that money of the payee goes to on the day, or <c>null</c>: none verified, or all ended or waiting.</summary>
    public static Task<UsablePayee?> UsableAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, PayeeOwner owner, DateOnly day) =>
        connection.QuerySingleOrDefaultAsync<UsablePayee?>($"""
            select a.id, a.holder_name, a.bank, a.account_sealed, a.account_masked, a.proposed_by_staff as proposed_by, a.verified_by_staff as verified_by
            from payee_account a where {OfOwner} and {IsInUse}
            """, new { institution = owner.Institution?.Value, person = owner.Person?.Value, day }, transaction);

    /// <summary>The last day from which a verified account of the owner is used or will be; <c>null</c> where there is none.</summary>
    public static Task<DateOnly?> LatestUsableAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PayeeOwner owner) =>
        connection.QuerySingleAsync<DateOnly?>("""
            select max(usable_from) from payee_account
            where (institution_id = @Institution or person_id = @Person) and verified_at is not null and ended_at is null
            """, new { owner.Institution, owner.Person }, transaction);

    /// <summary>The accounts in use of all the owners, in one question; who has none is left out.</summary>
    public static async Task<IReadOnlyDictionary<PayeeOwner, UsablePayee>> UsableOfAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<PayeeOwner> owners, DateOnly day) =>
        (await connection.QueryAsync<UsableRow>($"""
            select a.institution_id, a.person_id, a.id, a.holder_name, a.bank, a.account_sealed, a.account_masked,
                   a.proposed_by_staff as proposed_by, a.verified_by_staff as verified_by
            from payee_account a
            where (a.institution_id = any(@institutions) or a.person_id = any(@people)) and {IsInUse}
            """,
            new
            {
                day, institutions = owners.Where(owner => owner.Institution is not null).Select(owner => owner.Institution!.Value.Value).ToArray(),
                people = owners.Where(owner => owner.Person is not null).Select(owner => owner.Person!.Value.Value).ToArray(),
            }, transaction))
        .ToDictionary(
            row => new PayeeOwner(row.InstitutionId, row.PersonId),
            row => new UsablePayee(row.Id, row.HolderName, row.Bank, row.AccountSealed, row.AccountMasked, row.ProposedBy, row.VerifiedBy));

    /// <summary>How many transfers that the bank has not been told yet would go to the account: they are not handed over any more.</summary>
    public static Task<int> WaitingRowsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int account) =>
        connection.ExecuteScalarAsync<int>("""
            select count(*) from payment_row r join payment p on p.id = r.payment_id where r.payee_account_id = @account and r.state = 1 and p.status <> 5
            """, new { account }, transaction);

    public static Task<UsablePayee?> UsableAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, InstitutionId institution, DateOnly day) =>
        UsableAsync(connection, transaction, PayeeOwner.Of(institution), day);

    public static Task<UsablePayee?> UsableAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, PersonId person, DateOnly day) =>
        UsableAsync(connection, transaction, PayeeOwner.Of(person), day);

    public sealed record Recorded(string HolderName, string Bank, byte[] AccountSealed);

    /// <summary>What stands on the institution's page: the account verified last, or else the one proposed.</summary>
    public static Task<Recorded?> OnRecordAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId institution) =>
        connection.QuerySingleOrDefaultAsync<Recorded?>("""
            select a.holder_name, a.bank, a.account_sealed from institution_payee y join payee_account a on a.id = y.payee_account_id
            where y.institution_id = @institution
            """, new { institution }, transaction);

    /// <summary>The account that waits to be verified.</summary>
    public static Task<Recorded?> ProposalAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId institution) =>
        connection.QuerySingleOrDefaultAsync<Recorded?>("""
            select holder_name, bank, account_sealed from payee_account where institution_id = @institution and verified_at is null and ended_at is null
            """, new { institution }, transaction);

    /// <summary>One at a time: whether an account number is somebody else's is asked and answered under this lock.</summary>
    public static Task LockAllAsync(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(@LockNumber)", new { LockNumber }, transaction);

    /// <summary>Name of the payee, or <c>null</c> where the county has none such.</summary>
    public static Task<string?> NameAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, RegionCode region, PayeeOwner owner) =>
        connection.QuerySingleOrDefaultAsync<string?>("""
            select name from institution where id = @institution and region = @region
            union all select name from person where id = @person and region = @region
            """, new { institution = owner.Institution?.Value, person = owner.Person?.Value, region }, transaction);

    /// <summary>Accounts whose number is not hashed yet: those from before accounts were proposed.</summary>
    public static async Task<IReadOnlyList<(int Id, byte[] AccountSealed)>> UnhashedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        [.. await connection.QueryAsync<(int, byte[])>("select id, account_sealed from payee_account where account_hash is null", transaction: transaction)];

    public static Task HashAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id, byte[] hash) =>
        connection.ExecuteAsync("update payee_account set account_hash = @hash where id = @id and account_hash is null", new { id, hash }, transaction);

    /// <summary>Names of other payees that have the account, ended ones too; people are masked by the caller.</summary>
    public static async Task<IReadOnlyList<(string Name, bool IsPerson)>> OthersWithAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PayeeOwner owner, byte[] hash) =>
        [.. await connection.QueryAsync<(string, bool)>("""
            select distinct coalesce(i.name, p.name), a.person_id is not null
            from payee_account a left join institution i on i.id = a.institution_id left join person p on p.id = a.person_id
            where a.account_hash = @hash and (a.institution_id is distinct from @institution::int or a.person_id is distinct from @person::bigint)
            limit 10
            """, new { hash, institution = owner.Institution?.Value, person = owner.Person?.Value }, transaction)];

    /// <exception cref="PostgresException">Unique violation: there is an open proposal already.</exception>
    public static Task<int> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PayeeOwner owner, PayeeEntry entry,
        byte[] secret, byte[] hash, string? sharedReason, Actor actor, DateTimeOffset now) =>
        connection.QuerySingleAsync<int>("""
            insert into payee_account (region, institution_id, person_id, holder_name, bank, account_sealed, account_hash, account_masked, reason,
                                       same_account_reason, proposed_by, proposed_by_staff, proposed_at)
            values (@region, @institution, @person, @Holder, @Bank, @secret, @hash, @masked, @Reason, @sharedReason, @Account, @Staff, @now) returning id
            """,
            new
            {
                region, institution = owner.Institution?.Value, person = owner.Person?.Value, entry.Holder, entry.Bank, secret, hash,
                masked = entry.Number.Masked, entry.Reason, sharedReason, actor.Account, actor.Staff, now,
            }, transaction);

    public static Task<Locked?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, int id) =>
        connection.QuerySingleOrDefaultAsync<Locked?>("""
            select id, institution_id, person_id, proposed_by_staff, verified_at is not null as is_verified, ended_at is not null as is_ended, account_sealed, account_masked
            from payee_account where id = @id and region = @region for update
            """, new { id, region }, transaction);

    /// <exception cref="InvalidOperationException">It changed under its lock: a bug.</exception>
    public static async Task VerifyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int id, DateOnly usableFrom, Actor actor, DateTimeOffset now)
    {
        if (await connection.ExecuteAsync("""
            update payee_account set verified_by = @Account, verified_by_staff = @Staff, verified_at = @now, usable_from = @usableFrom
            where id = @id and verified_at is null and ended_at is null and proposed_by_staff is distinct from @Staff
            """, new { id, usableFrom, actor.Account, actor.Staff, now }, transaction) != 1)
            throw new InvalidOperationException($"Payee account {id} changed under its lock.");
    }

    public static async Task EndAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id, string reason, Actor actor, DateTimeOffset now)
    {
        if (await connection.ExecuteAsync("""
            update payee_account set ended_at = @now, ended_by_staff = @Staff, end_reason = @reason where id = @id and ended_at is null
            """, new { id, reason, actor.Staff, now }, transaction) != 1)
            throw new InvalidOperationException($"Payee account {id} changed under its lock.");
    }
}
