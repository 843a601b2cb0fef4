using Voucher.Server.Redeeming;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Schedules;

/// <summary>How large a world is; everything in it follows from the seed.</summary>
internal sealed record Shape(
    ulong Seed, int Servers, int Institutions, int Terminals, int Classes, int Vouchers, bool PairsOfVouchers, EngineLimits Limits, int Steps, int FaultPercent)
{
    public static Shape Of(ulong seed)
    {
        var dice = new Dice(Dice.Mix(seed, 2));
        var steps = dice.Below(20) switch { < 10 => dice.Between(20, 120), < 18 => dice.Between(120, 600), _ => dice.Between(1500, 4000) };
        var institutions = dice.Between(1, 3);
        return new Shape(
            seed, dice.Between(1, 3), institutions, Terminals: institutions * dice.Between(1, 6), Classes: institutions * dice.Between(1, 3),
            Vouchers: Math.Max(2, steps / dice.Between(4, 24)), dice.Chance(60), LimitsOf(dice), steps, FaultPercent: dice.Of(0, 2, 5, 12));
    }

    /// <summary>Mostly small, so that a few scans fill them; now and then as they are in earnest.</summary>
    private static EngineLimits LimitsOf(Dice dice) => dice.Chance(25)
        ? new EngineLimits()
        : new EngineLimits(QueueLength: dice.Of(4, 16, 64, 256), LargestScanBatch: dice.Of(2, 4, 16, 64), DirectUpTo: dice.Of(0, 0, 1, 3, 8));
}
