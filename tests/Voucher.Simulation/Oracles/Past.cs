using System.Runtime.InteropServices;

namespace Voucher.Simulation.Oracles;

/// <summary>A value and what it was at every version of the world before.</summary>
internal sealed class Past<T>(int version, T first)
{
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Since(int Version, T Value);

    private readonly List<Since> _values = [new(version, first)];

    public T Now => _values[^1].Value;

    /// <summary>The first version at which there was any.</summary>
    public int Begins => _values[0].Version;

    public void Set(int version, T value) => _values.Add(new Since(version, value));

    /// <summary>As it was when so much had been committed.</summary>
    public T AsOf(int version)
    {
        var i = _values.Count - 1;
        while (i > 0 && _values[i].Version > version) i--;
        return _values[i].Value;
    }
}
