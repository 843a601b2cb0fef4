using System.Data;

namespace Voucher.Server.Database;

/// <summary>
/// A connection that breaks in the middle of a row reaches Dapper while it makes an object of the row, and Dapper says only
/// that the row cannot be read. Whoever asks whether a fault may pass asks about the cause.
/// </summary>
public static class BrokenRead
{
    public static Exception CauseOf(Exception fault) => fault is DataException { InnerException: { } cause } ? cause : fault;

    /// <summary>
    /// Whether the same work may go well another time: the database is away, busy, or read-only for now. What it says of the
    /// data (22), a constraint (23), a limit (54) or the statement itself (42) it will say again.
    /// </summary>
    public static bool MayPass(Exception fault) => CauseOf(fault) switch
    {
        PostgresException said => said.SqlState[..2] is not ("22" or "23" or "42" or "54"),
        var cause => cause is OperationCanceledException or NpgsqlException or TimeoutException or IOException,
    };
}
