using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Server.Demo;
using Voucher.Server.Ledger;

namespace Voucher.Server.Tests.Journals;

/// <summary>Money for vouchers that are taken out of use: the scenes write them without setting any aside.</summary>
internal static class MoneySetAside
{
    private static int _times;

    public static async Task ForVouchersAsync(ServerUnderTest server)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var line = await connection.QuerySingleAsync<BudgetLineId>("select min(id) from budget_line");
        var (number, rule) = (Interlocked.Increment(ref _times), DemoPolicy.For(DemoCounty.Region).RuleOf(Clause.Funds));
        foreach (var (kind, from, to) in new[]
        {
            (LedgerTransactionKind.Allocate, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved), (LedgerTransactionKind.Reserve, LedgerAccountKind.Unreserved, LedgerAccountKind.Reserved),
        })
            Assert.Null(await LedgerBook.PostAsync(connection, transaction, kind, $"test:{kind}:{number}", rule, [new LedgerMove(line, from, to, Fen.FromYuan(10_000_000))], null, server.Clock.GetUtcNow()));
        await transaction.CommitAsync();
    }
}
