namespace Voucher.Server.Accounts;

/// <summary>Closes a log-in, or opens one that was closed, at once. Nobody does it to their own.</summary>
public sealed class SwitchAccount(NpgsqlDataSource database, Reporting.LiveConnections live, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, AccountId id, bool opens, string? reason)
    {
        if (!actor.May(Permission.EditAccounts)) return Refusal.Of(RefusalCode.NotAllowed);
        if (Grounds.Fault(reason) is { } fault) return new List<FieldError> { fault };
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockedAccount.TakeAsync(connection, transaction, id) is not { } account) return Refusal.Of(RefusalCode.NotFound);
        if (account.Person == actor.Staff) return Refusal.Of(RefusalCode.OwnAccount);
        if (account.IsActive == opens) return Refusal.Of(RefusalCode.AccountAsWished);
        // Since it was closed the person may have got a log-in with which it does not go together.
        if (opens && await account.ProblemOfAsync(connection, transaction, account.Roles) is { } clash) return Refusal.Of(RefusalCode.RolesClash, clash);
        await connection.ExecuteAsync("update account set is_active = @opens where id = @id and is_active <> @opens", new { id, opens }, transaction);
        await AuditTrail.AppendAsync(
            connection, transaction, clock.GetUtcNow(), actor.Account, opens ? "account.reopen" : "account.close", $"account:{id}", account.Login, reason!.Trim());
        await transaction.CommitAsync();
        await live.RightsChangedAsync();
        return Nothing.Value;
    }
}
