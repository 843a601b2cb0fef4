namespace Voucher.Server.Database;

/// <summary>
/// What was decided on rows that are locked is written to all of them: where the guard of the statement keeps one back, the code
/// and the database think otherwise of its state, and nothing of the transaction may stand.
/// </summary>
public static class Written
{
    /// <exception cref="InvalidOperationException">Other rows changed than were to.</exception>
    public static void Expect(int written, int expected)
    {
        if (written != expected) throw new InvalidOperationException($"{expected} rows were to change, {written} did.");
    }
}
