using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Kiosk;

/// <summary>The page did not get the answer to a scan that is on the disk, and asks again with the same id.</summary>
public sealed class AskedAgainTests : IAsyncLifetime
{
    private readonly ServerPeer _server = new();
    private readonly Guid _id = Guid.NewGuid();
    private Cable _cable = null!;
    private Server.Kiosk _kiosk = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.Start();
        _cable = new Cable(_server.Address);
        _kiosk = await Server.Kiosk.StartOnline(_cable.Address);
    }

    [Fact]
    public async Task The_answer_is_the_same_and_nothing_is_written_twice()
    {
        var voucher = _server.County.NewVoucher();
        var first = await _kiosk.CheckIn(voucher, _id);
        var second = await _kiosk.CheckIn(voucher, _id);
        Assert.Equal(first.ToString(), second.ToString());
        Assert.Single(_kiosk.Journal.Latest(5));
    }

    [Fact]
    public async Task The_answer_is_the_same_although_the_terminal_was_revoked_meanwhile()
    {
        var voucher = _server.County.NewVoucher();
        var first = await _kiosk.CheckIn(voucher, _id);
        _server.Status = TerminalStatus.Revoked;
        await _server.Tell(HubNames.Revoked);
        await _kiosk.Until(state => state.Standing() == "revoked");
        Assert.Equal(first.GetProperty("sequence").GetInt64(), (await _kiosk.CheckIn(voucher, _id)).GetProperty("sequence").GetInt64());
        // Another scan is what it is: refused by a terminal that is not active.
        Assert.Equal(201, (await _kiosk.CheckIn(voucher, Guid.NewGuid())).Refusal());
    }

    [Fact]
    public async Task The_answer_is_the_same_while_the_terminal_is_in_quarantine()
    {
        _cable.Cut();
        await _kiosk.Until(state => !state.IsOnline());
        var voucher = _server.County.NewVoucher();
        var first = await _kiosk.CheckIn(voucher, _id);
        Assert.Contains(first.Outcome(), (string[])["waiting", "provisional"]);
        _server.Status = TerminalStatus.Quarantined;
        _cable.Heal();
        await _kiosk.Until(state => state.Standing() == "quarantined");
        var second = await _kiosk.CheckIn(voucher, _id);
        Assert.Equal(first.GetProperty("sequence").GetInt64(), second.GetProperty("sequence").GetInt64());
        Assert.Equal(0, second.Refusal());
        Assert.Single(_kiosk.Journal.Latest(5));
    }

    [Fact]
    public async Task Another_voucher_or_another_card_under_the_same_id_is_refused()
    {
        await _kiosk.CheckIn(_server.County.NewVoucher(), _id);
        Assert.Equal(202, (await _kiosk.CheckIn(_server.County.NewVoucher(), _id)).Refusal());
        Assert.Single(_kiosk.Journal.Latest(5));
    }

    /// <summary>The disk takes the scan and then no more: what the desk is told afterwards could not be noted.</summary>
    [Fact]
    public async Task A_scan_that_was_saved_is_never_called_not_saved_though_the_disk_fails_right_after()
    {
        _kiosk.ExecuteInJournal("create trigger no_more before insert on told begin select raise(fail, 'disk I/O error'); end; "
            + "create trigger nor_that before insert on provisional begin select raise(fail, 'disk I/O error'); end;");
        _server.Cursed.Add(_kiosk.Journal.LastSequence + 1);
        var order = new { scanId = _id, mode = ScanMode.CheckIn, classId = 31, digits = _server.County.NewVoucher() };
        using var answer = await _kiosk.Http.PostAsJsonAsync("local/scan", order);
        Assert.NotNull(_kiosk.Journal.Find(_id));
        Assert.NotEqual(HttpStatusCode.InsufficientStorage, answer.StatusCode);
        Assert.Equal("waiting", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Outcome());
        // The page did not get that, and asks again.
        Assert.Equal("waiting", (await _kiosk.Scan(order)).Outcome());
        Assert.Single(_kiosk.Journal.Latest(5));
    }

    /// <summary>What may be promised is judged by the time and the terminal of the scan, and the county will judge it by these too.</summary>
    [Theory]
    [InlineData(0, false, "provisional")]
    [InlineData(60, false, "waiting")]
    [InlineData(0, true, "waiting")]
    public async Task Asked_again_much_later_or_of_a_stopped_terminal_nothing_new_is_promised(int secondsLater, bool isStopped, string outcome)
    {
        var clock = new SetClock();
        await using var kiosk = await Server.Kiosk.StartOnline(_cable.Address, clock);
        var order = new { scanId = _id, mode = ScanMode.CheckIn, classId = 31, digits = _server.County.NewVoucher() };
        _server.Cursed.Add(kiosk.Journal.LastSequence + 1);
        _server.IsStalled = true;
        using (var gone = new CancellationTokenSource())
        {
            var asked = kiosk.Http.PostAsJsonAsync("local/scan", order, gone.Token);
            while (kiosk.Journal.Find(_id) is null) await Task.Delay(20, TestContext.Current.CancellationToken);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }
        clock.Ahead = TimeSpan.FromSeconds(secondsLater);
        if (isStopped)
        {
            (_server.Status, _server.IsStalled) = (TerminalStatus.Quarantined, false);
            _cable.Cut();
            _cable.Heal();
            await kiosk.Until(state => state.Standing() == "quarantined");
        }
        Assert.Equal(outcome, (await kiosk.Scan(order)).Outcome());
        Assert.Single(kiosk.Journal.Latest(5));
        _server.IsStalled = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _kiosk.DisposeAsync();
        _cable.Dispose();
        await _server.DisposeAsync();
    }
}
