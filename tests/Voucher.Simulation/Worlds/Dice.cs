namespace Voucher.Simulation.Worlds;

/// <summary>Random numbers of one seed (SplitMix64): the same on every machine and for ever.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next() => unchecked(Scramble(_state += 0x9E37_79B9_7F4A_7C15));

    /// <summary>A seed that belongs to one part of what another seed stands for.</summary>
    public static ulong Mix(ulong seed, ulong part) => unchecked(Scramble(seed ^ Scramble(part + 0x9E37_79B9_7F4A_7C15)));

    private static ulong Scramble(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(int percent) => Below(100) < percent;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(Between(least, most));
}
