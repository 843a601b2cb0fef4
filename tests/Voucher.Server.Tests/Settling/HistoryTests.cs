using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Tests.Settling;

/// <summary>Random histories of settlement against a model of a few lines; all invariants hold after each.</summary>
public sealed class HistoryTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int Histories = 200;
    private const int StepsOfOne = 12;
    private const int Vouchers = 4;
    private const int FaceYuan = 1500;
    private const int RateYuan = 1200;

    private readonly Desk _desk = new(server);

    /// <summary>The plain model: where each voucher is, which claim holds it, and how far claims and payments are.</summary>
    private sealed class Model
    {
        public readonly Dictionary<VoucherId, ClaimId> LiveIn = [];
        public readonly HashSet<VoucherId> Rejected = [];
        public readonly Dictionary<ClaimId, Dictionary<VoucherId, LineVerdict?>> Claims = [];
        public readonly Dictionary<ClaimId, ClaimStatus> Status = [];
        public readonly Dictionary<ClaimId, PaymentId> PaidBy = [];
        public readonly List<PaymentId> Payments = [];

        public long Count(ClaimStatus status) => Claims
            .Where(claim => Status[claim.Key] == status)
            .Sum(claim => claim.Value.Values.Count(verdict => verdict == LineVerdict.Pass));
    }

    [Fact]
    public async Task Whatever_the_history_model_books_and_invariants_agree()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("VOUCHER_TEST_SEED"), out var given) ? given : Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"VOUCHER_TEST_SEED={seed}");
        var random = new Random(seed);
        for (var history = 0; history < Histories; history++)
            await RunOneAsync(random, $"seed {seed}, history {history}");
    }

    private async Task RunOneAsync(Random random, string name)
    {
        var scene = await SettledScene.BuildAsync(server, RateYuan, FaceYuan);
        var vouchers = await scene.CompletedVouchersAsync(Vouchers);
        var model = new Model();
        var steps = new List<string>();
        try
        {
            for (var step = 0; step < StepsOfOne; step++) steps.Add(await StepAsync(random, model, vouchers));
            var settled = model.Count(ClaimStatus.Approved) + model.Count(ClaimStatus.Paid);
            await scene.ExpectAsync(
                reserved: (Vouchers - settled) * FaceYuan, payable: model.Count(ClaimStatus.Approved) * RateYuan, paid: model.Count(ClaimStatus.Paid) * RateYuan);
            await _desk.ExpectInvariantsAsync();
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{name}: {string.Join(", ", steps)}", fault);
        }
    }

    private Task<string> StepAsync(Random random, Model model, IReadOnlyList<VoucherId> vouchers) => random.Next(6) switch
    {
        0 => ClaimAsync(random, model, vouchers),
        1 or 2 => ReviewAsync(random, model),
        3 => ApproveAsync(random, model),
        4 => PayAsync(random, model),
        _ => PaidAsync(random, model),
    };

    private async Task<string> ClaimAsync(Random random, Model model, IReadOnlyList<VoucherId> vouchers)
    {
        List<VoucherId> chosen = [.. vouchers.Where(_ => random.Next(2) == 0)];
        if (chosen.Count == 0) chosen = [vouchers[0]];
        var note = random.Next(2) == 0 ? null : "有变化";
        var outcome = await _desk.ClaimAsync(chosen, note: note);
        List<RefusalCode> against = [];
        if (chosen.Any(model.LiveIn.ContainsKey)) against.Add(RefusalCode.AlreadyInClaim);
        if (note is null && chosen.Any(voucher => !model.LiveIn.ContainsKey(voucher) && model.Rejected.Contains(voucher))) against.Add(RefusalCode.RejectedBefore);
        if (against.Count > 0) Assert.Contains(Desk.Refused(outcome).Code, against);
        else
        {
            var claim = outcome.OrThrow();
            foreach (var voucher in chosen) model.LiveIn[voucher] = claim;
            model.Claims[claim] = chosen.ToDictionary(voucher => voucher, _ => (LineVerdict?)null);
            model.Status[claim] = ClaimStatus.Submitted;
        }
        return $"claim {chosen.Count}";
    }

    private async Task<string> ReviewAsync(Random random, Model model)
    {
        if (Pick(random, model.Claims.Keys) is not { } claim) return "—";
        var lines = (await _desk.ReadAsync(claim)).Lines;
        var line = lines[random.Next(lines.Count)];
        var verdict = random.Next(4) == 0 ? LineVerdict.Reject : LineVerdict.Pass;
        var outcome = await _desk.ReviewAsync(claim, line.Id, verdict, "随机");
        if (model.Status[claim] != ClaimStatus.Submitted) Desk.ExpectRefusal(RefusalCode.WrongStep, outcome);
        else
        {
            outcome.OrThrow();
            model.Claims[claim][line.Voucher] = verdict;
        }
        if (random.Next(2) == 0 && model.Status[claim] == ClaimStatus.Submitted) await ReviewRestAsync(model, claim);
        return $"{verdict} in {claim}";
    }

    private async Task ReviewRestAsync(Model model, ClaimId claim)
    {
        List<VoucherId> open = [.. model.Claims[claim].Where(line => line.Value is null).Select(line => line.Key)];
        var together = (await _desk.ReviewAllAsync(claim)).OrThrow();
        // A voucher that was rejected in an earlier claim bears a mark: it is passed by itself.
        List<ClaimLineDetail> marked = [.. (await _desk.ReadAsync(claim)).Lines.Where(line => line.Verdict is null)];
        Assert.Equal(open.Count, together + marked.Count);
        foreach (var line in marked) (await _desk.ReviewAsync(claim, line.Id, LineVerdict.Pass, "已核对")).OrThrow();
        foreach (var voucher in open) model.Claims[claim][voucher] = LineVerdict.Pass;
    }

    private async Task<string> ApproveAsync(Random random, Model model)
    {
        if (Pick(random, model.Claims.Keys) is not { } claim) return "—";
        var outcome = await _desk.ApproveAsync(claim);
        if (model.Status[claim] != ClaimStatus.Submitted) Desk.ExpectRefusal(RefusalCode.WrongStep, outcome);
        else if (model.Claims[claim].ContainsValue(null)) Desk.ExpectRefusal(RefusalCode.LinesUndecided, outcome);
        else
        {
            model.Status[claim] = model.Claims[claim].ContainsValue(LineVerdict.Pass) ? ClaimStatus.Approved : ClaimStatus.Closed;
            Assert.Equal(model.Status[claim], outcome.OrThrow());
            foreach (var (voucher, verdict) in model.Claims[claim])
                if (verdict == LineVerdict.Reject && model.LiveIn.Remove(voucher)) model.Rejected.Add(voucher);
        }
        return $"approve {claim}";
    }

    private async Task<string> PayAsync(Random random, Model model)
    {
        List<ClaimId> chosen = [.. model.Claims.Keys.Where(_ => random.Next(2) == 0)];
        if (chosen.Count == 0) return "—";
        var outcome = await _desk.PayAsync(chosen);
        if (chosen.Any(claim => model.Status[claim] != ClaimStatus.Approved || model.PaidBy.ContainsKey(claim)))
            Desk.ExpectRefusal(RefusalCode.WrongStep, outcome);
        else
        {
            var payment = outcome.OrThrow();
            model.Payments.Add(payment);
            foreach (var claim in chosen) model.PaidBy[claim] = payment;
        }
        return $"pay {string.Join('+', chosen)}";
    }

    private async Task<string> PaidAsync(Random random, Model model)
    {
        if (Pick(random, model.Payments) is not { } payment) return "—";
        var isPaid = model.PaidBy.Where(pair => pair.Value == payment).All(pair => model.Status[pair.Key] == ClaimStatus.Paid);
        var outcome = await _desk.PaidAsync(payment);
        if (isPaid) Desk.ExpectRefusal(RefusalCode.WrongStep, outcome);
        else
        {
            outcome.OrThrow();
            foreach (var claim in model.PaidBy.Where(pair => pair.Value == payment).Select(pair => pair.Key)) model.Status[claim] = ClaimStatus.Paid;
        }
        return $"paid {payment}";
    }

    private static T? Pick<T>(Random random, IReadOnlyCollection<T> among) where T : struct =>
        among.Count == 0 ? null : among.ElementAt(random.Next(among.Count));
}
