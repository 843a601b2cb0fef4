namespace Voucher.Server.Settling.Recovering;

/// <summary>
/// Who may decide neither a taking back nor its reversal: whoever submitted, reviewed, approved or paid a line of it, or drafted or approved
/// the list that an allowance of it was on. They would judge their own work, to hide a mistake or to lay it on another (谁审批谁负责).
/// They may propose it.
/// </summary>
public static class RecoveryDuties
{
    public static async Task<IEnumerable<(Words Duty, StaffId? By)>> OfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RecoveryId id)
    {
        var lines = await RecoveryStore.LinesAsync(connection, transaction, id);
        // A line names its claim line or, where a trainee pays back, the allowance that was owed.
        return await SettlementDuties.OfSettlementsAsync(
            connection, transaction, [.. lines.Where(line => line.Payable is null).Select(line => line.ClaimLine).OfType<long>()], [.. lines.Select(line => line.Payable).OfType<long>()]);
    }
}
