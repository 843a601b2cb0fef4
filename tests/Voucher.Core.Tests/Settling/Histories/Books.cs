using Voucher.Core.Money;

namespace Voucher.Core.Tests.Settling.Histories;

/// <summary>The ledger in memory: the same arithmetic and the same refusal to overdraw as in the database, over plain numbers.</summary>
internal sealed class Books
{
    private readonly Dictionary<(BudgetLineId Line, LedgerAccountKind Account), Fen> _balances = [];
    private readonly HashSet<string> _causes = [];

    public Fen this[BudgetLineId line, LedgerAccountKind account] => _balances.GetValueOrDefault((line, account));

    public IEnumerable<(BudgetLineId Line, LedgerAccountKind Account, Fen Balance)> All =>
        _balances.Select(entry => (entry.Key.Line, entry.Key.Account, entry.Value));

    /// <returns><c>false</c>, and nothing is posted, when an account would be overdrawn.</returns>
    public bool TryPost(LedgerTransactionKind kind, string cause, params LedgerMove[] moves)
    {
        var changes = LedgerMoves.ChangesOf(kind, moves);
        Assert.Equal(0, changes.Sum(change => change.Amount.Value));
        if (changes.Any(change => !LedgerMoves.MayStandAt(change.Account, this[change.Line, change.Account] + change.Amount))) return false;
        Assert.True(_causes.Add(cause), $"{cause} is posted twice");
        foreach (var change in changes) _balances[(change.Line, change.Account)] = this[change.Line, change.Account] + change.Amount;
        return true;
    }

    /// <summary>For what the decisions before it have made certain.</summary>
    public void Post(LedgerTransactionKind kind, string cause, params LedgerMove[] moves) =>
        Assert.True(TryPost(kind, cause, moves), $"{cause}: less is there than was decided on");
}
