namespace Voucher.Server.Accounts;

/// <summary>
/// Two rows that are one person become one, by two persons: one proposes, another decides. Both rows stay, and what was done
/// under either stays under it; the merged one points to the kept, and duties are compared by that.
/// </summary>
public sealed class MergeStaff(NpgsqlDataSource database, Reporting.LiveConnections live, TimeProvider clock)
{
    public static readonly Words Proposal = new("提出合并", "proposed the merge");

    private sealed record Person(StaffId Id, byte[]? Number, StaffId? MergedInto);

    private sealed record Proposed(int Id, StaffId Kept, StaffId Merged, int State, StaffId ProposedStaff);

    public async Task<Outcome<int>> ProposeAsync(Actor actor, StaffId kept, StaffId merged, string? reason)
    {
        if (!actor.May(Permission.EditAccounts)) return Refusal.Of(RefusalCode.NotAllowed);
        if (Grounds.Fault(reason) is { } fault) return new List<FieldError> { fault };
        if (kept == merged) return new List<FieldError> { new("merged", new("请选择两个不同的人", "Choose two different entries")) };
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await RefuseAsync(connection, transaction, actor, kept, merged) is { } refusal) return refusal;
        if (!await HoldsRoleAsync(connection, transaction, actor)) return Refusal.Of(RefusalCode.NoLongerInRole);
        var now = clock.GetUtcNow();
        var id = await connection.QuerySingleOrDefaultAsync<int?>("""
            insert into staff_merge (kept, merged, reason, proposed_by, proposed_staff, proposed_at)
            values (@kept, @merged, @reason, @Account, @Staff, @now) on conflict do nothing returning id
            """, new { kept, merged, reason = reason!.Trim(), actor.Account, actor.Staff, now }, transaction);
        if (id is not { } made) return Refusal.Of(RefusalCode.MergeWrongStep);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "staff.propose-merge", $"staff:{kept}", $"merge:{made} staff:{merged}", reason.Trim());
        await transaction.CommitAsync();
        return made;
    }

    public async Task<Outcome<Nothing>> DecideAsync(Actor actor, int id, bool merges)
    {
        if (!actor.May(Permission.EditAccounts)) return Refusal.Of(RefusalCode.NotAllowed);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var proposed = await connection.QuerySingleOrDefaultAsync<Proposed>(
            "select id, kept, merged, state::int as state, proposed_staff from staff_merge where id = @id for update", new { id }, transaction);
        if (proposed is null) return Refusal.Of(RefusalCode.NotFound);
        if (proposed.State != 1) return Refusal.Of(RefusalCode.MergeWrongStep);
        if (actor.Person.Is(proposed.ProposedStaff)) return Refusal.Of(RefusalCode.SamePerson, Proposal);
        if (merges && await RefuseAsync(connection, transaction, actor, proposed.Kept, proposed.Merged) is { } refusal) return refusal;
        if (!await HoldsRoleAsync(connection, transaction, actor)) return Refusal.Of(RefusalCode.NoLongerInRole);
        if (merges) await MergeAsync(connection, transaction, proposed);
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync("""
            update staff_merge set state = @state, decided_by = @Account, decided_staff = @Staff, decided_at = @now where id = @id and state = 1
            """, new { id, state = merges ? 2 : 3, actor.Account, actor.Staff, now }, transaction);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, merges ? "staff.merge" : "staff.refuse-merge", $"staff:{proposed.Kept}", $"merge:{id} staff:{proposed.Merged}",
            Ground.Under(Permission.EditAccounts));
        await transaction.CommitAsync();
        await live.RightsChangedAsync();
        return Nothing.Value;
    }

    /// <summary>Asked after the locks of people, which every change of roles takes first too.</summary>
    private static Task<bool> HoldsRoleAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor) =>
        StandingRoles.HoldsAsync(connection, transaction, actor.Account, Permission.Holders[Permission.EditAccounts]);

    /// <summary>Takes the locks of both rows. Rows with different numbers are different people, whoever says otherwise.</summary>
    private static async Task<Refusal?> RefuseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, StaffId kept, StaffId merged)
    {
        var rows = (await connection.QueryAsync<Person>(
            "select id, id_number_hash as number, merged_into from staff where id = any(@ids) order by id for update",
            new { ids = new[] { kept.Value, merged.Value } }, transaction)).AsList();
        if (rows.Count != 2) return Refusal.Of(RefusalCode.NotFound);
        if (rows.Any(row => row.MergedInto is not null)) return Refusal.Of(RefusalCode.MergeWrongStep);
        if (rows.Any(row => actor.Person.Is(row.Id))) return Refusal.Of(RefusalCode.OwnAccount);
        if (rows is [{ Number: { } one }, { Number: { } other }] && !one.AsSpan().SequenceEqual(other)) return Refusal.Of(RefusalCode.TwoPersons);
        List<Role> roles = [.. await StaffStore.RolesOfAsync(connection, transaction, kept), .. await StaffStore.RolesOfAsync(connection, transaction, merged)];
        return RoleRules.ProblemOfPerson(roles) is { } clash ? Refusal.Of(RefusalCode.RolesClash, clash) : null;
    }

    /// <summary>The kept row takes the number where it has none, and whatever had been merged into the other.</summary>
    private static Task MergeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Proposed proposed) =>
        connection.ExecuteAsync("""
            update staff set merged_into = @Kept where id = @Merged or merged_into = @Merged;
            update staff k set id_number_hash = o.id_number_hash, id_number_sealed = o.id_number_sealed
            from staff o where k.id = @Kept and o.id = @Merged and k.id_number_hash is null;
            """, new { proposed.Kept, proposed.Merged }, transaction);
}
