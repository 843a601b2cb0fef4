using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Settling.Payments;

/// <summary>抵扣: what an institution owes out of a row's source, year and purposes is kept from its transfers, and counts as netted once they are paid.</summary>
public static class KeptFromPayment
{
    /// <summary>Row by row: what is kept from one is no longer free for the next.</summary>
    public static async Task BindAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long row, InstitutionId institution, BudgetLineId line, Fen gross,
        Policy policy, Actor actor, DateTimeOffset now)
    {
        var plan = (await NettingStore.PlanAsync(connection, transaction, [(institution, line, gross)])).SingleOrDefault();
        if (plan is null) return;
        Expect(await connection.ExecuteAsync(
            "update payment_row set netted_fen = @Total, amount_fen = gross_fen - @Total where id = @row and netted_fen = 0", new { row, plan.Total }, transaction), 1);
        await NettingStore.BindAsync(connection, transaction, row, plan.Parts, policy, actor.Account, now);
    }

    /// <summary>Locks what is moved when rows are paid or come back: recoveries by number, then the ledger accounts; <paramref name="lines"/> are those of what they pay.</summary>
    public static async Task HoldAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> rows, IEnumerable<BudgetLineId> lines)
    {
        await NettingStore.LockBoundAsync(connection, transaction, rows);
        var bound = await NettingStore.LinesBoundAsync(connection, transaction, rows);
        await LedgerBook.HoldAsync(connection, transaction,
        [
            .. bound.SelectMany(line => new[] { (line, LedgerAccountKind.Unreserved), (line, LedgerAccountKind.Receivable) }),
            .. lines.SelectMany(line => new[] { (line, LedgerAccountKind.Payable), (line, LedgerAccountKind.Paid) }),
        ]);
    }

    /// <summary>The rows are paid: what was kept from them is netted, under the locks of <see cref="HoldAsync"/>. Before what they pay is posted.</summary>
    public static async Task PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> rows, Policy policy, Actor actor, DateTimeOffset now)
    {
        foreach (var row in rows.Order()) await NettingStore.PostAsync(connection, transaction, row, policy, actor.Account, now);
    }

    /// <summary>The rows are not paid after all: what was to be kept from them is owed as before.</summary>
    public static async Task FreeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> rows, Policy policy, Actor actor, DateTimeOffset now)
    {
        await NettingStore.LockBoundAsync(connection, transaction, rows);
        foreach (var row in rows.Order()) await NettingStore.FreeAsync(connection, transaction, row, policy, actor.Account, now);
    }
}
