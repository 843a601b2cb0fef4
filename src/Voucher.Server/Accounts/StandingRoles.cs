namespace Voucher.Server.Accounts;

/// <summary>
/// Whether somebody holds a role at the instant of a decision: a session may be older than the closing of its log-in or the
/// withdrawal of its role. Read and locked in the decision's own transaction, so that either comes before it or after it.
/// </summary>
public static class StandingRoles
{
    /// <summary>Whether the log-in is open and has one of the roles.</summary>
    public static async Task<bool> HoldsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, AccountId account, Role[] roles)
    {
        // The lock comes first and alone: what follows reads the roles as they stand after any wait.
        var isOpen = await connection.QuerySingleOrDefaultAsync<bool>(
            "select is_active from account where id = @account for share", new { account }, transaction);
        return isOpen && await connection.ExecuteScalarAsync<bool>(
            "select exists (select from account_role where account_id = @account and role = any(@roles))",
            new { account, roles = roles.Select(role => (short)role).ToArray() }, transaction);
    }

    /// <summary>The refusal where the actor may no longer do what the permission allows; <c>null</c> where they may.</summary>
    public static async Task<Refusal?> RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, string permission, Policy policy) =>
        await RefuseAsync(connection, transaction, actor, Permission.Holders[permission], policy);

    /// <summary>As <see cref="RefuseAsync(NpgsqlConnection, NpgsqlTransaction, Actor, string, Policy)"/>, for a step that not every holder of a permission takes.</summary>
    public static async Task<Refusal?> RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, Role[] roles, Policy policy) =>
        await HoldsAsync(connection, transaction, actor.Account, roles) ? null : Refusal.Under(policy, RefusalCode.NoLongerInRole);
}
