using System.Data;

namespace Voucher.Server.Database;

/// <summary>
/// A connection that breaks in the middle of a row reaches Dapper while it makes an object of the row, and Dapper says only
/// that the row cannot be read. Whoever asks whether a fault may pass asks about the cause.
/// </summary>
public static class BrokenRead
{
    public static Exception CauseOf(Exception fault) => fault is DataException { InnerException: { } cause } ? cause : fault;
}
