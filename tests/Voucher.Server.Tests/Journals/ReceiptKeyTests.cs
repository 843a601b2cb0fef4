using Voucher.Core.Journals;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Journals;

namespace Voucher.Server.Tests.Journals;

/// <summary>What becomes of receipts when the key that signed them is revoked. Alone with its server: the key signed its vouchers too.</summary>
public sealed class ReceiptKeyTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly JournalScene _scene = new(server);

    [Fact]
    public async Task A_receipt_by_a_key_that_was_revoked_later_stops_nobody_and_proves_no_time()
    {
        var keys = server.Get<IssuingKeys>();
        using var device = await _scene.PairAsync();
        var training = await _scene.Scans.OpenClassAsync();
        var old = await _scene.Scans.IssueAsync();
        device.Scan(ScanMode.CheckIn, training, old);
        var receipt = await device.ReceiptAsync();
        var second = await keys.RotateAsync();
        await keys.RevokeAsync(1);
        Assert.Equal(2, second);
        _scene.Later(30);
        var voucher = await _scene.Scans.IssueAsync();
        device.CheckpointMs = 0;
        var scan = device.Scan(ScanMode.Enrol, training, voucher);
        _scene.Later(30);
        await device.ComeBackAsync();
        await _scene.SettleAsync();

        Assert.Null(await _scene.FaultAsync(device));
        Assert.Equal(VoucherState.Enrolled, (await _scene.StateAsync(voucher)).State);
        // Not closed in by the receipt of the revoked key, only by the pairing before it.
        Assert.True(await _scene.AskAsync<bool>(
            "select s.from_at <= t.paired_at from offline_scan s join terminal t on t.id = s.terminal_id where s.scan_id = @EntryId", new { scan.EntryId }));
        Assert.True(receipt.Sequence < scan.Sequence);
    }
}
