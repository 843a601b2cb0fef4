using Voucher.Core.Money;

namespace Voucher.Core.Tests.Settling.Histories;

/// <summary>
/// The bank as an outsider: it does what it is told, forgets nothing, and says so once, twice, late or wrongly. It pays whatever it
/// is sent, so that a transfer sent twice is a payment made twice – and is seen.
/// </summary>
internal sealed class Bank
{
    /// <summary>One order of the county's, and what the bank did.</summary>
    public sealed class Order(int row, int attempt, Fen amount)
    {
        public int Row { get; } = row;
        public int Attempt { get; } = attempt;
        public Fen Amount { get; } = amount;

        /// <summary>What reached the payee, and has not come back; <c>null</c> until the bank has acted.</summary>
        public Fen? Reached { get; set; }

        public string Serial => $"B{Row}-{Attempt}";
    }

    public List<Order> Orders { get; } = [];

    /// <exception cref="Xunit.Sdk.XunitException">The county sends again what the bank has not answered, or has paid.</exception>
    public void Take(int row, int attempt, Fen amount)
    {
        var before = Orders.Where(order => order.Row == row).ToList();
        Assert.All(before, order => Assert.True(order.Reached is not null, $"row {row} is sent again before its answer"));
        Assert.DoesNotContain(before, order => order.Attempt == attempt);
        Assert.True(amount > Fen.Zero);
        Orders.Add(new Order(row, attempt, amount));
    }

    /// <summary>What has reached the payee of a row.</summary>
    public Fen ReachedBy(int row) =>
        Orders.Where(order => order.Row == row).Aggregate(Fen.Zero, (sum, order) => sum + (order.Reached ?? Fen.Zero));
}
