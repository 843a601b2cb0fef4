using Voucher.E2E.Programs;

namespace Voucher.E2E.County;

/// <summary>A further terminal of the county, paired and at work, whose line to the server can be cut, frozen and healed.</summary>
public sealed class CabledTerminal(CountyAtWork county) : IAsyncLifetime
{
    private const string Name = "村教学点";

    private RunningProgram? _program;
    private Cable? _cable;
    private Uri? _kiosk;

    public Cable Cable => _cable!;

    /// <summary>Where its page is.</summary>
    public Uri Kiosk => _kiosk!;

    public async ValueTask InitializeAsync()
    {
        _cable = new Cable(county.Programs.Portal);
        (_program, _kiosk) = await county.Programs.StartFurtherTerminalAsync("cabled-terminal", _cable.Address);
        await county.PairAsync(Kiosk, _cable.Address, Name);
    }

    /// <summary>As the next test expects it, whatever the last one left behind.</summary>
    public async Task HealAsync()
    {
        Cable.Heal();
        await county.UntilAtWorkAsync(Kiosk);
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
        _cable?.Dispose();
    }
}
