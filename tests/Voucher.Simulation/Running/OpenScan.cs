using Voucher.Simulation.Schedules;
using Voucher.Simulation.Storage;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Running;

/// <summary>A scan that a terminal has made and asks about until it has its answer.</summary>
internal sealed class OpenScan
{
    public OpenScan(ScanStep step, Paper paper, DateTimeOffset now)
    {
        Step = step;
        Paper = paper;
        var like = step.LikeStep ?? step.Number;
        var id = step.LikeSequenceOnly ? step.Number : like;
        int? card = step.Card switch { HolderMatch.Matches => paper.Holder.Value, HolderMatch.Differs => paper.Holder.Value ^ 1, _ => null };
        Request = new ScanRequest(
            new Guid(id, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7), step.LikeSequenceOnly ? like : step.Number, step.Mode, step.Class + 1, Digits: null, ShortCode: null, card, now);
        BitConverter.TryWriteBytes(ContentHash, step.Number); // Tells contents apart as well as the real hash does.
        Refusal = step.Shown == Shown.Unreadable ? Core.Refusals.Refusal.Under(CountyFile.Policy, RefusalCode.SignatureFalse) : null;
        Token = step.Shown switch
        {
            Shown.Unreadable => null,
            Shown.Stranger => CountyFile.Stranger,
            Shown.OtherClaims => CountyFile.TokenOf(paper.Id, nonce: 77, paper.ValidUntil, paper.Holder),
            _ => paper.Token,
        };
    }

    public ScanStep Step { get; }
    public Paper Paper { get; }
    public ScanRequest Request { get; }
    public byte[] ContentHash { get; } = new byte[32];
    public Refusal? Refusal { get; }
    public VoucherToken? Token { get; }
    public int Attempts { get; set; }
    public bool IsDone => Answer is not null || Turned is not null;
    public ScanAnswer? Answer { get; set; }
    public RefusalCode? Turned { get; set; }
}

/// <summary>What the network does to one attempt, and how long it takes.</summary>
internal readonly record struct Passage(TimeSpan There, TimeSpan Back, bool IsRequestLost, bool IsAnswerLost, TimeSpan? SecondCopyAfter)
{
    /// <summary>After so many attempts the network behaves, so that every scan comes to its end.</summary>
    private const int WorstAttempts = 4;

    public int Faults => (IsRequestLost ? 1 : 0) + (IsAnswerLost ? 1 : 0) + (SecondCopyAfter is null ? 0 : 1);

    public static Passage Of(ScanStep step, int attempt)
    {
        if (step.Network == 0 || attempt > WorstAttempts) return new Passage(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), false, false, null);
        var dice = new Dice(Dice.Mix(step.Network, (ulong)attempt));
        return new Passage(
            Delay(dice), Delay(dice), IsRequestLost: dice.Chance(15), IsAnswerLost: dice.Chance(25),
            SecondCopyAfter: dice.Chance(25) ? dice.Milliseconds(0, dice.Of(5, 100, 20_000)) : null);
    }

    private static TimeSpan Delay(Dice dice) => dice.Chance(5) ? dice.Milliseconds(0, 5000) : dice.Milliseconds(0, 20);
}
