using FsCheck;
using FsCheck.Fluent;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

/// <summary>Whole lives of vouchers: the machine and the plain model are asked the same and must answer alike at every step.</summary>
public sealed class SequenceTests
{
    private const int Sequences = 20_000;
    private const int LongestSequence = 30;

    /// <summary>One thing that happens, some hours after the one before; a dispute begins or ends outside the machine.</summary>
    private sealed record Step(VoucherCommand Command, int HoursLater, bool DisputeTurns);

    private sealed record Life(TrainingVoucher Voucher, IReadOnlyList<Step> Steps);

    private static readonly Gen<Step> AnyStep =
        from command in Any.Command
        from hours in Gen.Choose(0, 72)
        from turns in Gen.Frequency((12, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Step(command, hours, turns);

    private static readonly Gen<Life> AnyLife =
        from voucher in Any.NewVoucher
        from length in Gen.Choose(1, LongestSequence)
        from steps in Gen.ArrayOf(AnyStep, length)
        select new Life(voucher, steps);

    [Fact]
    public void The_machine_answers_like_the_plain_model_through_whole_lives()
    {
        var reached = new Dictionary<string, int>(StringComparer.Ordinal);
        var lives = Arb.From(AnyLife, Shorter);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Sequences), Prop.ForAll(lives, life => Live(life, reached)));
        // The comparison is worth something only where lives get anywhere.
        foreach (var state in Enum.GetNames<VoucherState>()) Assert.True(reached.GetValueOrDefault(state) > 100, $"{state}: {reached.GetValueOrDefault(state)}");
        foreach (var kind in Enum.GetValues<VoucherEventKind>().Except([VoucherEventKind.Issued]))
            Assert.True(reached.GetValueOrDefault($"→{kind}") > 100, $"{kind}: {reached.GetValueOrDefault($"→{kind}")}");
        // All that the machine can say: 301–311, 401–403, 502–513, 601–604, 804.
        Assert.Equal(11 + 3 + 12 + 4 + 1, reached.Keys.Count(key => char.IsAsciiDigit(key[0])));
    }

    private static bool Live(Life life, Dictionary<string, int> reached)
    {
        var (voucher, now) = (life.Voucher, Sample.Now);
        var model = new PaperVoucher(life.Voucher);
        foreach (var step in life.Steps)
        {
            now = now.AddHours(step.HoursLater);
            if (step.DisputeTurns)
            {
                model.Disputed = !model.Disputed;
                voucher = voucher with { InConflict = model.Disputed };
            }
            var expected = model.Do(step.Command, CountyTime.DayOf(now));
            var decision = VoucherMachine.Decide(voucher, step.Command, now, Sample.Policy);
            if (decision is Decision.Accepted accepted) voucher = accepted.Next;
            var said = decision is Decision.Refused refused ? (int)refused.Refusal.Code : 0;
            Count(reached, decision is Decision.Accepted done ? $"→{done.Event.Kind}" : $"{said}");
            if (expected != said) return false;
            if (model.State != voucher.State.ToString()) return false;
            if (voucher.Enrolment is null && voucher.State is VoucherState.Enrolled or VoucherState.Completed or VoucherState.Withdrawn) return false;
        }
        Count(reached, model.State);
        return true;
    }

    /// <summary>A failing life is told with as few steps as it takes.</summary>
    private static IEnumerable<Life> Shorter(Life life) =>
        Enumerable.Range(0, life.Steps.Count).Select(left => life with { Steps = [.. life.Steps.Where((_, i) => i != left)] });

    private static void Count(Dictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
