namespace Voucher.Server.Settling.Allowances;

/// <summary>
/// The bank account to which a person can be paid: verified by two persons, usable by now, not ended. Only read here; accounts are
/// proposed and verified with the payees.
/// </summary>
public static class PersonAccountStore
{
    /// <summary>
    /// For a <c>person x</c> on <c>@today</c>, joined as <c>u</c>: the newest such account, also of an entry that was merged into the
    /// person's, and whether somebody else is paid to the same one. Empty when there is none.
    /// </summary>
    public const string UsableOfPerson = """
        left join lateral (
            select y.bank, y.account_masked, y.account_hash is not null and exists (
                       select from payee_account o
                       where o.region = y.region and o.account_hash = y.account_hash and o.ended_at is null
                         and (o.person_id is null or o.person_id <> y.person_id)) as is_shared
            from payee_account y
            where (y.person_id = x.id or y.person_id in (select e.id from person e where e.merged_into = x.id))
              and y.verified_at is not null and y.usable_from <= @today and y.ended_at is null
              and not exists (select from replaced_payee_account k where k.payee_account_id = y.id and k.replaced_from <= @today)
            order by y.id desc limit 1) u on true
        """;
}
