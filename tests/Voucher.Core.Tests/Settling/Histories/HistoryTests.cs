using System.Globalization;
using Voucher.Core.Classes;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Settling.Histories;

/// <summary>
/// Random histories of public money: issue, enrol, complete, expire, revoke, claim, review, publish, object, pay, answer (true, late,
/// twice, wrong), send again, take back, pay in, net. After every step the books must be what the plain facts say.
/// </summary>
public sealed class HistoryTests
{
    private const int StepsOfOne = 100;

    /// <summary>Fewer by <c>VOUCHER_TEST_HISTORIES</c>, for whoever changes the rules and for <c>scripts/mutate</c>.</summary>
    private static readonly int Histories = Number("VOUCHER_TEST_HISTORIES") ?? 100_000;

    [Fact]
    public void Whatever_the_history_every_fen_is_accounted_for()
    {
        var seed = Number("VOUCHER_TEST_SEED") ?? 4711;
        var done = new long[Enum.GetValues<Act>().Length];
        Parallel.For(0, Histories, () => new long[done.Length], (number, _, counts) =>
        {
            new History(unchecked(seed * 1_000_003 + number)).Run(StepsOfOne, counts);
            return counts;
        }, counts =>
        {
            lock (done)
                for (var act = 0; act < done.Length; act++) done[act] += counts[act];
        });
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", Enum.GetValues<Act>().Select(act => $"{act} {done[(int)act]}")));
        // A history in which nothing happens proves nothing.
        Assert.Equal([], Enum.GetValues<Act>().Where(act => done[(int)act] < Histories / 200).Select(act => $"{act} was done only {done[(int)act]} times"));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var given) ? given : null;
}
