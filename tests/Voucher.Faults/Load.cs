using Voucher.Faults.Checking;
using Voucher.Faults.County;
using Voucher.Faults.Terminals;

namespace Voucher.Faults;

/// <summary>
/// The holders of one round: each is enrolled, checked in, checked out and completed, every time at several desks at once,
/// now and then with the next step before the last.
/// </summary>
public sealed class Load(World world, Findings findings, PlannedRound round)
{
    private const int LatestArrivalMs = 1_500;
    private const int MostDesks = 3;
    private const int EarlyOneIn = 5;

    public Task RunAsync(IReadOnlyList<(PaperVoucher Voucher, OpenClass Class)> holders, CancellationToken until) =>
        Task.WhenAll(holders.Select((holder, index) => LiveAsync(holder.Voucher, holder.Class, new Random(unchecked(round.LoadSeed * 31 + index)), until)));

    private async Task LiveAsync(PaperVoucher voucher, OpenClass training, Random random, CancellationToken until)
    {
        await Task.Delay(random.Next(LatestArrivalMs), CancellationToken.None);
        List<Task> early = [];
        foreach (var mode in Enum.GetValues<ScanMode>())
        {
            if (mode != ScanMode.Complete && random.Next(EarlyOneIn) == 0) early.Add(ShowAsync(mode + 1, voucher, training, 1, random, until));
            await ShowAsync(mode, voucher, training, 1 + random.Next(MostDesks), random, until);
            if (until.IsCancellationRequested) break;
            if (mode == ScanMode.Enrol) await Patience.WithDatabaseAsync(() => PassAsync(voucher), until);
        }
        await Task.WhenAll(early);
    }

    private async Task<bool> PassAsync(PaperVoucher voucher)
    {
        await world.Store.PassAsync(voucher.Id);
        return true;
    }

    /// <summary>The voucher is shown at so many desks at once.</summary>
    private Task ShowAsync(ScanMode mode, PaperVoucher voucher, OpenClass training, int desks, Random random, CancellationToken until)
    {
        var terminals = training.Institution.Terminals.ToArray();
        random.Shuffle(terminals);
        // Drawn one after the other, before anything runs at once.
        var shows = terminals.Take(desks).Select(terminal => (Terminal: terminal, Habit: ScanHabit.Of(random))).ToList();
        return Task.WhenAll(shows.Select(show => show.Terminal.ScanAsync(round.Number, mode, training.Id, voucher, show.Habit, until)));
    }

    /// <summary>What must have come of the holders, whoever was let in first.</summary>
    public void Judge(IReadOnlyList<(PaperVoucher Voucher, OpenClass Class)> holders, History history)
    {
        var scans = history.Scans.Where(scan => scan.Round == round.Number && scan.Answer is not null).ToLookup(scan => (scan.Voucher, scan.Request.Mode));
        foreach (var group in holders.GroupBy(holder => holder.Class))
        {
            var enrolled = group.Where(holder => Accepted(holder.Voucher, ScanMode.Enrol) > 0).ToList();
            var room = Math.Min(group.Key.Capacity, group.Count());
            if (enrolled.Count != room)
                findings.Violate("class-is-filled", $"class {group.Key.Id} with room for {room} took {enrolled.Count} of {group.Count()}; refusals {Refusals(group)}");
            foreach (var (voucher, _) in enrolled)
                foreach (var mode in Enum.GetValues<ScanMode>())
                    if (Accepted(voucher, mode) == 0)
                        findings.Violate("rightful-holder-is-served", $"voucher {voucher.Number}: nobody took the scan to {mode}; refusals {string.Join(',', scans[(voucher.Number, mode)].Select(scan => scan.Answer!.Refusal))}");
            foreach (var (voucher, _) in group)
                foreach (var mode in Enum.GetValues<ScanMode>())
                    if (Accepted(voucher, mode) is > 1 and var count)
                        findings.Double("one-voucher-once", $"voucher {voucher.Number}: {count} scans to {mode} were accepted");
        }

        int Accepted(PaperVoucher voucher, ScanMode mode) => scans[(voucher.Number, mode)].Count(scan => scan.Answer!.Accepted);

        string Refusals(IEnumerable<(PaperVoucher Voucher, OpenClass Class)> group) =>
            string.Join(',', group.SelectMany(holder => scans[(holder.Voucher.Number, ScanMode.Enrol)]).Select(scan => scan.Answer!.Refusal).Distinct().Order());
    }
}
