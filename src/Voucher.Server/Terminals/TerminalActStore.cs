using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>What the county does with a paired terminal. Each act stands in the audit trail, in the transaction of the act.</summary>
public sealed class TerminalActStore(NpgsqlDataSource database)
{
    /// <summary>A terminal as an act finds it, locked until the act is done.</summary>
    private sealed record Known(TerminalId Id, InstitutionId InstitutionId, string Name, TerminalStatus Status, TerminalId? Replaces);

    /// <summary>What became of an act.</summary>
    /// <param name="IsDone">False: the terminal is not in a state for it.</param>
    /// <param name="Revoked">The terminal whose place a confirmed one has taken.</param>
    public sealed record Done(bool IsDone, TerminalId? Revoked = null)
    {
        public static readonly Done WrongStep = new(IsDone: false);
    }

    /// <summary>Lets a pending terminal work. One that replaces another gets that one's place and name, and the other is revoked.</summary>
    /// <exception cref="PostgresException">Unique violation of <see cref="TerminalStore.OneName"/>: the name has gone to a third.</exception>
    public async Task<Done> ConfirmAsync(TerminalId id, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockAsync(connection, transaction, id) is not { Status: TerminalStatus.Pending } terminal) return Done.WrongStep;
        var place = terminal.InstitutionId;
        if (terminal.Replaces is { } replaced)
        {
            var old = (await LockAsync(connection, transaction, replaced))!;
            if (await IsReplacedAsync(connection, transaction, replaced)) return Done.WrongStep;
            if (old.Status != TerminalStatus.Revoked) await RevokeAsync(connection, transaction, replaced, by, now, $"replaced by terminal:{id}");
            place = old.InstitutionId;
            await connection.ExecuteAsync(
                "update terminal set institution_id = @place, name = @Name where id = @id", new { id, place, old.Name }, transaction);
        }
        await connection.ExecuteAsync("""
            update terminal set status = 2, confirmed_by = @by, confirmed_at = @now where id = @id and status = 1;
            insert into terminal_place (terminal_id, institution_id, from_at, by_account, reason) values (@id, @place, @now, @by, '');
            """, new { id, place, by, now }, transaction);
        var detail = terminal.Replaces is { } other ? $"replaces terminal:{other}" : "";
        await AuditTrail.AppendAsync(connection, transaction, now, by, "terminal.confirm", $"terminal:{id}", detail, Ground.Under(Permission.PairTerminal));
        await transaction.CommitAsync();
        return new Done(IsDone: true, terminal.Replaces);
    }

    public async Task<bool> RevokeAsync(TerminalId id, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockAsync(connection, transaction, id) is null or { Status: TerminalStatus.Revoked }) return false;
        await RevokeAsync(connection, transaction, id, by, now, "");
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>False when the terminal is revoked or not there.</summary>
    /// <exception cref="PostgresException">Unique violation of <see cref="TerminalStore.OneName"/>.</exception>
    public async Task<bool> RenameAsync(TerminalId id, string name, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockAsync(connection, transaction, id) is not { Status: not TerminalStatus.Revoked } known) return false;
        await connection.ExecuteAsync("update terminal set name = @name where id = @id and status <> 3", new { id, name }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, by, "terminal.rename", $"terminal:{id}", $"{known.Name} → {name}",
            Ground.Under(Permission.PairTerminal));
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>
    /// Gives a confirmed terminal to another institution; where it stood before is kept (<see cref="TerminalPlaceStore"/>). The institution
    /// that it leaves; <c>null</c> when the terminal is not in a state for it, or is there already.
    /// </summary>
    /// <exception cref="PostgresException">Unique violation of <see cref="TerminalStore.OneName"/>.</exception>
    public async Task<InstitutionId?> MoveAsync(TerminalId id, InstitutionId to, string reason, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var known = await LockAsync(connection, transaction, id);
        if (known is not { Status: TerminalStatus.Active or TerminalStatus.Quarantined } || known.InstitutionId == to) return null;
        await connection.ExecuteAsync("""
            update terminal set institution_id = @to where id = @id and status in (2, 4);
            update terminal_place set until_at = @now where terminal_id = @id and until_at is null;
            insert into terminal_place (terminal_id, institution_id, from_at, by_account, reason) values (@id, @to, @now, @by, @reason);
            """, new { id, to, by, now, reason }, transaction);
        await AuditTrail.AppendAsync(
            connection, transaction, now, by, "terminal.move", $"terminal:{id}", $"institution:{known.InstitutionId} → institution:{to}; {reason}", Ground.Given(reason, Permission.PairTerminal));
        await transaction.CommitAsync();
        return known.InstitutionId;
    }

    private static Task<Known?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId id) =>
        connection.QuerySingleOrDefaultAsync<Known>(
            "select id, institution_id, name, status, replaces from terminal where id = @id for update", new { id }, transaction);

    private static Task<bool> IsReplacedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId id) =>
        connection.ExecuteScalarAsync<bool>("select exists (select from terminal where replaces = @id and status <> 1)", new { id }, transaction);

    private static async Task RevokeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId id, AccountId by, DateTimeOffset now, string detail)
    {
        await connection.ExecuteAsync("""
            update terminal set status = 3, revoked_by = @by, revoked_at = @now where id = @id and status <> 3;
            update terminal_place set until_at = @now where terminal_id = @id and until_at is null;
            """, new { id, by, now }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, by, "terminal.revoke", $"terminal:{id}", detail, Ground.Under(Permission.PairTerminal));
    }
}
