using Voucher.Server.Api;

namespace Voucher.Server.Accounts;

/// <summary>Gives a log-in a role or takes one away, at once: sessions with other roles end at their next request. Nobody changes their own.</summary>
public sealed class ChangeRoles(NpgsqlDataSource database, Reporting.LiveConnections live, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, AccountId id, Role? role, bool gives, string? reason)
    {
        if (!actor.May(Permission.EditAccounts)) return Refusal.Of(RefusalCode.NotAllowed);
        if (role is not { } wanted || !Enum.IsDefined(wanted)) return new List<FieldError> { new("role", new("请选择岗位", "Choose a role")) };
        if (Grounds.Fault(reason) is { } fault) return new List<FieldError> { fault };
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockedAccount.TakeAsync(connection, transaction, id) is not { } account) return Refusal.Of(RefusalCode.NotFound);
        if (account.Person == actor.Staff) return Refusal.Of(RefusalCode.OwnAccount);
        if (account.Roles.Contains(wanted) == gives) return Refusal.Of(RefusalCode.AccountAsWished);
        List<Role> roles = gives ? [.. account.Roles, wanted] : [.. account.Roles.Where(held => held != wanted)];
        // Taking the last role away is closing the log-in, which has its own button; of a clash the giving is refused alone.
        if (gives && account.IsActive && await account.ProblemOfAsync(connection, transaction, roles) is { } clash) return Refusal.Of(RefusalCode.RolesClash, clash);
        if (roles.Count == 0) return Refusal.Of(RefusalCode.RolesClash, RoleRules.NoRole);
        await connection.ExecuteAsync(
            gives ? "insert into account_role (account_id, role) values (@id, @role)" : "delete from account_role where account_id = @id and role = @role",
            new { id, role = (short)wanted }, transaction);
        await AuditTrail.AppendAsync(
            connection, transaction, clock.GetUtcNow(), actor.Account, gives ? "account.give-role" : "account.take-role", $"account:{id}", $"{account.Login} {wanted}", reason!.Trim());
        await transaction.CommitAsync();
        await live.RightsChangedAsync();
        return Nothing.Value;
    }
}

/// <summary>The reason for a change of somebody's rights, as the trail keeps it.</summary>
internal static class Grounds
{
    public const int Longest = 200;

    public static FieldError? Fault(string? reason) =>
        string.IsNullOrWhiteSpace(reason) || reason.Trim().Length > Longest || !FieldReader.IsReadable(reason)
            ? new FieldError("reason", new($"请写明理由，最多{Longest}字", $"Give the reason, at most {Longest} characters"))
            : Register.Unmasking.HoldsNumber(reason) ? new FieldError("reason", Register.Unmasking.NumberInReason) : null;
}
